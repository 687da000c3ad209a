"""A thread becomes a scene: the form opens at once and fills when every page has been read."""

from bot.backgrounds import background
from bot.crew import Power, must, production_in
from bot.errors import OfficeError
from bot.people import Actor
from bot.ports import RoomBusy, RoomClosed
from handlers.house import House
from handlers.payloads import Shortcut
from handlers.views import draft, scene_form
from storage import drafts


async def make_scene(shortcut: Shortcut, house: House) -> str | None:
    """Open the form for the thread of a message, or say in its place why there is none.

    A whisper would not reach whoever is in a channel that we are not in.
    """
    try:
        await _may(shortcut, house)
    except OfficeError as refused:
        await house.room.open_view(shortcut.trigger_id, scene_form.failed(str(refused)))
        return None
    view_id = await house.room.open_view(shortcut.trigger_id, scene_form.loading())
    house.later(
        read_into_form(
            house, shortcut.actor, shortcut.channel_id, shortcut.thread_ts, view_id=view_id
        )
    )
    return None


async def _may(shortcut: Shortcut, house: House) -> None:
    async with house.studio.db.read() as session:
        workspace = shortcut.actor.workspace_id
        production = await production_in(session, workspace, shortcut.channel_id)
        await must(session, Power.SCENE, shortcut.actor, production=production)


async def read_into_form(
    house: House, actor: Actor, channel_id: str, thread_ts: str, *, view_id: str
) -> None:
    """Read the thread and show the filled form, or why it could not be read."""
    try:
        thread = await house.room.read_thread(channel_id, thread_ts)
    except (RoomBusy, RoomClosed, OfficeError) as problem:
        await house.room.update_view(view_id, scene_form.failed(str(problem)))
        return
    form, kept = draft.read(thread)
    async with house.studio.db.begin() as session:
        draft_id = await drafts.keep(
            session,
            actor.workspace_id,
            draft.body_of(form, thread_ts),
            at=house.studio.clock(),
        )
    back = await background(house.studio, actor.workspace_id, channel_id)
    view = scene_form.filled(form, channel_id, back, draft_id=draft_id, kept=kept)
    await house.room.update_view(view_id, view)
