"""The form behind *Place*: as what, where, and from when an export is shown."""

import json

from bot.placements import LONGEST_LINK, LONGEST_TITLE, Placeable, PlacementForm, place
from handlers.cards._parts import Json, context, plain, safe
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from storage.models import Use

CALLBACK = "placement_form"


def empty(found: Placeable) -> Json:
    """Make the form for one export."""
    uses = [(each.value[:1].upper() + each.value[1:], each.value) for each in Use]
    warned = [context(f":no_entry: {found.warning}")] if found.warning else []
    blocks: list[Json] = [
        context(f"*{found.label}*  ·  {safe(found.scene.title)}", f"`{found.export.path}`"),
        *warned,
        choice("use", "Used as", uses, value=Use.SOCIAL_CUTDOWN.value),
        text("title", "Where", most=LONGEST_TITLE, placeholder="Launch teaser on the home page"),
        text("url", "Public link", most=LONGEST_LINK, optional=True,
             placeholder="https://example.com/launch"),
        _day("placed_on", "Shown from", found.today.isoformat()),
        _day("ended_on", "Not shown any more from", "", optional=True),
    ]  # fmt: skip
    meta = json.dumps({"export": found.export.id})
    title = f"Place {found.export.code}"
    return modal(CALLBACK, title, blocks, submit="Place", private_metadata=meta)


def _day(block_id: str, label: str, value: str, *, optional: bool = False) -> Json:
    element: Json = {"type": "datepicker", "action_id": "value"}
    if value:
        element["initial_date"] = value
    return {
        "type": "input", "block_id": block_id, "label": plain(label), "element": element,
        "optional": optional,
    }  # fmt: skip


async def send(sent: Submission, house: House) -> None:
    """Place it."""
    names = ("use", "title", "url", "placed_on", "ended_on")
    form = PlacementForm(**{name: sent.text(name) for name in names})
    export_id = json.loads(sent.meta)["export"]
    await place(house.studio, sent.actor, export_id, form, key=sent.key)
