"""The app as `circletake run` starts it, but doomed: it is killed once, at one named point.

Only this launcher knows of the points; the app has no hooks of its own. It also hires an engine
that takes real money, of a kind, and keeps its books in a file.
"""

import functools
import json
import os
import re
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from sqlalchemy.orm import configure_mappers

from bot import app
from bot.__main__ import main
from bot.settings import Settings
from engines import Engine, hire
from storage import Database
from tests.stories._paid import Paid

CUT = "cut"
NEXT = "next-point.json"
"""Where a point lies that is armed when the app is told of it by SIGUSR1."""
# Whoever is forked from here need not do it again.
for _late in ("aiosqlite", "psycopg", "handlers.commands.new", "handlers.commands.setup"):
    import_module(_late)
configure_mappers()
_MARK = "doomed"
When = Literal["before", "after", "uncommitted", "committed"]
Watched = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Point:
    """Where the power is cut: around the nth call of a function whose arguments match `among`.

    `uncommitted` and `committed` are the two sides of the commit of the call's transaction.
    """

    name: str
    where: str
    when: When
    among: str = ""
    nth: int = 1
    by: signal.Signals = signal.SIGKILL
    """SIGSTOP only freezes: whoever is woken goes on from here."""


def live(folder: Path, environment: Mapping[str, str], point: Point | None) -> None:
    """Be the app, in a folder, until the point is reached."""
    speak_into(folder / "app.log")
    os.chdir(folder)
    os.environ.clear()  # noqa: TID251 - the new process's own
    os.environ.update(environment)  # noqa: TID251 - as above
    _hire_paid(folder)

    def armed(number: int, frame: FrameType | None) -> None:
        del number, frame
        _arm_next(folder)

    signal.signal(signal.SIGUSR1, armed)
    if point is not None:
        arm(point, folder / CUT)
    os._exit(main(["run"]))


def _arm_next(folder: Path) -> None:
    told = json.loads((folder / NEXT).read_text())
    arm(Point(**told), folder / CUT)
    (folder / NEXT).unlink()


def speak_into(path: Path) -> None:
    """Send what this process says to a file."""
    with path.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def _hire_paid(folder: Path) -> None:
    def hired(settings: Settings) -> dict[str, Engine]:
        return {**hire(settings), Paid.name: Paid(folder)}

    setattr(app, "hire", hired)  # noqa: B010 - pyright rightly objects to the plain form


def arm(point: Point, mark: Path) -> None:
    """Lay the charge."""
    module, _, path = point.where.partition(":")
    *owners, name = path.split(".")
    owner: Any = functools.reduce(getattr, owners, import_module(module))
    setattr(owner, name, _watched(point, getattr(owner, name), mark))
    if point.when in {"uncommitted", "committed"}:
        setattr(Database, "begin", _begun(point, Database.begin, mark))  # noqa: B010 - pyright rightly objects to the plain form


def _watched(point: Point, work: Watched, mark: Path) -> Watched:
    calls = 0

    @functools.wraps(work)
    async def watched(*given: Any, **named: Any) -> Any:
        nonlocal calls
        is_meant = re.search(point.among, _told(given, named), re.DOTALL) is not None
        calls += is_meant
        if not is_meant or calls != point.nth:
            return await work(*given, **named)
        if point.when == "before":
            _cut(mark, point)
        answer = await work(*given, **named)
        if point.when == "after":
            _cut(mark, point)
        if point.when in {"uncommitted", "committed"}:
            given[0].info[_MARK] = True
        return answer

    return watched


def _told(given: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    return repr([_open(each) for each in (*given, *named.values())])


def _open(each: object) -> object:
    return each if isinstance(each, Enum) else getattr(each, "__dict__", each)


def _begun(point: Point, begin: Callable[..., Any], mark: Path) -> Callable[..., Any]:
    @asynccontextmanager
    async def begun(*given: Any, **named: Any) -> AsyncGenerator[Any]:
        async with begin(*given, **named) as session:
            yield session
            is_doomed = session.info.get(_MARK)
            if is_doomed and point.when == "uncommitted":
                _cut(mark, point)
        if is_doomed:
            _cut(mark, point)

    return begun


def _cut(mark: Path, point: Point) -> None:
    mark.touch()
    os.kill(os.getpid(), point.by)
