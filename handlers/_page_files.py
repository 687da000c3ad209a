"""Post a page as a file where it was asked for; making one takes longer than Slack waits."""

import asyncio
import shutil

from bot.errors import OfficeError
from bot.page_files import Wanted, filed
from bot.ports import RoomBusy, RoomClosed
from handlers.house import House
from handlers.payloads import ButtonPress, Call
from storage._types import new_id
from storage.models import Card, CardKind


def post_page(house: House, asked: Call | ButtonPress, wanted: Wanted, kind: str) -> None:
    """Have the file made and posted; if it cannot be, whoever asked is told why."""
    house.later(_posted(house, asked, wanted, kind))


async def _posted(house: House, asked: Call | ButtonPress, wanted: Wanted, kind: str) -> None:
    try:
        await _shared(house, asked, wanted, kind)
    except (OfficeError, RoomBusy, RoomClosed) as why:
        where = asked.channel_id, asked.actor.user_id
        await house.room.whisper(*where, str(why), thread_ts=asked.thread_ts)


async def _shared(house: House, asked: Call | ButtonPress, wanted: Wanted, kind: str) -> None:
    studio, code = house.studio, wanted.sequence.code
    place = Card(
        workspace_id=asked.actor.workspace_id,
        kind=CardKind.LINE,
        subject_id="",
        channel_id=asked.channel_id,
        thread_ts=asked.thread_ts,
        due_at=studio.clock(),
    )
    folder = studio.settings.engine_work / "pages" / new_id()
    await asyncio.to_thread(folder.mkdir, parents=True)
    try:
        path = await filed(studio, wanted, kind, folder)
        whose = " for the client" if wanted.for_client else ""
        upload = await house.room.reserve(path, name=path.name, alt=f"The page of {code}")
        await house.room.share(upload, path, place, title=f"{code}, its page{whose}")
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
