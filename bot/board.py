"""What should be on show: cards are asked for in the transaction that changes their records."""

from collections.abc import Iterable
from datetime import datetime

from storage import Session, cards
from storage.models import BakeOff, Card, CardKind, Export, Production, Reference, Scene, Take


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
    await cards.want(session, await _in_thread(session, scene, take.id, CardKind.TAKE, at=at))


async def show_video(session: Session, scene: Scene, take: Take, *, at: datetime) -> None:
    """Ask for the take's proxy in the scene's thread."""
    await cards.want(session, await _in_thread(session, scene, take.id, CardKind.VIDEO, at=at))


async def show_export(session: Session, scene: Scene, export: Export, *, at: datetime) -> None:
    """Ask for an export's file in the scene's thread."""
    await cards.want(session, await _in_thread(session, scene, export.id, CardKind.VIDEO, at=at))


async def show_bake_off(session: Session, scene: Scene, bake_off: BakeOff, *, at: datetime) -> None:
    """Ask for the card that compares several engines' takes, in the scene's thread."""
    card = await _in_thread(session, scene, bake_off.id, CardKind.BAKE_OFF, at=at)
    await cards.want(session, card)


async def show_reference(
    session: Session,
    production: Production,
    scene: Scene | None,
    subject_id: str,
    *,
    at: datetime,
) -> None:
    """Ask for a reference's card, or with the scene's own id for that of all it waits for.

    It stands in the scene's thread; without a scene, in the production's channel.
    """
    if scene is not None:
        card = await _in_thread(session, scene, subject_id, CardKind.REFERENCE, at=at)
    else:
        card = Card(
            workspace_id=production.workspace_id,
            kind=CardKind.REFERENCE,
            subject_id=subject_id,
            channel_id=production.channel_id,
            due_at=at,
        )
    await cards.want(session, card)


async def redraw_reference(
    session: Session, reference: Reference, scenes: Iterable[Scene], *, at: datetime
) -> None:
    """Ask for everything that shows a reference to be drawn again: its cards and its scenes'."""
    shown = (CardKind.REFERENCE, CardKind.SCENE)
    subjects = (reference.id, reference.production_id, *(scene.id for scene in scenes))
    await cards.redraw(session, reference.workspace_id, shown, subjects, at=at)


async def _in_thread(
    session: Session, scene: Scene, subject_id: str, kind: CardKind, *, at: datetime
) -> Card:
    parent = await cards.of_subject(session, scene.workspace_id, CardKind.SCENE, scene.id)
    return Card(
        workspace_id=scene.workspace_id,
        kind=kind,
        subject_id=subject_id,
        channel_id=scene.channel_id,
        thread_card_id=parent.id if parent else None,
        thread_ts=scene.thread_ts,
        due_at=at,
    )


async def show_client(
    session: Session, production: Production, take: Take, *, at: datetime
) -> None:
    """Ask for the client's card at the top of the client channel, and a clip's proxy below it."""
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
    if take.still:
        return
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
    shown = (CardKind.TAKE, CardKind.CLIENT_TAKE, CardKind.SCENE, CardKind.BAKE_OFF)
    subjects = (take.id, take.scene_id, take.bake_off_id or take.id)
    await cards.redraw(session, take.workspace_id, shown, subjects, at=at)


async def redraw_bake_off(session: Session, bake_off: BakeOff, *, at: datetime) -> None:
    """Ask for the card of a bake-off alone."""
    await cards.redraw(session, bake_off.workspace_id, (CardKind.BAKE_OFF,), (bake_off.id,), at=at)


async def redraw_progress(session: Session, takes: Iterable[Take], *, at: datetime) -> None:
    """Ask for the cards of these takes, and for no other that shows them."""
    of: dict[str, list[str]] = {}
    for take in takes:
        of.setdefault(take.workspace_id, []).append(take.id)
    for workspace_id, take_ids in of.items():
        await cards.redraw(session, workspace_id, (CardKind.TAKE,), take_ids, at=at)


async def tell_channel(
    session: Session, production: Production, text: str, *, at: datetime
) -> None:
    """Say one sentence in the production's channel."""
    await cards.line(
        session, production.workspace_id, text, channel_id=production.channel_id, at=at
    )


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
