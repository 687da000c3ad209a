"""What the buttons on a scene do: order a take, read the log, make a scene of the thread."""

from bot import shots
from bot.backgrounds import background
from bot.orders import may_order
from bot.scenes import may_change
from handlers.cards._parts import Json
from handlers.commands import log as log_command
from handlers.commands import shot as shot_command
from handlers.commands import take as take_command
from handlers.events.threads import read_into_form
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import scene_form, shot_form
from storage import scenes

Answer = str | list[Json] | None


async def order(press: ButtonPress, house: House) -> Answer:
    """Open the order form, with what a mention asked for if the button is below its answer."""
    wish = take_command.Wish.read(press.value)
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, press.actor.workspace_id, wish.scene_id)
    await may_order(house.studio, press.actor, scene, key=press.key)
    await take_command.open_form(house, scene, press.trigger_id, wish=wish, actor=press.actor)
    return None


async def edit(press: ButtonPress, house: House) -> Answer:
    """Open the form that made the scene, filled in as it stands."""
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, press.actor.workspace_id, press.value)
    form = await may_change(house.studio, press.actor, scene)
    channel_id = scene.channel_id
    back = await background(house.studio, scene.workspace_id, channel_id, code=form.sequence)
    view = scene_form.filled(form, channel_id, back, scene_id=scene.id)
    await house.room.open_view(press.trigger_id, view)
    return None


async def next_shot(press: ButtonPress, house: House) -> Answer:
    """Add a shot that goes on from the last one, and open its form."""
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, press.actor.workspace_id, press.value)
    shot = await shots.next_shot(house.studio, press.actor, scene, key=press.key)
    if shot is None:
        return None
    async with house.studio.db.read() as session:
        told = await shot_command.going_on(session, shot)
    await house.room.open_view(press.trigger_id, shot_form.filled(scene, shot, told=told))
    return None


async def log(press: ButtonPress, house: House) -> Answer:
    """Read the scene's log to whoever pressed."""
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, press.actor.workspace_id, press.value)
    title = f"{scene.code} {scene.title}"
    return await log_command.told(house, scene.workspace_id, scene.id, title=title)


async def from_here(press: ButtonPress, house: House) -> Answer:
    """Open the form with the thread that the mention stood in."""
    channel_id, _, thread_ts = press.value.partition(":")
    view_id = await house.room.open_view(press.trigger_id, scene_form.loading())
    house.later(read_into_form(house, press.actor, channel_id, thread_ts, view_id=view_id))
    return None
