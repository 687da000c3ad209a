"""The form of a sequence: what it does for the story, and what holds for its scenes."""

import json
from collections.abc import Iterator

from bot.sequences import (
    LONGEST_TITLE,
    SequenceForm,
    Standing,
    change_sequence,
    open_sequence,
)
from handlers.cards._parts import Json, context
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text

CALLBACK = "sequence_form"
_NOTHING = "none"
_OFFERED = 99
"""As many as Slack takes in a menu, beside nothing."""


def filled(standing: Standing, channel_id: str) -> Json:
    """Make the form as the sequence stands."""
    form = standing.form
    blocks = [
        text("title", "Title", form.title, most=LONGEST_TITLE, placeholder="The way home"),
        text("story_job", "Story job", form.story_job, lines=True, optional=True,
             hint="What the sequence does for the story."),
        text("visual_rules", "Visual rules", form.visual_rules, lines=True, optional=True,
             hint="Light, lens, palette: what all its shots share."),
        text("feeling", "The audience should feel", form.feeling, optional=True),
        text("must_carry", "Must carry", form.must_carry, lines=True, optional=True),
        text("must_not_show", "Must not show", form.must_not_show, lines=True, optional=True),
        text("constraints", "Constraints", form.constraints, lines=True, optional=True,
             hint="One a line, beginning with Rights, Brand, Safety or Disclosure. "
             "[ask] has it confirmed at the order, [block at export] stops there; "
             "(source: …) at its end."),
        *_inherits(standing),
        context("A scene says only what is different in it; a scene that departs says why."),
    ]  # fmt: skip
    meta = json.dumps({"channel": channel_id, "code": standing.code})
    title = f"Sequence {standing.code}" if standing.code else "New sequence"
    submit = "Save" if standing.code else "Open"
    return modal(CALLBACK, title, blocks, submit=submit, private_metadata=meta)


def _inherits(standing: Standing) -> Iterator[Json]:
    if not standing.others:
        return
    pairs = [(f"{each.code} {each.title}".strip(), each.code) for each in standing.others]
    chosen = standing.form.inherits
    kept = [pair for pair in pairs[:-_OFFERED] if pair[1] == chosen]
    offered = [("Nothing", _NOTHING), *kept, *pairs[-_OFFERED + len(kept) :]]
    hint = "What that sequence says holds here too, where this one is silent."
    yield choice("inherits", "Inherits from", offered, value=chosen or _NOTHING, hint=hint)


async def send(sent: Submission, house: House) -> None:
    """Open the sequence, or correct it."""
    meta = json.loads(sent.meta)
    chosen = sent.text("inherits")
    form = SequenceForm(
        title=sent.text("title"),
        story_job=sent.text("story_job"),
        visual_rules=sent.text("visual_rules"),
        feeling=sent.text("feeling"),
        must_carry=sent.text("must_carry"),
        must_not_show=sent.text("must_not_show"),
        constraints=sent.text("constraints"),
        inherits="" if chosen == _NOTHING else chosen,
    )
    where, code = meta["channel"], meta["code"]
    if code:
        await change_sequence(
            house.studio, sent.actor, form, channel_id=where, code=code, key=sent.key
        )
        return
    made = await open_sequence(house.studio, sent.actor, form, channel_id=where, key=sent.key)
    if made:
        told = f"{made.code} is open. `/scene new` puts a scene into it."
        house.later(house.room.whisper(where, sent.actor.user_id, told, thread_ts=None))
