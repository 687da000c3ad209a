"""Ask for a sequence's page in Slack: it is made the first time, and kept current from then on."""

from dataclasses import dataclass

from bot import log
from bot.crew import Power, must, production_in
from bot.page_files import Wanted, sequence_meant
from bot.people import Actor
from bot.studio import Studio
from storage import deliveries, pages, productions, scenes, sequences
from storage.models import Page, Production, Sequence


@dataclass(frozen=True)
class Desk:
    """A page that somebody asked for."""

    production: Production
    sequence: Sequence
    page: Page


async def ask_for(
    studio: Studio, actor: Actor, code: str, *, channel_id: str, thread_ts: str | None, key: str
) -> Desk:
    """Find the page that is meant, and make it if the sequence has none; it is due in any case.

    In a scene's thread no code is needed. Raises NotAllowed, or NotNow without such a sequence.
    """
    now = studio.clock()
    async with studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.SCENE, actor, production=production)
        scene = thread_ts and await scenes.of_thread(
            session, actor.workspace_id, channel_id, thread_ts
        )
    also = scene.sequence_id if scene else ""
    sequence = await sequence_meant(studio, production, code, also=also)
    fresh = Page(
        workspace_id=production.workspace_id,
        production_id=production.id,
        sequence_id=sequence.id,
        channel_id=production.channel_id,
        due_at=now,
    )
    async with studio.db.begin() as session:
        if await deliveries.claim(session, actor.workspace_id, key, at=now):
            if await pages.make(session, fresh):
                await log.record(
                    session, "page.made", workspace_id=production.workspace_id, actor=actor,
                    at=now, about=log.About(production.id), facts={"code": sequence.code},
                )  # fmt: skip
            elif found := await pages.of_sequence(session, sequence):
                await pages.want(session, found, at=now)
        page = await pages.of_sequence(session, sequence) or fresh
    return Desk(production, sequence, page)


async def may_have(
    studio: Studio, actor: Actor, sequence_id: str, *, for_client: bool = False
) -> Wanted:
    """Give the page of a sequence to whoever may have it. Raises NotAllowed."""
    async with studio.db.read() as session:
        sequence = await sequences.get(session, actor.workspace_id, sequence_id)
        production = await productions.get(session, actor.workspace_id, sequence.production_id)
        await must(session, Power.SCENE, actor, production=production)
    return Wanted(production, sequence, for_client=for_client)
