"""Keep the pages of sequences in Slack current: a canvas each, or a message where there is none.

Whatever changes a page makes it due in its own transaction, by the database's triggers (migration
0008). A page is claimed before it is written, so that two replicas never write one at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from bot import board, people
from bot.page_files import Wanted, gathered
from bot.page_markdown import Section, sections, summary
from bot.page_view import PageView
from bot.ports import RoomBusy, RoomClosed, RoomLimited
from bot.ports_canvas import CanvasGone, CanvasRefused
from bot.studio import Studio
from bot.views import LineView
from storage import page_contents, pages, productions, sequences
from storage.models import Card, CardKind, Page

_LEASE = timedelta(minutes=2)
_AT_ONCE = 20
_PROMPTS = 5
"""Of a scene on a canvas, the newest; the files have them all."""
_STRANGERS = 20
"""People whose names are asked for before one writing."""
_tell = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Writing:
    """A page that is ours for a while, and what it is to show."""

    studio: Studio
    page: Page
    wanted: Wanted
    view: PageView
    link: str
    """The canvas's address; empty if it is gone, or is no canvas."""

    @property
    def title(self) -> str:
        """What the canvas is called."""
        return " ".join(f"{self.view.code} {self.view.title}".split())[:_TITLE]


_TITLE = 200


async def keep_due(studio: Studio) -> int:
    """Bring the pages that are due up to date, one after the other; give how many were."""
    async with studio.db.read() as session:
        due = await pages.due(session, at=studio.clock(), limit=_AT_ONCE)
    return sum([await keep(studio, page) for page in due])


async def keep(studio: Studio, page: Page) -> bool:
    """Bring one page up to date, unless somebody else is at it."""
    async with studio.db.begin(lasting=False) as session:
        if not await pages.take_up(session, page, at=studio.clock(), lease=_LEASE):
            return False
    try:
        await _keep(studio, page)
    except RoomBusy as busy:
        await _put_off(studio, page, str(busy), seconds=busy.retry_after)
    except (CanvasRefused, RoomClosed) as refused:
        await _settle(studio, page, problem=str(refused))
    except Exception as broken:  # noqa: BLE001 - one broken page must not keep the others from being written
        _tell.exception("page.broken", page=page.id)
        await _put_off(studio, page, f"It could not be written: {type(broken).__name__}.", 60)
    return True


async def _keep(studio: Studio, page: Page) -> None:
    await _acquainted(studio, page)
    # Read anew, with its count: what is changed from here on is written the next time.
    async with studio.db.read() as session:
        page = await pages.get(session, page.workspace_id, page.id) or page
        sequence = await sequences.get(session, page.workspace_id, page.sequence_id)
        production = await productions.get(session, page.workspace_id, page.production_id)
    wanted = Wanted(production, sequence)
    link = await _link(studio, page)
    view = await gathered(studio, wanted, site=link.partition("/docs/")[0])
    writing = _Writing(studio, page, wanted, view, link)
    if page.canvas_id and link:
        await _update(writing, page.canvas_id)
    elif page.canvas_id:
        await _anew(writing)
    elif page.message_ts:
        await _say(writing)
    else:
        await _create(writing)


async def _link(studio: Studio, page: Page) -> str:
    """Give the canvas's address, which names the workspace's too; empty if it is gone."""
    if not page.canvas_id:
        return ""
    try:
        return await studio.room.canvases.link_to(page.canvas_id)
    except CanvasGone:
        return ""


async def _acquainted(studio: Studio, page: Page) -> None:
    """Ask Slack what people are called whom the page names."""
    async with studio.db.read() as session:
        sequence = await sequences.get(session, page.workspace_id, page.sequence_id)
        strangers = await page_contents.unnamed(session, sequence, limit=_STRANGERS)
    for user_id in strangers:
        try:
            await people.seen(studio, page.workspace_id, user_id)
        except RoomClosed:
            continue  # whoever has left is called by their role


def _canvas(view: PageView) -> list[Section]:
    scenes = (replace(each, prompts=each.prompts[:_PROMPTS]) for each in view.scenes)
    return sections(replace(view, scenes=tuple(scenes)))


def _whole(parts: dict[str, str]) -> str:
    return "\n\n".join(parts.values())


