"""The form behind *Withdraw*: what it would touch, then the reason."""

import json

from bot.graph import Impact
from bot.reference_status import Seen
from bot.withdrawals import withdraw
from handlers.cards._parts import Json
from handlers.cards.impact import impact_blocks
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import modal, text

CALLBACK = "withdraw_form"


def filled(impact: Impact) -> Json:
    """Make the form for one reference as it stands."""
    reference = impact.reference
    reason = text(
        "reason", "Reason", lines=True, placeholder="The actor has withdrawn her consent.",
        hint="Kept with the reference; the log holds only a commitment to it.",
    )  # fmt: skip
    meta = json.dumps({"seen": Seen.of(reference).written()})
    return modal(
        CALLBACK, f"Withdraw {reference.code}", [*impact_blocks(impact), reason],
        submit="Withdraw", private_metadata=meta,
    )  # fmt: skip


async def send(sent: Submission, house: House) -> None:
    """Withdraw it."""
    seen = Seen.read(json.loads(sent.meta)["seen"])
    await withdraw(house.studio, sent.actor, seen, reason=sent.text("reason"), key=sent.key)
