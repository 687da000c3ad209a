"""Fills a database as if many teams had worked for two years: a million takes, in minutes.

The same size gives the same rows. Words follow Zipf's law: some stand in every third prompt, most
in a handful. References 1 to 10 are used by exactly `KNOWN_USES` takes each, however many takes
there are; the others share the rest unevenly.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from storage.models import (
    Casting,
    CrewMember,
    Decision,
    Export,
    Note,
    Person,
    Placement,
    Production,
    Reference,
    ReferenceUse,
    ReferenceVersion,
    Scene,
    Sequence,
    Setup,
    Shot,
    Take,
)
from tests.bench._sheets import Sheet, write, written

WORKSPACE, PRODUCTION, CHANNEL = "T0MILLION", "million", "C0MILLION"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SPAN = timedelta(days=730)
KNOWN, KNOWN_USES = 10, 200
TAKES_A_SETUP, TAKES_A_SCENE, SCENES_A_SEQUENCE = 4, 50, 25
ENGINES = ("runway", "luma", "veo", "firefly", "openai_videos", "comfyui")
FAMILIES = tuple(f"family {number}" for number in range(60))
PEOPLE = tuple(f"U0PERSON{number:03d}" for number in range(40))
PRODUCERS = PEOPLE[:4]
STATES = (
    *("approved",) * 3,
    *("superseded",) * 2,
    *("retake",) * 5,
    *("rejected",) * 8,
    "failed",
)
_WAITING = 40
_KINDS = ("character", "location", "object", "brand", "style")
_SAID = {"approved": "approve", "superseded": "approve", "retake": "retake", "rejected": "reject"}
_OFTEN = """
    the a of light with slow camera rooftop night rain neon mira walks edge city lift door hand face
    close wide dolly pan lens shallow warm cold blue amber glass steel street crowd train window
    morning fog dust smoke golden hour coat red scarf bottle label logo turns looks away runs jumps
    falls opens hero product table kitchen forest river bridge tunnel station
