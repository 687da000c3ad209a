"""The form behind Retake, Reject and Approve with a note: the reason and the note."""

import json

from bot.review import Press, decide
from handlers.cards._parts import Json, context
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from storage.models import Reason, Stage, Take, Verdict

CALLBACK = "decision_form"
_TITLE = {
    Verdict.APPROVE: ("Approve", "Approve"),
    Verdict.RETAKE: ("Ask for a retake", "Ask for a retake"),
    Verdict.REJECT: ("Reject", "Reject"),
}
_CLIENT_TITLE = _TITLE | {Verdict.RETAKE: ("Ask for changes", "Ask for changes")}


def empty(take: Take, verdict: Verdict, *, stage: Stage) -> Json:
    """Make the form for one verdict on one take."""
    titles = _CLIENT_TITLE if stage is Stage.CLIENT else _TITLE
    title, submit = titles[verdict]
    blocks: list[Json] = []
    if verdict is not Verdict.APPROVE:
        reasons = [(reason.value.capitalize(), reason.value) for reason in Reason]
        blocks.append(choice("reason", "Reason", reasons))
    blocks.append(
        text("note", "Note", lines=True, optional=verdict is not Verdict.APPROVE,
             placeholder="What should be different?")
    )  # fmt: skip
    blocks.append(context(f"Decides on {take.code}, exactly these bytes: `{take.sha256}`"))
    meta = json.dumps({"take": take.id, "verdict": verdict.value, "stage": stage.value})
    return modal(CALLBACK, title, blocks, submit=submit, private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Decide."""
    meta = json.loads(sent.meta)
    reason = sent.text("reason")
    press = Press(
        take_id=meta["take"],
        verdict=Verdict(meta["verdict"]),
        stage=Stage(meta["stage"]),
        key=sent.key,
        reason=Reason(reason) if reason else None,
        note=sent.text("note"),
    )
    await decide(house.studio, sent.actor, press)
