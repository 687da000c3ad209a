"""Find what people wrote in a production: scenes, takes, notes, references and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.crew import production_in
from bot.errors import NotAllowed, NotNow
from bot.people import Actor
from bot.search_words import Asked, Piece, asked_in, excerpt
from bot.studio import Studio
from storage import Session, search
from storage.models import (
    Card,
    Decision,
    Note,
    Production,
    Reference,
    ReferenceStatus,
    Scene,
    Sequence,
    Setup,
    Shot,
    Take,
    TakeState,
)
from storage.search import DocumentKind, Hit, Record, Wanted

SHOWN = 10
_Place = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """A record that was found, as far as a line about it needs to know."""

    kind: DocumentKind
    code: str
    title: str
    text: str
    by: str = ""
    at: datetime | None = None
    state: TakeState | ReferenceStatus | None = None
    place: _Place | None = None
    """Channel and message where it can be seen in Slack."""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some of what was found, the newest first."""

    found: list[Found]
    asked: Asked
    more: int | None = None
    """Where the next page begins; None if this is the last."""


async def searched(
    studio: Studio, actor: Actor, channel_id: str, text: str, *, before: int | None = None
) -> Page:
    """Find what somebody typed in the production of this channel. Raises NotNow, NotAllowed.

    What the team wrote is not for people of other workspaces, though they sit in the channel.
    """
    if actor.is_external:
        raise NotAllowed("Only the team's own people may search what it wrote.")
    asked = asked_in(text)
    async with studio.db.read(long=True) as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        wanted = await _wanted(session, production, asked)
        hits = await search.find(session, production, wanted, before=before, limit=SHOWN + 1)
        found = await _Shelf(session, production.workspace_id).found(hits[:SHOWN])
    shown = [replace(each, pieces=tuple(excerpt(each.text, asked.terms))) for each in found]
    return Page(shown, asked, hits[SHOWN - 1].seq if len(hits) > SHOWN else None)


async def _wanted(session: Session, production: Production, asked: Asked) -> Wanted:
    people = [await _person(session, production.workspace_id, each) for each in asked.by]
    filters = {
        "k": asked.kinds, "s": asked.states, "e": asked.engines, "f": asked.families,
        "u": tuple(people),
    }  # fmt: skip
    day = timedelta(days=1)
    return Wanted(
        terms=asked.terms,
        filters={letter: values for letter, values in filters.items() if values},
        since=_midnight(asked.since, production) if asked.since else None,
        until=_midnight(asked.until + day, production) if asked.until else None,
    )


def _midnight(day: date, production: Production) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(production.zone))


async def _person(session: Session, workspace_id: str, typed: str) -> str:
    """Give the user id behind what was typed: Slack's own, or a name."""
    name = typed.removeprefix("@")
    known = await search.called(session, workspace_id, name)
    if len(known) == 1:
        return known[0].user_id
    if known:
        raise NotNow(
            f"Several people are called {name[:40]}; choose one of Slack's list at `by:@`."
        )
    if name[:1] in {"U", "W"} and name.isupper() and name.isalnum():
        return name
    raise NotNow(f"Nobody here is known as {name[:40]}; choose somebody of Slack's list at `by:@`.")


