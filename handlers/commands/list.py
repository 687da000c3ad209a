"""`list`: show every scene here and where it stands."""

from bot import gather
from bot.crew import production_in
from handlers.cards._parts import context, safe, section
from handlers.cards.scene import mark, standing
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from storage import scenes

_SHOWN = 30
_PER_BLOCK = 10


async def run(call: Call, house: House) -> Answer:
    """List the newest scenes; say how to make the first one if there are none."""
    async with house.studio.db.read() as session:
        production = await production_in(session, call.actor.workspace_id, call.channel_id)
        newest = await scenes.of_production(session, production, last=_SHOWN)
        views = [
            await gather.scene_view(session, scene, at=house.studio.clock()) for scene in newest
        ]
        total = await scenes.count(session, production)
    if not views:
        return "No scenes yet. `/scene new` opens the first one."
    lines = [
        f"{mark(view)} *{view.scene.code}* {safe(view.scene.title)}  ·  {standing(view)}"
        for view in views
    ]
    several = [lines[start : start + _PER_BLOCK] for start in range(0, len(lines), _PER_BLOCK)]
    shown = f"The newest {len(views)} of {total}." if total > len(views) else f"{total} in all."
    return [
        section(f"*{safe(production.name)}*"),
        *(section("\n".join(each)) for each in several),
        context(shown),
    ]
