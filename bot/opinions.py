"""Reactions and presses that decide nothing: logged as they are, never more than an opinion."""

from bot import log
from bot.people import Actor
from bot.studio import Studio
from storage import Session, cards, deliveries, takes
from storage.models import Card, CardKind, Take

_LOOKED_FOR = 5
_TAKES = {CardKind.TAKE, CardKind.CLIENT_TAKE, CardKind.VIDEO}


async def note_reaction(
    studio: Studio,
    actor: Actor,
    *,
    emoji: str,
    added: bool,
    channel_id: str,
    message_ts: str,
    key: str,
) -> bool:
    """Log an emoji on a take's or a scene's message, once; False if the message is neither."""
    now = studio.clock()
    async with studio.db.begin() as session:
        card = await cards.of_message(session, actor.workspace_id, channel_id, message_ts)
        about = card and await _about(session, card)
        if about is None or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return False
        await log.record(
            session,
            "reaction.added" if added else "reaction.removed",
            workspace_id=actor.workspace_id,
            actor=actor,
            at=now,
            about=about,
            facts={"emoji": emoji},
        )
    return True


async def _about(session: Session, card: Card) -> log.About | None:
    if card.kind in _TAKES:
        take = await takes.get(session, card.workspace_id, card.subject_id)
        return log.about_take(take) if take else None
    return log.About(scene_id=card.subject_id) if card.kind is CardKind.SCENE else None


async def note_press(
    studio: Studio, actor: Actor, take_id: str, *, button: str, key: str
) -> Take | None:
    """Log a press that only opens something; give the take, or None if there is none."""
    now = studio.clock()
    async with studio.db.begin() as session:
        take = await takes.get(session, actor.workspace_id, take_id)
        if take and await deliveries.claim(session, actor.workspace_id, key, at=now):
            await log.record(
                session,
                "button.pressed",
                workspace_id=actor.workspace_id,
                actor=actor,
                at=now,
                about=log.about_take(take),
                facts={"button": button},
            )
    return take


async def is_ours(studio: Studio, workspace_id: str, channel_id: str, message_ts: str) -> bool:
    """Say whether a message is one of our cards; Slack is asked only after an event was lost."""
    async with studio.db.read() as session:
        if await cards.of_message(session, workspace_id, channel_id, message_ts):
            return True
        missing = await cards.unplaced(session, workspace_id, channel_id, newest=_LOOKED_FOR)
    found = [await _is_at(studio, card, message_ts) for card in missing]
    return any(found)


async def _is_at(studio: Studio, card: Card, message_ts: str) -> bool:
    file = await studio.room.find_file(card.file_id or "", card.channel_id)
    if file is None or file.message_ts is None:
        return False
    async with studio.db.begin() as session:
        await cards.place(session, card, file.message_ts)
    return file.message_ts == message_ts


async def place_video(
    studio: Studio, workspace_id: str, file_id: str, *, channel_id: str, message_ts: str
) -> None:
    """Remember which message carries a take's video, so that its reactions find the take."""
    async with studio.db.read() as session:
        card = await cards.of_file(session, workspace_id, file_id, channel_id=channel_id)
    if card is None or card.message_ts:
        return
    async with studio.db.begin() as session:
        await cards.place(session, card, message_ts)
