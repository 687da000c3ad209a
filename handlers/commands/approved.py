"""`approved`: show the circle takes; with `SC010`, that scene's alone."""

from bot import gather
from bot.crew import production_in
from bot.scenes import scene_meant
from bot.shots import called
from bot.views import Circle, SceneView
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
from handlers.cards.scene import circle_mark
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from storage import Session, cards, scenes
from storage.models import CardKind, Take

_SHOWN = 15
_WHY = 300


async def run(call: Call, house: House) -> Answer:
    """Answer which take is approved, by whom and on which bytes."""
    async with house.studio.db.read() as session:
        views = await _views(session, call, house)
        circles = [(view, each) for view in views for each in view.circles][:_SHOWN]
        links = [await _link(session, each.take, house) for _, each in circles]
    if not circles:
        return "Nothing is approved yet. `/scene list` shows where every scene stands."
    told = zip(circles, links, strict=True)
    answer = [block for circle, link in told for block in _told(*circle, link)]
    waits = sum(len(view.shots) - len(view.circles) for view in views)
    several = any(len(view.shots) > 1 for view in views)
    more = f"{waits} more {'shots ' if several else ''}without a circle take."
    return [*answer, context(more)] if waits else answer


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


async def _link(session: Session, take: Take, house: House) -> str | None:
    card = await cards.of_subject(session, take.workspace_id, CardKind.TAKE, take.id)
    if card is None or card.message_ts is None:
        return None
    return await house.room.link_to(card.channel_id, card.message_ts)


def _told(view: SceneView, circle: Circle, link: str | None) -> list[dict[str, object]]:
    take, decision = circle.take, circle.decision
    by = f" by {person(decision.by)}, {moment(decision.at)}" if decision else ""
    name = called(view.shots, take)
    code = f"<{link}|{name}>" if link else name
    held = [each for each in view.troubles.get(take.id, []) if not each.is_lifted]
    text = (
        f"{circle_mark(view, take)} *{view.scene.code}* {safe(view.scene.title)}: {code}{by}\n"
        f"SHA-256 `{take.sha256}`"
    )
    if held:
        text += f"\n*On hold:* {brief(held[0].why, _WHY)}. A producer decides: `/scene rights`."
    if not take.poster_file_id:
        return [section(text)]
    return [section(text), picture(take.poster_file_id, circle_shown_of(take, name))]