"""
_SYLLABLES = ("ba", "ko", "ri", "ten", "mul", "sar", "vo", "lin", "dra", "pe", "chi", "zo", "nar")
_HERE: dict[str, Any] = {"workspace_id": WORKSPACE}
_OURS: dict[str, Any] = {"workspace_id": WORKSPACE, "production_id": PRODUCTION}
Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Filled:
    """Where to look in what was filled."""

    url: str
    workspace_id: str
    production_id: str
    takes: int
    references: int


def fill(url: str, *, takes: int = 1_000_000, references: int = 5_000) -> Filled:
    """Fill a database that has our tables and nothing in them, search included."""
    write(url, _World(takes, references).sheets())
    return Filled(url, WORKSPACE, PRODUCTION, takes, references)


def words() -> list[str]:
    """Give the vocabulary, the most frequent first."""
    rare = (a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES)
    return _OFTEN.split() + [word + end for word in rare for end in ("nt", "sk", "m", "t")]


def reference_id(number: int) -> str:
    """Give the id of a reference by its number, from 1."""
    return _id("ref", number)


def take_id(number: int) -> str:
    """Give the id of a take, counted from 0, the oldest first."""
    return _id("take", number)


def _id(kind: str, number: int) -> str:
    return f"{kind.encode().hex():0<12}{number:012x}"


def _hash(kind: str, number: int) -> str:
    return f"{kind.encode().hex():0<12}{number:052x}"


def _who(number: int) -> str:
    return PEOPLE[number % len(PEOPLE)]


class _World:
    def __init__(self, takes: int, references: int) -> None:
        self._takes, self._references = takes, references
        self._scenes = -(-takes // TAKES_A_SCENE)
        self._step = SPAN / takes
        self._words = words()
        self._frequent = list(accumulate(1 / (rank + 8) for rank in range(len(self._words))))
        self._chance = random.Random(1)

    def _text(self, fewest: int, most: int) -> str:
        count = self._chance.randint(fewest, most)
        return " ".join(self._chance.choices(self._words, cum_weights=self._frequent, k=count))

    def _at(self, take: int, *, hours: int = 0) -> str:
        return written(NOW - SPAN + self._step * take + timedelta(hours=hours))

    def _state(self, take: int) -> str:
        is_new = take >= self._takes - _WAITING
        return "waiting" if is_new else STATES[take * 7 % len(STATES)]

    def sheets(self) -> Iterator[Sheet]:
        """Give every table's rows, those that others refer to first."""
        like = {"name": "Aurora", "channel_id": CHANNEL, "opened_by": _who(0), "opened_at": NOW}
        yield Sheet(Production, {**_HERE, **like}, "id", [(PRODUCTION,)])
        crew = list(enumerate(PEOPLE))
        people = [(_id("who", n), each, f"Person {n}") for n, each in crew]
        yield Sheet(Person, {**_HERE, "team_id": WORKSPACE}, "id user_id name", people)
        roles = [(each, "producer" if each in PRODUCERS else "editor") for each in PEOPLE]
        yield Sheet(CrewMember, _OURS, "user_id role", roles)
        yield from self._planned()
        yield from self._referenced()
        yield Sheet(
            Setup, {**_HERE, "body": "{}"}, "id sha256 engine prompt family", self._setups()
        )
        yield self._made()
        used = {**_HERE, "version": 1}
        yield Sheet(ReferenceUse, used, "take_id reference_id sha256 setup_id", self._uses())
        yield from self._said()
        yield from self._delivered()

    def _planned(self) -> Iterator[Sheet]:
        yield Sheet(Sequence, _OURS, "id number title story_job", self._sequences())
        varying = """id sequence_id number title purpose feeling must_carry thread_ts opened_by
            opened_at"""
        yield Sheet(Scene, {**_OURS, "channel_id": CHANNEL}, varying, self._opened())
        shots = ((_id("shot", n), _id("scene", n), self._text(4, 9)) for n in range(self._scenes))
        like = {**_HERE, "number": 10, "takes_made": TAKES_A_SCENE}
        yield Sheet(Shot, like, "id scene_id action", shots)

    def _sequences(self) -> Rows:
        for n in range(-(-self._scenes // SCENES_A_SEQUENCE)):
            yield _id("seq", n), 10 * (n + 1), self._text(2, 4), self._text(6, 12)

    def _opened(self) -> Rows:
        for n in range(self._scenes):
            where = _id("scene", n), _id("seq", n // SCENES_A_SEQUENCE), 10 * (n + 1)
            intent = self._text(2, 5), self._text(6, 14), self._text(2, 5), self._text(3, 8)
            yield *where, *intent, f"{1700000000 + n}.000100", _who(n), self._at(n * TAKES_A_SCENE)

    def _referenced(self) -> Iterator[Sheet]:
        varying = "id number kind title fields proposed_by proposed_at"
        yield Sheet(Reference, {**_OURS, "status": "approved"}, varying, self._assets())
        numbers = range(1, self._references + 1)
        notes = ((_id("vers", n), reference_id(n), self._text(3, 8)) for n in numbers)
        like = {**_HERE, "number": 1, "made_by": _who(0), "made_at": NOW}
        yield Sheet(ReferenceVersion, like, "id reference_id note", notes)
        cast = ((_id("scene", n), reference_id(1 + n % self._references)) for n in self._every(1))
        yield Sheet(Casting, _HERE, "scene_id reference_id", cast)

    def _every(self, step: int) -> range:
        return range(0, self._scenes, step)

    def _assets(self) -> Rows:
        for n in range(1, self._references + 1):
            fields = f'{{"look": "{self._text(5, 15)}"}}'
            since = self._at(self._takes * n // self._references // 2)
            yield reference_id(n), n, _KINDS[n % 5], self._text(2, 4), fields, _who(n), since

    def _setups(self) -> Rows:
        for n in range(-(-self._takes // TAKES_A_SETUP)):
            engine, family = ENGINES[n % len(ENGINES)], FAMILIES[self._chance.randrange(60)]
            yield _id("setup", n), _hash("setup", n), engine, self._text(20, 45), family

    def _made(self) -> Sheet:
        like = {
            "cost_cents": 60, "cost_told": True, "progress": 100, "size": 4_000_000,
            "seconds": 5.0, "width": 1280, "height": 720,
        }  # fmt: skip
        varying = """id scene_id shot_id setup_id number state engine ordered_by sha256
            ordered_at placed_at spent_at ready_at"""
        return Sheet(Take, {**_OURS, **like}, varying, self._takes_made())

    def _takes_made(self) -> Rows:
        for n in range(self._takes):
            scene, setup = n // TAKES_A_SCENE, n // TAKES_A_SETUP
            of = take_id(n), _id("scene", scene), _id("shot", scene), _id("setup", setup)
            told = 1 + n % TAKES_A_SCENE, self._state(n), ENGINES[setup % len(ENGINES)], _who(n * 3)
            at = self._at(n)
            yield *of, *told, _hash("take", n), at, at, at, at

    def _uses(self) -> Rows:
        """Give every take one reference; those of the known ones are counted out."""
        apart = max(1, self._takes // (KNOWN * KNOWN_USES))
        others = range(KNOWN + 1, self._references + 1)
        shares = list(accumulate(1 / (rank + 20) for rank in range(len(others))))
        for n in range(self._takes):
            turn, between = divmod(n, apart)
            if not between and turn < KNOWN * KNOWN_USES:
                which = 1 + turn % KNOWN
            else:
                which = self._chance.choices(others, cum_weights=shares)[0]
            setup = _id("setup", n // TAKES_A_SETUP)
            yield take_id(n), reference_id(which), _hash("ref", which), setup

    def _said(self) -> Iterator[Sheet]:
        like = {**_OURS, "stage": "team", "team_id": WORKSPACE, "role": "producer"}
        varying = "id take_id verdict reason note by sha256 at"
        yield Sheet(Decision, like, varying, self._decisions())
        yield Sheet(Note, _HERE, "id scene_id text by at", self._notes())

    def _decisions(self) -> Rows:
        for n in range(self._takes):
            verdict = _SAID.get(self._state(n))
            if verdict is None:
                continue
            reason = None if verdict == "approve" else "motion"
            note = "" if n % 3 else self._text(5, 15)
            at = self._at(n, hours=1)
            yield (
                _id("said", n),
                take_id(n),
                verdict,
                reason,
                note,
                _who(n % 4),
                _hash("take", n),
                at,
            )

    def _notes(self) -> Rows:
        for n in range(0, self._takes, 10):
            scene = _id("scene", n // TAKES_A_SCENE)
            yield _id("note", n), scene, self._text(5, 20), _who(n), self._at(n, hours=2)

    def _delivered(self) -> Iterator[Sheet]:
        chosen = [n for n in range(0, self._takes, 5) if self._state(n) == "approved"]
        like = {**_OURS, "exported_by": _who(0), "exported_at": NOW}
        exports = (
            (_id("exp", n), _id("scene", n // TAKES_A_SCENE), take_id(n), number, _hash("exp", n))
            for number, n in enumerate(chosen, 1)
        )
        yield Sheet(Export, like, "id scene_id take_id number sha256", exports)
        like = {
            **_OURS, "use": "social cutdown", "placed_on": NOW.date().isoformat(),
            "placed_by": _who(0), "placed_at": NOW,
        }  # fmt: skip
        slots = ((_id("plac", n), _id("exp", n), f"Slot {n}") for n in chosen[::2])
        yield Sheet(Placement, like, "id export_id title", slots)
