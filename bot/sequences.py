"""Sequences of scenes: what one says holds for each of its scenes that is silent."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from bot import board, log
from bot.backgrounds import sequence_meant
from bot.constraint_lines import read
from bot.crew import Power, must, production_in
from bot.errors import BadForm, NotNow
from bot.intent import lineage_of
from bot.people import Actor
from bot.scene_form import LONGEST
from bot.studio import Studio
from storage import Session, deliveries, scenes, sequences
from storage.models import Production, Scene, Sequence

LONGEST_TITLE = 150
_SHOWN = 3
_MOST = 1000
"""The newest scenes that a list knows of."""


@dataclass(frozen=True)
class SequenceForm:
    """What somebody filled in about a sequence."""

    title: str
    story_job: str = ""
    visual_rules: str = ""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    constraints: str = ""
    inherits: str = ""
    """The code of another sequence, or nothing."""


TEXTS = tuple(each.name for each in fields(SequenceForm) if each.name != "inherits")


@dataclass(frozen=True)
class Standing:
    """A sequence's form as it stands, for somebody who may change it."""

    form: SequenceForm
    code: str
    """Empty for one that is not opened yet."""
    others: list[Sequence]
    """What it may inherit from."""


@dataclass(frozen=True)
class Listed:
    """A sequence, those it inherits from, and its scenes."""

    sequence: Sequence
    inherits: str
    scenes: list[Scene]


async def listed(studio: Studio, actor: Actor, channel_id: str) -> tuple[Production, list[Listed]]:
    """Give a production's sequences in order, each with its scenes."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        every = await sequences.every(session, production)
        newest = await scenes.of_production(session, production, last=_MOST)
    codes = {each.id: each.code for each in every}
    of: dict[str, list[Scene]] = {each.id: [] for each in every}
    for scene in reversed(newest):
        of[scene.sequence_id].append(scene)
    rows = [Listed(each, codes.get(each.inherits_id or "", ""), of[each.id]) for each in every]
    return production, rows


async def may_write(studio: Studio, actor: Actor, channel_id: str, code: str) -> Standing:
    """Give a sequence's form, or without a code an empty one. Raises NotAllowed or NotNow."""
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SCENE, actor, production=production)
        every = await sequences.every(session, production)
        if not code:
            return Standing(SequenceForm(""), "", every)
        found = await _meant(session, production, code)
    others = [each for each in every if each.id != found.id]
    return Standing(standing_form(found, every), found.code, others)


async def _meant(session: Session, production: Production, code: str) -> Sequence:
    found = await sequence_meant(session, production, code)
    if found is None:
        told = f"There is no sequence {code[:20]} here. `/scene sequence` lists those there are."
        raise NotNow(told)
    return found


def standing_form(sequence: Sequence, every: Iterable[Sequence]) -> SequenceForm:
    """Give a sequence as it was filled in."""
    codes = {each.id: each.code for each in every}
    texts = {name: getattr(sequence, name) for name in TEXTS}
    return SequenceForm(**texts, inherits=codes.get(sequence.inherits_id or "", ""))


def problems_in(form: SequenceForm) -> dict[str, str]:
    """Give a sentence for each field that cannot be taken as it is."""
    problems = {
        name: f"At most {LONGEST:,} characters fit here; this has {len(text):,}."
        for name in TEXTS
        if len(text := str(getattr(form, name))) > LONGEST
    }
    if not form.title.strip():
        problems["title"] = "Give the sequence a title."
    if len(form.title) > LONGEST_TITLE:
        most = f"A title has at most {LONGEST_TITLE} characters"
        problems["title"] = f"{most}; this one has {len(form.title):,}."
    _, unread = read(form.constraints, "")
    if unread:
        problems["constraints"] = " ".join(unread[:_SHOWN])
    return problems


async def open_sequence(
    studio: Studio, actor: Actor, form: SequenceForm, *, channel_id: str, key: str
) -> Sequence | None:
    """Open a sequence behind the last; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, NotAllowed, or NotNow without a production.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SCENE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await scenes.hold(session, production)
        sequence = Sequence(
            workspace_id=production.workspace_id,
            production_id=production.id,
            number=await sequences.next_number(session, production),
            salt=log.new_salt(),
        )
        every = await sequences.every(session, production)
        await _fill_in(session, sequence, form, every)
        said = [name for name in TEXTS if getattr(form, name)]
        await _record(session, "sequence.opened", sequence, said, actor=actor, at=now)
    return sequence


async def change_sequence(
    studio: Studio, actor: Actor, form: SequenceForm, *, channel_id: str, code: str, key: str
) -> None:
    """Correct a sequence, once, and show it on its scenes and on those of its heirs.

    Raises BadForm with a sentence per field, NotAllowed or NotNow.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SCENE, actor, production=production)
        await scenes.hold(session, production)
        sequence = await _meant(session, production, code)
        every = await sequences.every(session, production)
        changed = _changed(standing_form(sequence, every), form)
        if not changed or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        sequence.salt = sequence.salt or log.new_salt()
        await _fill_in(session, sequence, form, every)
        await _redraw(session, sequence, every, at=now)
        await _record(session, "sequence.changed", sequence, changed, actor=actor, at=now)
    studio.bell.ring()


def _changed(standing: SequenceForm, form: SequenceForm) -> list[str]:
    names = (each.name for each in fields(SequenceForm))
    return [name for name in names if getattr(form, name) != getattr(standing, name)]


async def _fill_in(
    session: Session, sequence: Sequence, form: SequenceForm, every: list[Sequence]
) -> None:
    for name in TEXTS:
        setattr(sequence, name, getattr(form, name).strip())
    sequence.inherits_id = _inherited(form, every)
    try:
        lineage_of(sequence, {each.id: each for each in every} | {sequence.id: sequence})
    except NotNow as circle:
        raise BadForm({"inherits": str(circle)}) from circle
    session.add(sequence)
    await session.flush()


def _inherited(form: SequenceForm, every: list[Sequence]) -> str | None:
    if not form.inherits:
        return None
    found = next((each for each in every if each.code == form.inherits), None)
    if found is None:
        raise BadForm({"inherits": f"There is no sequence {form.inherits[:20]} to inherit from."})
    return found.id


async def _redraw(
    session: Session, sequence: Sequence, every: list[Sequence], *, at: datetime
) -> None:
    """Ask for the cards of every scene that this sequence says something to."""
    by_id = {each.id: each for each in every}
    heirs = [each for each in every if sequence.id in {one.id for one in lineage_of(each, by_id)}]
    for each in heirs:
        for scene in await sequences.scenes_of(session, each):
            await board.show_scene(session, scene, at=at)


async def _record(
    session: Session,
    kind: str,
    sequence: Sequence,
    changed: list[str],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    texts = {name: str(getattr(sequence, name)) for name in changed if name in TEXTS}
    await log.record(
        session, kind, workspace_id=sequence.workspace_id, actor=actor, at=at,
        about=log.About(sequence.production_id),
        facts={
            "code": sequence.code,
            "sequence": sequence.id,
            "fields": ", ".join(name.replace("_", " ") for name in changed),
            "now": {name: log.commitment(text, sequence.salt) for name, text in texts.items()},
            "inherits": sequence.inherits_id,
        },
    )  # fmt: skip
