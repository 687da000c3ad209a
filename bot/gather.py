"""Gather the records that a card shows, in one transaction that only reads."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import reference_view
from bot.gates import for_client
from bot.governed import cast_of
from bot.ground import ground_for, waived_for
from bot.holds import held, parsed, troubled
from bot.rights import standing_of, today_of
from bot.shots import called
from bot.studio import Studio
from bot.views import (
    BakeOffView,
    Circle,
    ClientTakeView,
    HoldView,
    HomeView,
    LineView,
    ProductionView,
    ReferenceView,
    SceneView,
    TakeView,
    View,
    WaitingTake,
)
from engines import Engine
from storage import (
    Session,
    bake_offs,
    exports,
    productions,
    reference_files,
    references,
    rights,
    scenes,
    takes,
)
from storage import held as held_rows
from storage.holds import HELD
from storage.models import BakeOff, Card, CardKind, Person, Production, Scene, Shot, Stage, Take


@dataclass(frozen=True)
class Video:
    """A proxy on its way into a thread."""

    path: Path
    name: str
    title: str
    alt: str


def label_of(scene: Scene, shot: Shot, take: Take) -> str:
    """Name a take as people say it: `SC010 SH010 T3`."""
    return f"{scene.code} {shot.code} {take.code}"


async def view_of(studio: Studio, card: Card) -> View | None:
    """Gather what a card shows; None if its record is gone."""
    if card.kind is CardKind.LINE:
        return LineView(card.text)
    if card.kind is CardKind.SCENE:
        async with studio.db.read() as session:
            scene = await scenes.get(session, card.workspace_id, card.subject_id)
            return await scene_view(session, scene, at=studio.clock())
    if card.kind is CardKind.BAKE_OFF:
        return await _bake_off_view(studio, card)
    if card.kind is CardKind.REFERENCE:
        return await _references_view(studio, card)
    if card.kind is CardKind.HOLD:
        async with studio.db.read() as session:
            return await hold_view(session, card.workspace_id, card.text, at=studio.clock())
    return await _take_view(studio, card)


async def _bake_off_view(studio: Studio, card: Card) -> BakeOffView | None:
    async with studio.db.read() as session:
        bake_off = await bake_offs.get(session, card.workspace_id, card.subject_id)
        if bake_off is None:
            return None
        scene = await scenes.get(session, card.workspace_id, bake_off.scene_id)
        made = await bake_offs.takes_of(session, bake_off)
        views = [await take_view(studio, session, take) for take in made]
    await _sheet(studio, bake_off)
    return BakeOffView(scene, bake_off, views)


async def _references_view(studio: Studio, card: Card) -> View | None:
    async with studio.db.read() as session:
        view = await reference_view.of_card(session, card, at=studio.clock())
    if isinstance(view, ReferenceView):
        await show_picture(studio, view)
    return view


async def hold_view(
    session: Session, workspace_id: str, key: str, *, at: datetime
) -> HoldView | None:
    """Gather what one cause holds; None if its reference is gone."""
    reference_id, cause = parsed(key)
    reference = await references.get(session, workspace_id, reference_id)
    if reference is None:
        return None
    production = await productions.get(session, workspace_id, reference.production_id)
    releases = await rights.covering(session, workspace_id, [reference.id])
    today = today_of(production, at)
    standing = standing_of(reference, releases.get(reference.id, []), today)
    return HoldView(
        reference=reference,
        standing=standing,
        key=key,
        is_over=standing.cause != cause,
        waiting=await held_rows.of_cause(session, reference, cause, first=_MOST_HELD),
        counts=await held_rows.counted(session, reference, cause),
    )


_MOST_HELD = 100
"""As many as a menu offers."""


async def scene_view(session: Session, scene: Scene, *, at: datetime) -> SceneView:
    """Gather a scene as it stands."""
    production = await productions.get(session, scene.workspace_id, scene.production_id)
    shots = await scenes.shots(session, scene)
    made = await takes.of_scene(session, scene)
    circled = {shot.circle_take_id for shot in shots}
    circles: list[Circle] = []
    for take in (each for each in made if each.id in circled):
        decisions = await takes.decisions(session, take)
        circles.append(Circle(take, decisions[-1] if decisions else None))
    members = await cast_of(session, production, scene, at=at)
    usable = [take for take in made if take.state in HELD]
    return SceneView(
        production=production,
        scene=scene,
        shots=shots,
        takes=made,
        references=members,
        ground=await ground_for(session, production, scene),
        waived=await waived_for(session, scene),
        circles=circles,
        troubles=await troubled(session, production, usable, at=at),
    )


async def _take_view(studio: Studio, card: Card) -> View | None:
    async with studio.db.read() as session:
        take = await takes.get(session, card.workspace_id, card.subject_id)
        if take is None:
            return None
        view = await take_view(studio, session, take)
    await _picture(studio, take)
    return client_view(view) if card.kind is CardKind.CLIENT_TAKE else view


async def take_view(studio: Studio, session: Session, take: Take) -> TakeView:
    """Gather a take with the intent it is judged against."""
    production = await productions.get(session, take.workspace_id, take.production_id)
    scene = await scenes.get(session, take.workspace_id, take.scene_id)
    shot = next(each for each in await scenes.shots(session, scene) if each.id == take.shot_id)
    circle = shot.circle_take_id
    later = await takes.get(session, take.workspace_id, circle) if circle else None
    engine = studio.engines.get(take.engine)
    usable = [take] if take.state in HELD else []
    troubles = await troubled(session, production, usable, at=studio.clock())
    return TakeView(
        production=production,
        scene=scene,
        shot=shot,
        take=take,
        setup=await takes.setup_of(session, take),
        decisions=await takes.decisions(session, take),
        ground=await ground_for(session, production, scene),
        waived=await waived_for(session, scene),
        superseded_by=later if later and later.id != take.id else None,
        engine_label=engine.label if engine else take.engine,
        engine_console=engine.facts.console if engine else "",
        engine_credit=_credit(engine) if engine else "",
        troubles=troubles.get(take.id, []),
    )


def client_view(view: TakeView) -> ClientTakeView:
    """Reduce a take to what is meant for the client's eyes."""
    return ClientTakeView(
        production_name=view.production.name,
        title=view.scene.title,
        purpose=view.ground.purpose.text,
        feeling=view.ground.feeling.text,
        take=view.take,
        label=label_of(view.scene, view.shot, view.take),
        decisions=[each for each in view.decisions if each.stage is Stage.CLIENT],
        rules=for_client(view.ground),
        is_held=view.is_held or view.is_blocked,
    )


