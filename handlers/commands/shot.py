"""`shot SC010`: list its shots; `SC010 SH020` plans one, `SC010 new` goes on from the last."""

from bot.errors import NotNow
from bot.scenes import scene_meant
from bot.shots import before, may_plan, next_shot, shot_meant
from handlers.cards._parts import context, length, safe, section
from handlers.commands._words import Answer, split
from handlers.house import House
from handlers.payloads import Call
from handlers.views import shot_form
from storage import Session, scenes
from storage.models import Scene, Shot


async def run(call: Call, house: House) -> Answer:
    """Add a shot, open the form of one, or list those there are."""
    code, rest = _read(call)
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=code,
        )  # fmt: skip
        shots = await scenes.shots(session, scene)
    if rest.lower() == "new":
        return await _added(call, house, scene)
    if not rest:
        return [section("\n".join(map(_line, shots))), context(f"{scene.code} {safe(scene.title)}")]
    await may_plan(house.studio, call.actor, scene)
    if not call.trigger_id:
        raise NotNow("A mention cannot open a form: type `/scene shot` in the channel.")
    async with house.studio.db.read() as session:
        shot = await shot_meant(session, scene, rest)
        told = await going_on(session, shot)
    await house.room.open_view(call.trigger_id, shot_form.filled(scene, shot, told=told))
    return None


def _read(call: Call) -> tuple[str, str]:
    """Give the scene's code and what follows it; in a scene's thread the code may be left out."""
    first, rest = split(call.text)
    is_shot = first == "new" or first.startswith("sh")
    return ("", call.text) if call.thread_ts and is_shot else (first, rest)


async def _added(call: Call, house: House, scene: Scene) -> Answer:
    shot = await next_shot(house.studio, call.actor, scene, key=call.key)
    if shot is None:
        return None
    async with house.studio.db.read() as session:
        told = await going_on(session, shot)
    if not call.trigger_id:
        return f"{shot.code} of {scene.code} is planned as the shot before it. {told}".strip()
    await house.room.open_view(call.trigger_id, shot_form.filled(scene, shot, told=told))
    return None


async def going_on(session: Session, shot: Shot) -> str:
    """Say what a shot goes on from; empty if from nothing."""
    source = await before(session, shot)
    if source is None:
        return ""
    return (
        f"Goes on from {source.shot.code} {source.take.code}: its first order begins with that "
        "setup and those references."
    )


def _line(shot: Shot) -> str:
    told = "  ·  ".join(safe(text) for text in (shot.action, shot.framing, shot.camera) if text)
    mark = ":large_green_circle: " if shot.circle_take_id else ""
    facts = f"{mark}*{shot.code}*  {length(shot.seconds)}  ·  {shot.ratio}"
    return f"{facts}\n{told}" if told else facts
