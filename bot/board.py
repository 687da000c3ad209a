"""What should be on show: cards are asked for in the transaction that changes their records."""

from datetime import datetime

from storage import Session, cards
from storage.models import Card, CardKind, Production, Scene, Take


async def show_scene(session: Session, scene: Scene, *, at: datetime) -> None:
    """Ask for the scene's card: at the top of the channel, or in the thread it was made from."""
    card = Card(
        workspace_id=scene.workspace_id,
        kind=CardKind.SCENE,
        subject_id=scene.id,
        channel_id=scene.channel_id,
        thread_ts=scene.thread_ts,
        due_at=at,
    )
    await cards.want(session, card)


async def show_take(session: Session, scene: Scene, take: Take, *, at: datetime) -> None:
    """Ask for the take's card in the scene's thread."""
    await cards.want(session, await _in_thread(session, scene, take, CardKind.TAKE, at=at))


async def show_video(session: Session, scene: Scene, take: Take, *, at: datetime) -> None:
    """Ask for the take's proxy in the scene's thread."""
    await cards.want(session, await _in_thread(session, scene, take, CardKind.VIDEO, at=at))


async def _in_thread(
    session: Session, scene: Scene, take: Take, kind: CardKind, *, at: datetime
) -> Card:
    parent = await cards.of_subject(session, scene.workspace_id, CardKind.SCENE, scene.id)
    return Card(
        workspace_id=scene.workspace_id,
        kind=kind,
        subject_id=take.id,
        channel_id=scene.channel_id,
        thread_card_id=parent.id if parent else None,
        thread_ts=scene.thread_ts,
        due_at=at,
    )


async def show_client(
    session: Session, production: Production, take: Take, *, at: datetime
) -> None:
    """Ask for the client's card at the top of the client channel, and the proxy below it."""
    if production.client_channel_id is None:
        return
    card = Card(
        workspace_id=take.workspace_id,
        kind=CardKind.CLIENT_TAKE,
        subject_id=take.id,
        channel_id=production.client_channel_id,
        due_at=at,
    )
    await cards.want(session, card)
    parent = await cards.of_subject(session, take.workspace_id, CardKind.CLIENT_TAKE, take.id)
    video = Card(
        workspace_id=take.workspace_id,
        kind=CardKind.VIDEO,
        subject_id=take.id,
        channel_id=production.client_channel_id,
        thread_card_id=parent.id if parent else None,
        due_at=at,
    )
    await cards.want(session, video)


async def redraw_take(session: Session, take: Take, *, at: datetime) -> None:
    """Ask for everything that shows a take to be drawn again: its cards and its scene's."""
    shown = (CardKind.TAKE, CardKind.CLIENT_TAKE, CardKind.SCENE)
    await cards.redraw(session, take.workspace_id, shown, (take.id, take.scene_id), at=at)


async def redraw_progress(session: Session, take: Take, *, at: datetime) -> None:
    """Ask for the take's card alone."""
    await cards.redraw(session, take.workspace_id, (CardKind.TAKE,), (take.id,), at=at)


async def tell_thread(session: Session, scene: Scene, text: str, *, at: datetime) -> None:
    """Say one sentence in the scene's thread."""
    parent = await cards.of_subject(session, scene.workspace_id, CardKind.SCENE, scene.id)
    await cards.line(
        session,
        scene.workspace_id,
        text,
        channel_id=scene.channel_id,
        thread_card_id=parent.id if parent else None,
        thread_ts=scene.thread_ts,
        at=at,
    )
