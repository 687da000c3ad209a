"""The form behind Restrict, Retire and Back to proposed: the reason, which all of them need."""

import json

from bot.governed import named
from bot.reference_status import Seen, change
from handlers.cards._parts import Json, context, safe
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import modal, text
from storage.models import Reference, ReferenceStatus

CALLBACK = "reference_status_form"
_HOLDS = "takes that were made after it wait for a producer."
_NAMED = {
    ReferenceStatus.RESTRICTED: ("Restrict", f"Nothing is ordered with it for now; {_HOLDS}"),
    ReferenceStatus.RETIRED: ("Retire", f"Nothing is ordered with it any more; {_HOLDS}"),
    ReferenceStatus.PROPOSED: ("Back to proposed", "It waits for approval again."),
    ReferenceStatus.APPROVED: ("Approve", "It can be ordered with."),
}


def empty(reference: Reference, to: ReferenceStatus, seen: Seen) -> Json:
    """Make the form for one change of one reference."""
    title, effect = _NAMED[to]
    blocks = [
        context(f"*{reference.code} · {safe(named(reference))}*: {effect}"),
        text("reason", "Reason", lines=True, placeholder="The actor has withdrawn her consent."),
    ]
    meta = json.dumps({"seen": seen.written(), "to": to.value})
    return modal(CALLBACK, title, blocks, submit=title, private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Change the status."""
    meta = json.loads(sent.meta)
    await change(
        house.studio,
        sent.actor,
        Seen.read(meta["seen"]),
        ReferenceStatus(meta["to"]),
        reason=sent.text("reason"),
        key=sent.key,
    )
