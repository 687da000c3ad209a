"""`export SC010`: export a circle take, `SC010 SH020` where several shots have one."""

import re

from bot.errors import NotNow
from bot.exports import export
from bot.scenes import scene_meant
from handlers.cards._parts import safe
from handlers.cards.export import made_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call

_SHOT = re.compile(r"SH0*(\d{1,6})", re.IGNORECASE)


async def run(call: Call, house: House) -> Answer:
    """Export what is meant; in its thread, the scene's code may be left out."""
    scene_code, shot_code = _read(call.text)
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=scene_code,
        )  # fmt: skip
    made = await export(house.studio, call.actor, scene, shot=shot_code, key=call.key)
    return made_card(made) if made else None


def _read(text: str) -> tuple[str, str]:
    """Read `SC010 SH020`, either of them, or neither."""
    words = text.split()
    shots = [found for word in words if (found := _SHOT.fullmatch(word))]
    others = [word for word in words if not _SHOT.fullmatch(word)]
    if len(shots) > 1 or len(others) > 1:
        told = safe(text[:60])
        raise NotNow(f"`{told}` is not one shot of one scene. Say `export SC010 SH020`.")
    return (others[0] if others else ""), (f"SH{int(shots[0][1]):03d}" if shots else "")
