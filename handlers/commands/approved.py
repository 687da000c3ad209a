"""`approved`: show the circle takes; with `SC010`, that scene's alone."""

from bot import gather
from bot.crew import production_in
from bot.scenes import scene_meant
from bot.views import SceneView
from handlers.cards._parts import (
    brief,
    circle_shown_of,
    context,
    moment,
    person,
    picture,
    safe,
    section,
)
from handlers.cards.scene import mark
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from storage import Session, cards, scenes
from storage.models import CardKind

_SHOWN = 15
_WHY = 300


async def run(call: Call, house: House) -> Answer:
    """Answer which take is approved, by whom and on which bytes."""
    async with house.studio.db.read() as session:
        views = await _views(session, call, house)
        links = {view.scene.id: await _link(session, view, house) for view in views}
    approved = [view for view in views if view.circle]
    if not approved:
        return "Nothing is approved yet. `/scene list` shows where every scene stands."
    answer = [
        block for view in approved[:_SHOWN] for block in _told(view, links.get(view.scene.id))
    ]
    waits = len(views) - len(approved)
    return [*answer, context(f"{waits} more without a circle take.")] if waits else answer


async def _views(session: Session, call: Call, house: House) -> list[SceneView]:
    workspace = call.actor.workspace_id
    if call.text or call.thread_ts:
        meant = [
            await scene_meant(
                session, workspace, channel_id=call.channel_id,
                thread_ts=call.thread_ts, code=call.text,
            )
        ]  # fmt: skip
    else:
        production = await production_in(session, workspace, call.channel_id)
        meant = await scenes.of_production(session, production, last=50)
    return [await gather.scene_view(session, scene, at=house.studio.clock()) for scene in meant]


async def _link(session: Session, view: SceneView, house: House) -> str | None:
    if view.circle is None:
        return None
    card = await cards.of_subject(session, view.scene.workspace_id, CardKind.TAKE, view.circle.id)
    if card is None or card.message_ts is None:
        return None
    return await house.room.link_to(card.channel_id, card.message_ts)


def _told(view: SceneView, link: str | None) -> list[dict[str, object]]:
    take = view.circle
    if take is None:
        return []
    by = f" by {person(view.decision.by)}, {moment(view.decision.at)}" if view.decision else ""
    code = f"<{link}|{take.code}>" if link else take.code
    held = [each for each in view.troubles.get(take.id, []) if not each.is_lifted]
    text = (
        f"{mark(view)} *{view.scene.code}* {safe(view.scene.title)}: {code}{by}\n"
        f"SHA-256 `{take.sha256}`"
    )
    if held:
        text += f"\n*On hold:* {brief(held[0].why, _WHY)}. A producer decides: `/scene rights`."
    shown = picture(take.poster_file_id, circle_shown_of(take)) if take.poster_file_id else None
    return [section(text), shown] if shown else [section(text)]
