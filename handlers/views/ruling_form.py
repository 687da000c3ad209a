"""The form behind *Decide…*: the takes that one cause holds stand, or are pulled."""

import json

from bot.governed import named
from bot.rights import told
from bot.rulings import Outcome, Wish, rule
from bot.scene_form import LONGEST
from bot.views import HoldView
from handlers.cards._parts import STATE, Json, context, safe, section
from handlers.cards.hold import held_told
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, several, text
from storage.held import HeldTake
from storage.models import Ruling

CALLBACK = "ruling_form"
_RULINGS = [
    ("It stands: it may be approved and exported as it is", Ruling.STANDS.value),
    ("Pull it: an approval is withdrawn, and none can be given", Ruling.PULLED.value),
]


def empty(view: HoldView, channel_id: str) -> Json:
    """Make the form for what one cause holds, circle takes first."""
    blocks = [
        section(f"*{safe(named(view.reference))}* ({view.reference.code}): {told(view.standing)}.\n"
                f"{held_told(view)}"),
        choice("ruling", "Decision", _RULINGS),
        *_which(view),
        text("reason", "Why", lines=True, most=LONGEST),
        context("Your decision and your role are in the log of every take, the reason as a seal."),
    ]  # fmt: skip
    meta = json.dumps({"about": view.key, "channel": channel_id})
    return modal(CALLBACK, "Takes on hold", blocks, submit="Decide", private_metadata=meta)


def _which(view: HoldView) -> list[Json]:
    """Let takes be chosen where there are several."""
    offered = [(_label(each), each.take.id) for each in view.waiting]
    if len(offered) <= 1:
        return []
    hint = f"Choose some, or leave it empty to decide about all {view.counts.get(None, 0)}."
    return [several("takes", "Takes", offered, optional=True, hint=hint)]


def _label(each: HeldTake) -> str:
    return f"{each.label} · {STATE[each.take.state].lower()} · {each.scene.title}"


async def send(sent: Submission, house: House) -> None:
    """Decide, and say what was done; beyond a hundred takes the rest follows at once."""
    meta = json.loads(sent.meta)
    wish = Wish(
        about=meta["about"],
        ruling=Ruling(sent.text("ruling")),
        reason=sent.text("reason"),
        take_ids=frozenset(sent.ids("takes")),
    )
    outcome = await rule(house.studio, sent.actor, wish, key=sent.key)
    if outcome:
        house.later(_rest(sent, house, wish, outcome, channel_id=meta["channel"]))


async def _rest(
    sent: Submission, house: House, wish: Wish, outcome: Outcome, *, channel_id: str
) -> None:
    """Go on with what waits; if we stop in between, it waits on for whoever decides next."""
    ruled, turn = outcome.ruled, 0
    while outcome.left and not wish.take_ids:
        turn += 1
        more = await rule(house.studio, sent.actor, wish, key=f"{sent.key}:{turn}")
        if more is None:
            return
        ruled, outcome = ruled + more.ruled, more
    said = f"{ruled} take{'s' * (ruled != 1)} decided: {_SAID[wish.ruling]}."
    await house.room.whisper(channel_id, sent.actor.user_id, said, thread_ts=None)


_SAID = {Ruling.STANDS: "as it is, it stands", Ruling.PULLED: "pulled"}
