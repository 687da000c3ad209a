"""Files of a message or a thread on their way into a reference's form."""

from dataclasses import replace

from bot.crew import Power, must, production_in
from bot.errors import NotNow, OfficeError
from bot.people import Actor
from bot.ports import RoomBusy, RoomClosed, SharedFile
from bot.reference_records import GONE
from handlers.cards._parts import Json
from handlers.house import House
from handlers.payloads import Shortcut
from handlers.views import reference_form
from handlers.views.reference_form import Meta, Start, kept_draft
from storage import productions, references, scenes
from storage.models import Scene

_MOST = 100
"""As many files as a menu offers."""
_NO_FILES = "This message has no file. Choose one that has, or `/scene ref new`."


async def add_reference(shortcut: Shortcut, house: House) -> str | None:
    """Open a new reference's form with a message's files, or say in its place why there is none."""
    try:
        scene = await _scene_there(house, shortcut.actor, shortcut.channel_id, shortcut.thread_ts)
        if not shortcut.files:
            raise NotNow(_NO_FILES)
    except OfficeError as refused:
        await house.room.open_view(shortcut.trigger_id, reference_form.failed(str(refused)))
        return None
    draft_id = await kept_draft(house, shortcut.actor, shortcut.files)
    form = _new(scene, shortcut.files, channel_id=shortcut.channel_id, draft_id=draft_id)
    await house.room.open_view(shortcut.trigger_id, form)
    return None


def _new(
    scene: Scene | None, files: tuple[SharedFile, ...], *, channel_id: str, draft_id: str
) -> Json:
    meta = Meta(
        channel=channel_id,
        scene=scene.id if scene else "",
        scene_code=scene.code if scene else "",
        draft=draft_id,
    )
    return reference_form.new(Start(files), meta)


async def _scene_there(house: House, actor: Actor, channel_id: str, thread_ts: str) -> Scene | None:
    """Give the scene whose thread it is, to whoever may propose references."""
    async with house.studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.REFERENCE, actor, production=production)
        return await scenes.of_thread(session, actor.workspace_id, channel_id, thread_ts)


async def files_into_form(
    house: House,
    actor: Actor,
    channel_id: str,
    thread_ts: str,
    *,
    view_id: str,
    reference_id: str = "",
) -> None:
    """Read a thread's files into the form of a new reference, or of a reference's next version."""
    try:
        scene = await _scene_there(house, actor, channel_id, thread_ts)
        files = (await house.room.read_thread(channel_id, thread_ts)).files[:_MOST]
        draft_id = await kept_draft(house, actor, files)
        if reference_id:
            meta = Meta(channel=channel_id, draft=draft_id)
            form = await version_form(house, actor, reference_id, files, meta=meta)
        else:
            form = _new(scene, files, channel_id=channel_id, draft_id=draft_id)
    except (RoomBusy, RoomClosed, OfficeError) as problem:
        form = reference_form.failed(str(problem))
    await house.room.update_view(view_id, form)


async def version_form(
    house: House, actor: Actor, reference_id: str, files: tuple[SharedFile, ...], *, meta: Meta
) -> Json:
    """Make the form of a reference's next version for whoever may; raises NotAllowed or NotNow."""
    async with house.studio.db.read() as session:
        reference = await references.get(session, actor.workspace_id, reference_id)
        if reference is None:
            raise NotNow(GONE)
        production = await productions.get(session, actor.workspace_id, reference.production_id)
        await must(session, Power.REFERENCE, actor, production=production)
        asset = await references.asset(session, reference)
    known = replace(meta, reference=reference.id, seen=reference.version)
    return reference_form.next_version(asset, files, known)
