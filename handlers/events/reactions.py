"""Emoji on our messages: opinions, logged with their removal."""

from bot.opinions import is_ours, note_reaction
from bot.people import actor_of
from handlers.house import House
from handlers.payloads import Reaction


async def added(reaction: Reaction, house: House) -> None:
    """Log an emoji that was put on a message."""
    await _note(reaction, house, added=True)


async def removed(reaction: Reaction, house: House) -> None:
    """Log an emoji that was taken away."""
    await _note(reaction, house, added=False)


async def _note(reaction: Reaction, house: House, *, added: bool) -> None:
    if not await is_ours(
        house.studio, reaction.actor.workspace_id, reaction.channel_id, reaction.message_ts
    ):
        return
    # Reactions do not say which team they come from; users.info does.
    actor = await actor_of(house.studio, reaction.actor.workspace_id, reaction.actor.user_id)
    await note_reaction(
        house.studio,
        actor,
        emoji=reaction.emoji,
        added=added,
        channel_id=reaction.channel_id,
        message_ts=reaction.message_ts,
        key=reaction.key,
    )
