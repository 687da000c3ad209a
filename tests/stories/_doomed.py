"""The app as `circletake run` starts it, but doomed: it is killed once, at one named point.

Only this launcher knows of the points; the app has no hooks of its own. It also hires an engine
that takes real money, of a kind, and keeps its books in a file.
"""

import functools
import os
import re
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import configure_mappers

from bot import app
from bot.__main__ import main
from bot.settings import Settings
from engines import Engine, hire
from storage import Database
from tests.stories._paid import Paid

CUT = "cut"
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


def live(folder: Path, environment: Mapping[str, str], point: Point | None) -> None:
    """Be the app, in a folder, until the point is reached."""
    _speak_into(folder / "app.log")
    os.chdir(folder)
    os.environ.clear()  # noqa: TID251 - the new process's own
    os.environ.update(environment)  # noqa: TID251 - as above
    _hire_paid(folder)
    if point is not None:
        _arm(point, folder / CUT)
    os._exit(main(["run"]))


def _speak_into(path: Path) -> None:
    with path.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def _hire_paid(folder: Path) -> None:
    def hired(settings: Settings) -> dict[str, Engine]:
        return {**hire(settings), Paid.name: Paid(folder)}

    setattr(app, "hire", hired)  # noqa: B010 - pyright rightly objects to the plain form


def _arm(point: Point, mark: Path) -> None:
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
            _cut(mark)
        answer = await work(*given, **named)
        if point.when == "after":
            _cut(mark)
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
                _cut(mark)
        if is_doomed:
            _cut(mark)

    return begun


def _cut(mark: Path) -> None:
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
