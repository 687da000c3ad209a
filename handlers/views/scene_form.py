"""The form that opens a scene: intent first."""

import json
from collections.abc import Iterator
from typing import Any

from bot.backgrounds import Background, background
from bot.intent import Told
from bot.scene_form import RATIOS, SceneForm
from bot.scenes import change_scene, open_scene
from handlers.cards._parts import Json, context, cut, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from handlers.views.draft import form_of
from storage import drafts

CALLBACK = "scene_form"
CHANGED = "scene_changed"
_INHERITED = ("change", "feeling", "must_carry", "must_not_show")
_HINT = 300
"""As much of an inherited text as stands below its field."""
_WRITTEN = (
    "title", "purpose", "change", "feeling", "must_carry", "must_not_show",
    "constraints", "overrides", "sequence", "brief", "action", "framing", "camera",
)  # fmt: skip


def loading() -> Json:
    """Show that the thread is being read; Slack's trigger does not wait for it."""
    return modal(CALLBACK, "Make a scene", [section("Reading the thread …")])


def failed(why: str) -> Json:
    """Show why the thread could not be read."""
    return modal(CALLBACK, "Make a scene", [section(f":warning: {why}")])


def filled(
    form: SceneForm, channel_id: str, back: Background, *, draft_id: str = "", kept: str = "",
    scene_id: str = "",
) -> Json:  # fmt: skip
    """Make the form with what is known; `kept` says what did not fit its fields.

    With a `scene_id` it corrects that scene instead of opening one.
    """
    above = {name: _above(back.inherited.told(name)) for name in _INHERITED}
    inherits = any(back.inherited.told(name).text for name in _INHERITED)
    blocks = [
        *_sequence(form, back),
        text("title", "Title", form.title, most=150),
        text("purpose", "Purpose", form.purpose, lines=True,
             hint="What this scene is for. No intent, no order."),
        text("change", "What changes", form.change, lines=True, optional=True,
             hint=above["change"] or "For the character, between its first frame and its last."),
        text("feeling", "The audience should feel", form.feeling, optional=True,
             hint=above["feeling"]),
        text("must_carry", "Must carry", form.must_carry, lines=True, optional=True,
             hint=above["must_carry"]),
        text("must_not_show", "Must not show", form.must_not_show, lines=True, optional=True,
             hint=above["must_not_show"]),
        *_departure(form, inherits=inherits),
        text("constraints", "Constraints", form.constraints, lines=True, optional=True,
             hint="One a line, beginning with Rights, Brand, Safety or Disclosure. "
             "[ask] has it confirmed at the order, [block at export] stops there; "
             "(source: …) at its end."),
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


def _sequence(form: SceneForm, back: Background) -> Iterator[Json]:
    if len(back.sequences) > 1:
        pairs = [(f"{each.code} {each.title}".strip(), each.code) for each in back.sequences]
        value = form.sequence or back.sequences[0].code
        yield choice("sequence", "Sequence", pairs, value=value, action=CHANGED, dispatch=True)


def _departure(form: SceneForm, *, inherits: bool) -> Iterator[Json]:
    if inherits or form.overrides:
        hint = "Needed where a field says something else than what it inherits."
        yield text("overrides", "Why it differs", form.overrides, lines=True, optional=True,
                   hint=hint)  # fmt: skip


def _above(told: Told) -> str:
    """Say what holds if a field is left empty."""
    return f"Empty: as {told.level} says, {cut(told.text, _HINT)}" if told.text else ""


async def changed(sent: Submission, house: House) -> Json:
    """Draw the form again for another sequence, with what was typed so far."""
    meta = json.loads(sent.meta)
    form = _form_in(sent)
    back = await background(
        house.studio, sent.actor.workspace_id, meta["channel"], code=form.sequence
    )
    return filled(form, meta["channel"], back, draft_id=meta["draft"], scene_id=meta["scene"])


def _form_in(sent: Submission) -> SceneForm:
    written: dict[str, Any] = {name: sent.text(name) for name in _WRITTEN}
    ratio = sent.text("ratio") or "16:9"
    return SceneForm(**written, seconds=seconds_in(sent.text("seconds")), ratio=ratio)


async def send(sent: Submission, house: House) -> None:
    """Open the scene, or correct it."""
    meta = json.loads(sent.meta)
    form = _form_in(sent)
    if meta.get("scene"):
        await change_scene(house.studio, sent.actor, form, scene_id=meta["scene"], key=sent.key)
        return
    if meta["draft"]:
        async with house.studio.db.read() as session:
            draft = await drafts.get(session, sent.actor.workspace_id, meta["draft"])
        form = form_of(form, draft or {})
    await open_scene(house.studio, sent.actor, form, channel_id=meta["channel"], key=sent.key)


def seconds_in(typed: str) -> float:
    """Read a length in seconds; what is none becomes one that no shot has."""
    try:
        return float(typed.replace(",", ".").removesuffix("s"))
    except ValueError:
        return -1
