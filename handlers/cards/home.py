"""The Home tab: what waits, and where every scene stands."""

from bot.views import HomeView, ProductionView, WaitingTake
from handlers.cards._parts import (
    Drawn,
    Json,
    context,
    header,
    moment,
    safe,
    section,
    state_of,
)
from handlers.cards.scene import mark, standing

_SCENES = 12


def home_tab(view: HomeView) -> Drawn:
    """Draw somebody's Home tab; a new workspace is told how to begin."""
    if not view.productions:
        return Drawn("Circletake", [header("Nothing here yet"), section(_BEGIN)])
    blocks: list[Json] = []
    for production in view.productions[:5]:
        blocks += _production(production)
    blocks.append(context(f"As of {moment(view.at)}"))
    return Drawn("Circletake", blocks[:100])


_BEGIN = (
    "A production begins in a channel: invite Circletake there (`/invite @circletake`) and type "
    "`/scene setup`. Then `/scene new` opens the first scene, or *Make a scene* on any message "
    "turns its thread into one."
)


def _production(view: ProductionView) -> list[Json]:
    channel = f"<#{view.production.channel_id}>"
    blocks = [header(view.production.name)]
    if view.waiting:
        waits = "\n".join(f"• {_waiting(each)}" for each in view.waiting)
        blocks.append(section(f"*Waiting for a decision*\n{waits}"))
    else:
        blocks.append(section(f"Nothing waits for a decision in {channel}."))
    if view.scenes:
        scenes = "\n".join(
            f"{mark(each)} *{each.scene.code}* {safe(each.scene.title)}  ·  {standing(each)}"
            for each in view.scenes[:_SCENES]
        )
        blocks.append(section(scenes))
    blocks.append({"type": "divider"})
    return blocks


def _waiting(each: WaitingTake) -> str:
    name = f"<{each.link}|{each.label}>" if each.link else each.label
    state = "on hold" if each.is_held else state_of(each.take).lower()
    return f"{name} {safe(each.title)}: {state}, {moment(each.take.ready_at)}"
