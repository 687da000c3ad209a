"""The form that opens a scene: intent first."""

import json
from typing import Any

from bot.scenes import RATIOS, SceneForm, change_scene, open_scene
from handlers.cards._parts import Json, context, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from handlers.views.draft import form_of
from storage import drafts

CALLBACK = "scene_form"
_WRITTEN = (
    "title", "purpose", "change", "feeling", "must_carry", "must_not_show",
    "constraints", "brief", "action", "framing", "camera",
)  # fmt: skip


def loading() -> Json:
    """Show that the thread is being read; Slack's trigger does not wait for it."""
    return modal(CALLBACK, "Make a scene", [section("Reading the thread …")])


def failed(why: str) -> Json:
    """Show why the thread could not be read."""
    return modal(CALLBACK, "Make a scene", [section(f":warning: {why}")])


def filled(
    form: SceneForm, channel_id: str, *, draft_id: str = "", kept: str = "", scene_id: str = ""
) -> Json:
    """Make the form with what is known; `kept` says what did not fit its fields.

    With a `scene_id` it corrects that scene instead of opening one.
    """
    blocks = [
        text("title", "Title", form.title, most=150),
        text("purpose", "Purpose", form.purpose, lines=True,
             hint="What this scene is for. No intent, no order."),
        text("change", "What changes", form.change, lines=True, optional=True,
             hint="For the character, between its first frame and its last."),
        text("feeling", "The audience should feel", form.feeling, optional=True),
        text("must_carry", "Must carry", form.must_carry, lines=True, optional=True),
        text("must_not_show", "Must not show", form.must_not_show, lines=True, optional=True),
        text("constraints", "Constraints", form.constraints, lines=True, optional=True,
             hint="Rights, brand, safety, disclosure: one a line."),
        text("action", "Action", form.action, lines=True, optional=True,
             hint="What happens in the first shot."),
        text("framing", "Framing", form.framing, optional=True),
        text("camera", "Camera", form.camera, optional=True,
             placeholder="slow push in, pan left, static …"),
        text("seconds", "Seconds", f"{form.seconds:g}", most=5),
        choice("ratio", "Ratio", [(ratio, ratio) for ratio in RATIOS], value=form.ratio),
        text("brief", "Brief", form.brief, lines=True, optional=True,
             hint="Everything else that was said."),
    ]  # fmt: skip
    if kept:
        blocks.insert(0, context(kept))
    meta = json.dumps({"channel": channel_id, "draft": draft_id, "scene": scene_id})
    title, submit = ("Edit the scene", "Save") if scene_id else ("New scene", "Open the scene")
    return modal(CALLBACK, title, blocks, submit=submit, private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Open the scene, or correct it."""
    meta = json.loads(sent.meta)
    seconds = _seconds(sent.text("seconds"))
    written: dict[str, Any] = {name: sent.text(name) for name in _WRITTEN}
    form = SceneForm(**written, seconds=seconds, ratio=sent.text("ratio") or "16:9")
    if meta.get("scene"):
        await change_scene(house.studio, sent.actor, form, scene_id=meta["scene"], key=sent.key)
        return
    if meta["draft"]:
        async with house.studio.db.read() as session:
            draft = await drafts.get(session, sent.actor.workspace_id, meta["draft"])
        form = form_of(form, draft or {})
    await open_scene(house.studio, sent.actor, form, channel_id=meta["channel"], key=sent.key)


def _seconds(typed: str) -> float:
    try:
        return float(typed.replace(",", ".").removesuffix("s"))
    except ValueError:
        return -1
