"""`log SC010`: tell what happened to a scene, and whether the log is intact."""

from bot.history import Told, history
from bot.scenes import scene_meant
from handlers.cards._parts import context, moment, person, safe, section
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call

_PER_BLOCK = 15


async def run(call: Call, house: House) -> Answer:
    """Read the last entries aloud."""
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=call.text,
        )  # fmt: skip
    return await told(house, scene.workspace_id, scene.id, title=f"{scene.code} {scene.title}")


async def told(house: House, workspace_id: str, scene_id: str, *, title: str) -> Answer:
    """Draw a scene's history."""
    record = await history(house.studio, workspace_id, scene_id, last=45)
    lines = [_line(each) for each in record.told]
    several = [lines[start : start + _PER_BLOCK] for start in range(0, len(lines), _PER_BLOCK)]
    return [
        section(f"*The log of {safe(title)}*"),
        *(section("\n".join(each)) for each in several),
        context(record.seal),
    ]


def _line(each: Told) -> str:
    who = person(each.user_id) if each.user_id else "Circletake"
    outside = f" ({each.team})" if each.team else ""
    digest = f"  `{each.sha256[:8]}`" if each.sha256 else ""
    return f"`{each.seq}`  {moment(each.at)}  {who}{outside} {each.what}{digest}"
