"""The form behind *It was placed: here is its id*."""

import json

from bot.settling import was_placed
from bot.views import TakeView
from handlers.cards._parts import Json, context, section
from handlers.cards.take import label
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import modal, text

CALLBACK = "settle_form"


def empty(view: TakeView) -> Json:
    """Make the form for the id of a job that somebody found."""
    console = view.engine_console
    where = f"<{console}|{view.engine_label}'s console>" if console else "the engine's own list"
    blocks: list[Json] = [
        section(f"*{label(view)}* goes on from the job you found in {where}."),
        text("job_id", "Id of the job", most=300, placeholder="As the console shows it"),
        context("Nothing is ordered: the job is looked up, and its file is fetched."),
    ]
    meta = json.dumps({"take": view.take.id})
    return modal(CALLBACK, "It was placed", blocks, submit="Go on", private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Go on with the take by the id."""
    take_id = json.loads(sent.meta)["take"]
    await was_placed(
        house.studio, sent.actor, take_id, job_id=sent.text("job_id"), key=sent.key
    )  # fmt: skip
