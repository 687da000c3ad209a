"""Who spent what on what in a production, and what is left at the engines."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from bot.budget import Purse, purse_of
from bot.crew import Power, must, production_in
from bot.people import Actor
from bot.shots import called
from bot.studio import Studio
from engines import Engine, EngineError
from storage import scenes, spending
from storage.models import Production, Scene
from storage.spending import Spent

_LISTED = 8
"""Lines of a table, and orders whose price nobody knows; the rest is summed up or counted."""
_PATIENCE = 2.0
"""Seconds that an engine has to tell what is left."""


@dataclass(frozen=True)
class Line:
    """What is spent and promised under one name, in cents; `takes` are all that were ordered."""

    name: str
    told_cents: int = 0
    """By the engines' own word."""
    table_cents: int = 0
    """By our price tables."""
    promised_cents: int = 0
    open_unknown: int = 0
    come_unknown: int = 0
    takes: int = 0

    @property
    def spent_cents(self) -> int:
        """Whatever was spent, told or not."""
        return self.told_cents + self.table_cents

    @property
    def cents(self) -> int:
        """Spent and promised together."""
        return self.spent_cents + self.promised_cents


@dataclass(frozen=True)
class Unpriced:
    """An open order whose price nobody knows."""

    label: str
    engine: str
    user_id: str


@dataclass(frozen=True)
class Account:
    """A production's money, summed up in three ways; each table has the dearest first."""

    production: Production
    purse: Purse
    total: Line
    engines: list[Line] = field(default_factory=list[Line])
    people: list[Line] = field(default_factory=list[Line])
    """Named by Slack's user ids."""
    scenes: list[Line] = field(default_factory=list[Line])
    unpriced: list[Unpriced] = field(default_factory=list[Unpriced])
    """The oldest of them."""


@dataclass(frozen=True)
class Held:
    """What an engine says is left on its account, or why it does not say."""

    engine: str
    told: str
    is_ok: bool = True


async def account_of(studio: Studio, actor: Actor, channel_id: str) -> Account:
    """Sum up a channel's production for somebody who may see it.

    Raises NotAllowed, or NotNow where there is no production or the channel is the client's.
    """
    async with studio.db.read(long=True) as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SPEND, actor, production=production)
        purse = await purse_of(session, production)
        rows = await spending.account(session, production)
        open_orders = [
            (take, scene, called(await scenes.shots(session, scene), take))
            for take, scene in await spending.unpriced(session, production, first=_LISTED)
        ]
        by_scene = _dearest(rows, lambda row: row.scene_id)
        known = await spending.scenes_of(session, production, {each.name for each in by_scene})
    return Account(
        production,
        purse,
        _summed("", rows),
        _labelled(_dearest(rows, lambda row: row.engine), studio),
        _dearest(rows, lambda row: row.user_id),
        [_titled(line, known.get(line.name)) for line in by_scene],
        [
            Unpriced(f"{scene.code} {name}", _label(studio, take.engine), take.ordered_by)
            for take, scene, name in open_orders
        ],
    )


def _dearest(rows: list[Spent], named: Callable[[Spent], str]) -> list[Line]:
    """Sum rows up by a name; what is beyond the dearest few is one line without a name."""
    groups: dict[str, list[Spent]] = {}
    for row in rows:
        groups.setdefault(named(row), []).append(row)
    lines = [_summed(name, of_name) for name, of_name in groups.items()]
    lines.sort(key=lambda line: (-line.cents, -line.takes, line.name))
    if len(lines) <= _LISTED:
        return lines
    listed = {line.name for line in lines[: _LISTED - 1]}
    rest = [row for row in rows if named(row) not in listed]
    return [*lines[: _LISTED - 1], _summed("", rest)]


def _summed(name: str, rows: Iterable[Spent]) -> Line:
    held = list(rows)
    return Line(
        name,
        told_cents=sum(row.told_cents for row in held),
        table_cents=sum(row.table_cents for row in held),
        promised_cents=sum(row.promised_cents for row in held),
        open_unknown=sum(row.open_unknown for row in held),
        come_unknown=sum(row.come_unknown for row in held),
        takes=sum(row.takes for row in held),
    )


def _labelled(lines: list[Line], studio: Studio) -> list[Line]:
    return [replace(line, name=_label(studio, line.name)) if line.name else line for line in lines]


def _titled(line: Line, scene: Scene | None) -> Line:
    return replace(line, name=f"{scene.code} {scene.title}") if scene else line


def _label(studio: Studio, name: str) -> str:
    engine = studio.engines.get(name)
    return engine.label if engine else name


async def left_at_engines(studio: Studio) -> list[Held]:
    """Ask every engine at once what is left on its account; those that never tell are left out."""
    asked = await asyncio.gather(*(_held(engine) for engine in studio.engines.values()))
    return [each for each in asked if each is not None]


async def _held(engine: Engine) -> Held | None:
    try:
        async with asyncio.timeout(_PATIENCE):
            balance = await engine.balance()
    except TimeoutError:
        return Held(engine.label, f"it did not answer within {_PATIENCE:g} seconds.", is_ok=False)
    except EngineError as broken:
        return Held(engine.label, str(broken), is_ok=False)
    return Held(engine.label, balance.text) if balance else None