async def home_view(studio: Studio, person: Person) -> HomeView:
    """Gather what somebody's Home tab shows: the productions that they are in."""
    async with studio.db.read() as session:
        shown: list[ProductionView] = []
        for production in await productions.every(session, person.workspace_id):
            crew = await productions.crew(session, production)
            if person.user_id in crew:
                shown.append(await _production_view(session, production, at=studio.clock()))
    return HomeView(shown, person.zone, studio.clock())


async def _production_view(
    session: Session, production: Production, *, at: datetime
) -> ProductionView:
    newest = await scenes.of_production(session, production, last=12)
    views = [await scene_view(session, scene, at=at) for scene in newest]
    waiting = await takes.waiting(session, production, first=8)
    on_hold = await held(session, production, waiting, at=at)
    waits = [await waiting_take(session, take, is_held=take.id in on_hold) for take in waiting]
    return ProductionView(production, views, waits)


async def waiting_take(session: Session, take: Take, *, is_held: bool = False) -> WaitingTake:
    """Gather a take that waits for somebody."""
    scene = await scenes.get(session, take.workspace_id, take.scene_id)
    name = called(await scenes.shots(session, scene), take)
    return WaitingTake(f"{scene.code} {name}", scene.title, take, "", is_held)


async def _picture(studio: Studio, take: Take) -> None:
    """Hand Slack the poster once, before the first card that needs it."""
    if take.poster_sha256 is None or take.poster_file_id is not None:
        return
    alt = f"{'Still' if take.still else 'A frame of take'} {take.number}"
    take.poster_file_id = await handed(studio, take.poster_sha256, f"{take.id}.jpg", alt=alt)
    async with studio.db.begin() as session:
        await takes.keep_poster(session, take, take.poster_file_id)


async def show_picture(studio: Studio, view: ReferenceView) -> None:
    """Hand Slack a reference's picture once, before the first card that needs it."""
    file, reference = reference_view.lead(view), view.member.reference
    if file is None or file.shown_sha256 is None or file.shown_file_id is not None:
        return
    name, alt = f"{file.id}.jpg", f"{reference.kind.value} {reference.code}"
    file.shown_file_id = await handed(studio, file.shown_sha256, name, alt=alt)
    async with studio.db.begin() as session:
        await reference_files.keep_shown(session, file, file.shown_file_id)


async def _sheet(studio: Studio, bake_off: BakeOff) -> None:
    """Hand Slack the comparison sheet once, before the first card that needs it."""
    if bake_off.sheet_sha256 is None or bake_off.sheet_file_id is not None:
        return
    name, alt = f"{bake_off.id}.jpg", "Takes of one order side by side"
    bake_off.sheet_file_id = await handed(studio, bake_off.sheet_sha256, name, alt=alt)
    async with studio.db.begin() as session:
        await bake_offs.keep_file(session, bake_off, bake_off.sheet_file_id)


async def handed(studio: Studio, sha256: str, name: str, *, alt: str) -> str:
    """Hand Slack a kept picture; give the id of its copy."""
    path = await studio.files.bring(sha256, desk(studio) / name)
    try:
        return await studio.room.upload(path, name=name, alt=alt)
    finally:
        path.unlink()


def _credit(engine: Engine) -> str:
    facts = engine.facts
    return f"<{facts.credit_url}|{facts.credit}>" if facts.credit_url else facts.credit


async def video_of(studio: Studio, card: Card) -> Video | None:
    """Bring a take's proxy, or an export, to a local file for sending; None if there is none."""
    async with studio.db.read() as session:
        take = await takes.get(session, card.workspace_id, card.subject_id)
        made = None if take else await exports.get(session, card.workspace_id, card.subject_id)
        if made is not None:
            path = await studio.files.bring(made.sha256, desk(studio) / f"{card.id}.export")
            return Video(path, made.path, f"{made.code} · {made.path}", f"Export {made.code}")
        if take is None or take.proxy_sha256 is None:
            return None
        view = await take_view(studio, session, take)
    label = label_of(view.scene, view.shot, take)
    name = f"{label.replace(' ', '_')}_{(take.sha256 or '')[:8]}.mp4"
    path = await studio.files.bring(take.proxy_sha256, desk(studio) / f"{card.id}.mp4")
    return Video(path, name, f"{label} · {view.scene.title}", f"Review proxy of {label}")


def desk(studio: Studio) -> Path:
    """Give the folder for files on their way to Slack."""
    folder = studio.settings.engine_work / "sending"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