class _Shelf:
    """Fetches the records behind hits, each kind at once."""

    def __init__(self, session: Session, workspace_id: str) -> None:
        self._session, self._workspace_id = session, workspace_id

    async def _of(self, model: type[Record], ids: Iterable[str]) -> dict[str, Record]:
        return await search.records(self._session, model, self._workspace_id, set(ids))

    async def found(self, hits: list[Hit]) -> list[Found]:
        """Give what is behind each hit, in their order; what is gone meanwhile is left out."""
        by_kind = {kind: [each.subject_id for each in hits if each.kind is kind] for kind in _READ}
        told: dict[tuple[DocumentKind, str], Found] = {}
        for kind, ids in by_kind.items():
            if ids:
                read = await _READ[kind](self, ids)
                told |= {(kind, subject_id): found for subject_id, found in read.items()}
        keys = [(each.kind, each.subject_id) for each in hits]
        return [told[key] for key in keys if key in told]

    async def _places(self, ids: Iterable[str]) -> dict[str, _Place]:
        posted: list[Card] = await search.posted(self._session, self._workspace_id, set(ids))
        return {each.subject_id: (each.channel_id, each.message_ts or "") for each in posted}

    async def scenes(self, ids: list[str]) -> dict[str, Found]:
        return {
            one.id: Found(
                DocumentKind.SCENE, one.code, one.title,
                _texts(one.purpose, one.change, one.feeling, one.must_carry, one.must_not_show,
                       one.constraints, one.brief, one.overrides),
                one.opened_by, one.opened_at, place=_thread(one),
            )
            for one in (await self._of(Scene, ids)).values()
        }  # fmt: skip

    async def sequences(self, ids: list[str]) -> dict[str, Found]:
        return {
            one.id: Found(
                DocumentKind.SEQUENCE, one.code, one.title,
                _texts(one.story_job, one.visual_rules, one.feeling, one.must_carry,
                       one.must_not_show, one.constraints),
            )
            for one in (await self._of(Sequence, ids)).values()
        }  # fmt: skip

    async def takes(self, ids: list[str]) -> dict[str, Found]:
        made = await self._of(Take, ids)
        setups = await self._of(Setup, (one.setup_id for one in made.values()))
        known = await self._labels(made)
        return {
            one.id: Found(
                DocumentKind.TAKE, *known[one.id][:2],
                _texts(setups[one.setup_id].prompt, setups[one.setup_id].family),
                one.ordered_by, one.ordered_at, one.state, known[one.id][2],
            )
            for one in made.values()
        }  # fmt: skip

    async def _labels(self, made: dict[str, Take]) -> dict[str, tuple[str, str, _Place | None]]:
        """Give code, title and place of takes."""
        scenes = await self._of(Scene, (one.scene_id for one in made.values()))
        shots = await self._of(Shot, (one.shot_id for one in made.values()))
        places = await self._places(made)
        labels: dict[str, tuple[str, str, _Place | None]] = {}
        for one in made.values():
            scene = scenes[one.scene_id]
            code = f"{scene.code} {shots[one.shot_id].code} {one.code}"
            labels[one.id] = code, scene.title, places.get(one.id) or _thread(scene)
        return labels

    async def notes(self, ids: list[str]) -> dict[str, Found]:
        notes = await self._of(Note, ids)
        scenes = await self._of(Scene, (one.scene_id for one in notes.values()))
        return {
            one.id: Found(
                DocumentKind.NOTE, (scene := scenes[one.scene_id]).code, scene.title, one.text,
                one.by, one.at, place=_thread(scene),
            )
            for one in notes.values()
        }  # fmt: skip

    async def decisions(self, ids: list[str]) -> dict[str, Found]:
        said = await self._of(Decision, ids)
        made = await self._of(Take, (one.take_id for one in said.values()))
        known = await self._labels(made)
        return {
            one.id: Found(
                DocumentKind.DECISION, *known[one.take_id][:2],
                ": ".join(each for each in (one.reason or "", one.note) if each),
                one.by, one.at, made[one.take_id].state, known[one.take_id][2],
            )
            for one in said.values()
        }  # fmt: skip

    async def references(self, ids: list[str]) -> dict[str, Found]:
        assets = await self._of(Reference, ids)
        versions = await search.version_notes(self._session, self._workspace_id, set(assets))
        notes: dict[str, list[str]] = {}
        for each in versions:
            notes.setdefault(each.reference_id, []).append(each.note)
        places = await self._places(assets)
        return {
            one.id: Found(
                DocumentKind.REFERENCE, one.code, one.title,
                _texts(*one.fields.values(), *notes.get(one.id, [])),
                one.proposed_by, one.proposed_at, one.status, places.get(one.id),
            )
            for one in assets.values()
        }  # fmt: skip


_READ = {
    DocumentKind.SCENE: _Shelf.scenes,
    DocumentKind.SEQUENCE: _Shelf.sequences,
    DocumentKind.TAKE: _Shelf.takes,
    DocumentKind.NOTE: _Shelf.notes,
    DocumentKind.DECISION: _Shelf.decisions,
    DocumentKind.REFERENCE: _Shelf.references,
}


def _texts(*texts: str) -> str:
    return "  ·  ".join(" ".join(text.split()) for text in texts if text.strip())


def _thread(scene: Scene) -> _Place | None:
    return (scene.channel_id, scene.thread_ts) if scene.thread_ts else None
