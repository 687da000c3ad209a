"""Exports: a circle take's original under the name it is delivered by, its rights in order."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from bot import board, log
from bot.crew import Power, must
from bot.errors import NotNow
from bot.gates import at_export
from bot.ground import ground_for, waived_for
from bot.holds import held, why_held
from bot.people import Actor
from bot.review_gate import why_blocked
from bot.studio import Studio
from storage import Session, deliveries, exports, productions, scenes, sequences, takes
from storage._types import new_id
from storage.models import Export, Production, Role, Scene, Sequence, Shot, Take, TakeState

MASTER = "master"
"""The preset that gives the bytes as they are kept."""
POSTED_UP_TO = 200 << 20
"""Bytes of a file that is put into the thread; of a larger one the thread says where it is."""
_SLUG = 24
_ENDINGS = {"jpeg": "jpg", "matroska": "mkv", "tiff": "tif"}


@dataclass(frozen=True)
class Made:
    """An export, what it was made of, and whether it was made just now."""

    export: Export
    production: Production
    scene: Scene
    shot: Shot
    take: Take
    is_new: bool

    @property
    def is_posted(self) -> bool:
        """Whether its file is in the thread."""
        return self.take.size <= POSTED_UP_TO


def delivered_name(
    production: str, sequence: Sequence, scene: Scene, shot: Shot, take: Take, *, preset: str
) -> str:
    """Name a deliverable so that every file system takes it, whatever the production is called.

    Only unaccented letters, digits, hyphens and underscores stand in it, at most 150 of them.
    """
    codes = sequence.code, scene.code, shot.code, take.code
    parts = slug(production).upper(), *codes, slug(preset).lower(), (take.sha256 or "")[:8]
    return f"{'_'.join(parts)}.{_ending(take)}"


def slug(name: str) -> str:
    """Reduce a name to what is safe in a file's; one with nothing safe in it becomes a short hash.

    >>> slug("Märzkampagne: 50% & more")
    'Marzkampagne-50-more'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    safe = "-".join(words)[:_SLUG].strip("-")
    return safe or f"P{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _ending(take: Take) -> str:
    known = str(take.probe.get("format" if take.still else "container") or "").lower()
    ending = _ENDINGS.get(known, known)
    plain = re.fullmatch(r"[a-z0-9]{1,5}", ending)
    return ending if plain else ("png" if take.still else "mp4")


async def export(
    studio: Studio, actor: Actor, scene: Scene, *, shot: str = "", key: str
) -> Made | None:
    """Export the circle take of a scene's shot; None if this delivery had its effect already.

    The same take is exported once: asked again, it gives what there is. Raises NotAllowed, or
    NotNow with the sentence that says what is in the way.
    """
    async with studio.db.begin() as session:
        production = await productions.get(session, scene.workspace_id, scene.production_id)
        role = await must(session, Power.EXPORT, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return None
        chosen, take = await _circled(session, scene, shot)
        if refusals := await _refusals(studio, session, production, scene, take):
            raise NotNow(" ".join(refusals))
        known = await exports.of_take(session, take, MASTER)
        if known is not None:
            return Made(known, production, scene, chosen, take, is_new=False)
        made = await _new(studio, session, actor, production, scene=scene, shot=chosen, take=take)
        told = Made(made, production, scene, chosen, take, is_new=True)
        await _shown(session, told, at=studio.clock())
        await _record(session, told, actor=actor, role=role)
    studio.bell.ring()
    return told


async def _circled(session: Session, scene: Scene, wanted: str) -> tuple[Shot, Take]:
    """Find the circle take that is meant, and keep others from deciding on its shot."""
    shots = await scenes.shots(session, scene)
    meant = [each for each in shots if wanted in {"", each.code}]
    if not meant:
        raise NotNow(f"{scene.code} has no {wanted}. Its shots: {_codes(shots)}.")
    circled = [each for each in meant if each.circle_take_id]
    if len(circled) > 1:
        codes = _codes(circled)
        raise NotNow(f"Say which shot: `export {scene.code} {circled[0].code}`. Circled: {codes}.")
    if not circled:
        what = wanted and f" {wanted}"
        raise NotNow(f"{scene.code}{what} has no circle take: only an approved take is exported.")
    shot = await scenes.hold_shot(session, scene.workspace_id, circled[0].id)
    take = await takes.get(session, scene.workspace_id, shot.circle_take_id or "")
    if take is None or take.state is not TakeState.APPROVED or not take.sha256:
        raise NotNow(f"{scene.code} {shot.code} has no circle take any more. Look again.")
    return shot, take


def _codes(shots: list[Shot]) -> str:
    return ", ".join(each.code for each in shots)


async def _refusals(
    studio: Studio, session: Session, production: Production, scene: Scene, take: Take
) -> list[str]:
    """Say what keeps a circle take from being exported, each a sentence; nothing if it may be."""
    keeping = await held(session, production, [take], at=studio.clock())
    ground = await ground_for(session, production, scene)
    blocked = at_export(ground, await waived_for(session, scene)).refusals
    ruled = [why_blocked(scene, blocked)] if blocked else []
    return [*(why_held(each) for each in keeping.values()), *ruled]


async def _new(
    studio: Studio,
    session: Session,
    actor: Actor,
    production: Production,
    *,
    scene: Scene,
    shot: Shot,
    take: Take,
) -> Export:
    await scenes.hold(session, production)
    sequence = await sequences.get(session, scene.workspace_id, scene.sequence_id)
    made = Export(
        id=new_id(),
        workspace_id=take.workspace_id,
        production_id=production.id,
        scene_id=scene.id,
        take_id=take.id,
        number=await exports.next_number(session, production),
        preset=MASTER,
        path=delivered_name(production.name, sequence, scene, shot, take, preset=MASTER),
        sha256=take.sha256 or "",
        exported_by=actor.user_id,
        exported_at=studio.clock(),
    )
    await exports.keep(session, made)
    return made


async def _shown(session: Session, made: Made, *, at: datetime) -> None:
    """Put the file into the scene's thread, or say there where it is."""
    if made.is_posted:
        await board.show_export(session, made.scene, made.export, at=at)
    else:
        await board.tell_thread(session, made.scene, where_it_is(made), at=at)


def where_it_is(made: Made) -> str:
    """Say where to get a file that is too large for a thread."""
    export, size = made.export, made.take.size / (1 << 20)
    return (
        f":package: *{export.code}* `{export.path}` is {size:,.0f} MB, too large for a thread. "
        f"Whoever runs Circletake hands it out: `circletake file {export.sha256[:16]} "
        f"--out {export.path}`."
    )


async def _record(session: Session, made: Made, *, actor: Actor, role: Role) -> None:
    export = made.export
    await log.record(
        session,
        "export.made",
        workspace_id=export.workspace_id,
        actor=actor,
        at=export.exported_at,
        about=log.about_take(made.take),
        facts={
            "export": export.id, "code": export.code, "preset": export.preset,
            "sha256": export.sha256, "size": made.take.size, "role": role.value,
            "state": made.take.state.value,
        },
    )  # fmt: skip