async def _create(writing: _Writing, *, told: str = "") -> None:
    studio, page = writing.studio, writing.page
    parts = {each.name: each.whole for each in _canvas(writing.view)}
    try:
        canvas_id = await studio.room.canvases.create(page.channel_id, writing.title, _whole(parts))
    except CanvasRefused as refused:
        await _say(writing, why=str(refused))
        return
    except RoomLimited:
        raise
    except RoomBusy as lost:
        # Slack may have made it all the same: whoever asks for the page next decides.
        raise RoomClosed(f"{lost} There may be a canvas already.") from lost
    shown = {"parts": parts, "title": writing.title}
    await _settle(studio, page, told=told, canvas_id=canvas_id, sections=shown)
    async with studio.db.begin() as session:
        # Only now can the workspace's address be known, by which circle takes are linked to.
        await pages.want(session, page, at=studio.clock())


async def _anew(writing: _Writing) -> None:
    code = writing.wanted.sequence.code
    told = f"The page of {code} was removed by hand. Circletake has made it anew."
    await _create(writing, told=told)


async def _update(writing: _Writing, canvas_id: str) -> None:
    """Change the sections that are not as they were last written, one after the other."""
    studio, page = writing.studio, writing.page
    shown: dict[str, Any] = {**page.sections, "link": writing.link}
    old: dict[str, str] = dict(shown.get("parts", {}))
    new = {each.name: each.whole for each in _canvas(writing.view)}
    try:
        if shown.get("title") != writing.title:
            await studio.room.canvases.rename(canvas_id, writing.title)
            shown["title"] = writing.title
        if _without_clock(old) != _without_clock(new):
            for parts in _steps(old, new):
                before = _whole(shown.get("parts", {}))
                await studio.room.canvases.update(canvas_id, before, _whole(parts))
                shown["parts"] = parts
    except CanvasGone:
        await _anew(writing)
        return
    except RoomBusy:
        async with studio.db.begin() as session:
            await pages.keep_shown(session, page, shown)
        raise
    await _settle(studio, page, sections=shown)


def _without_clock(parts: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in parts.items() if name != "about"]


def _steps(old: dict[str, str], new: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give the page after each section that changes, so that an interruption loses one at most."""
    parts = {name: text for name, text in old.items() if name in new}
    if parts != old:
        yield parts
    names = list(new)
    for at, name in enumerate(names):
        if parts.get(name) == new[name]:
            continue
        known = {each for each in parts if each not in names[: at + 1]}
        before = {each: parts[each] for each in names[:at]}
        parts = before | {name: new[name]} | {each: parts[each] for each in parts if each in known}
        yield parts
    if list(parts) != names:
        yield dict(new)


async def _say(writing: _Writing, *, why: str = "") -> None:
    """Show where a sequence stands as a message, posted once and then kept current."""
    studio, page = writing.studio, writing.page
    *lines, _ = said = summary(writing.view)
    if page.message_ts and page.sections.get("lines") == lines:
        await _settle(studio, page)
        return
    view = LineView("\n".join(said))
    message_ts = page.message_ts
    if message_ts:
        try:
            await studio.room.redraw(_message(studio, page), view)
        except RoomClosed:
            # It was deleted by hand. Perhaps there may be a canvas by now.
            async with studio.db.begin() as session:
                await pages.forget_message(session, page)
            await _create(replace(writing, page=page.model_copy(update={"message_ts": None})))
            return
    else:
        card = _message(studio, page)
        message_ts = await studio.room.find(card) or await studio.room.post(card, view)
    code = writing.wanted.sequence.code
    told = f"{why} The page of {code} is a message instead, and is kept current." if why else ""
    await _settle(studio, page, told=told, message_ts=message_ts,
        sections={"lines": lines}, canvas_id=None)  # fmt: skip


def _message(studio: Studio, page: Page) -> Card:
    """Stand for the message in the room, which finds it again by the page's id after a crash."""
    return Card(
        id=page.id,
        workspace_id=page.workspace_id,
        kind=CardKind.LINE,
        subject_id=page.sequence_id,
        channel_id=page.channel_id,
        message_ts=page.message_ts,
        due_at=studio.clock(),
    )


async def _settle(
    studio: Studio, page: Page, *, told: str = "", problem: str = "", **values: Any
) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        await pages.settle(session, page, at=now, problem=problem, **values)
        if told:
            production = await productions.get(session, page.workspace_id, page.production_id)
            await board.tell_channel(session, production, told, at=now)
    if told:
        studio.bell.ring()


async def _put_off(studio: Studio, page: Page, problem: str, seconds: float) -> None:
    until = studio.clock() + timedelta(seconds=max(seconds, 1))
    async with studio.db.begin() as session:
        await pages.put_off(session, page, until=until, problem=problem)
