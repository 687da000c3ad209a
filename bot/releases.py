"""Releases and licences: recorded, changed, revoked, and their papers kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import board, log
from bot.crew import Power, must, production_in
from bot.errors import BadForm, NotNow
from bot.holds import reconsider
from bot.people import Actor
from bot.release_form_values import LONGEST, TEXTS, ReleaseForm, problems_in
from bot.studio import Studio
from storage import Session, deliveries, productions, references, rights, scenes
from storage.models import Production, Reference, Release

GONE = "This release is not in our records any more."


@dataclass(frozen=True)
class Desk:
    """A release before somebody who may change it."""

    production: Production
    release: Release
    covers: list[Reference]


async def desk_of(studio: Studio, actor: Actor, release_id: str) -> Desk:
    """Give a release to whoever may change it. Raises NotAllowed, or NotNow if it is gone."""
    async with studio.db.read() as session:
        release = await rights.get(session, actor.workspace_id, release_id)
        if release is None:
            raise NotNow(GONE)
        production = await productions.get(session, actor.workspace_id, release.production_id)
        await must(session, Power.RIGHTS, actor, production=production)
        covered = await rights.covered_by(session, actor.workspace_id, [release.id])
    return Desk(production, release, covered.get(release.id, []))


async def record(
    studio: Studio, actor: Actor, form: ReleaseForm, *, channel_id: str, key: str
) -> Release | None:
    """Record a release or licence; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, or NotAllowed.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.RIGHTS, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await scenes.hold(session, production)
        covers = await _covered(session, production, form)
        release = Release(
            workspace_id=production.workspace_id,
            production_id=production.id,
            number=await rights.next_number(session, production),
            starts_on=form.starts_on,
            salt=log.new_salt(),
            recorded_by=actor.user_id,
            recorded_at=now,
        )
        _filled(release, form)
        session.add(release)
        await session.flush()
        await rights.cover(session, release, [each.id for each in covers])
        await reconsider(session, production, covers, at=now)
        await _record(session, "release.recorded", release, covers, actor=actor, at=now)
    studio.bell.ring()
    return release


async def change(
    studio: Studio, actor: Actor, form: ReleaseForm, *, release_id: str, key: str
) -> Release | None:
    """Correct or prolong a release; what it covers now, and covered before, is judged anew.

    None if this delivery had its effect already. Raises BadForm, NotAllowed, or NotNow.
    """
    if problems := problems_in(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        production, release = await _held(session, actor, release_id)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        covers = await _covered(session, production, form)
        before = await rights.covered_by(session, release.workspace_id, [release.id])
        _filled(release, form)
        session.add(release)
        await session.flush()
        await rights.cover(session, release, [each.id for each in covers])
        touched = {each.id: each for each in [*before.get(release.id, []), *covers]}
        await reconsider(session, production, touched.values(), at=now)
        await _record(session, "release.changed", release, covers, actor=actor, at=now)
    studio.bell.ring()
    return release


async def revoke(
    studio: Studio, actor: Actor, release_id: str, *, reason: str, key: str
) -> Release | None:
    """End a release today, for good; what depends on it is held from now on.

    None if this delivery had its effect already. Raises BadForm, NotAllowed, or NotNow.
    """
    if not reason.strip() or len(reason) > LONGEST:
        raise BadForm({"reason": f"Say why, in at most {LONGEST:,} characters."})
    now = studio.clock()
    async with studio.db.begin() as session:
        production, release = await _held(session, actor, release_id)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        release.revoked_at, release.revoked_by = now, actor.user_id
        release.revoked_reason = reason.strip()
        session.add(release)
        await session.flush()
        covered = await rights.covered_by(session, release.workspace_id, [release.id])
        covers = covered.get(release.id, [])
        await reconsider(session, production, covers, at=now)
        said = (
            f"{release.code} was revoked by <@{actor.user_id}>. `/scene rights` shows what waits."
        )
        await board.tell_channel(session, production, said, at=now)
        await _record(session, "release.revoked", release, covers, actor=actor, at=now)
    studio.bell.ring()
    return release


async def _held(session: Session, actor: Actor, release_id: str) -> tuple[Production, Release]:
    """Hold a release that still can be changed, and its production, until the commit."""
    release = await rights.get(session, actor.workspace_id, release_id)
    if release is None:
        raise NotNow(GONE)
    production = await productions.get(session, actor.workspace_id, release.production_id)
    await must(session, Power.RIGHTS, actor, production=production)
    await scenes.hold(session, production)
    release = await rights.hold(session, actor.workspace_id, release_id)
    if release is None:
        raise NotNow(GONE)
    if release.revoked_at is not None:
        who = f"by <@{release.revoked_by}>"
        raise NotNow(f"{release.code} was revoked already, {who}. Record a new one.")
    return production, release


async def _covered(session: Session, production: Production, form: ReleaseForm) -> list[Reference]:
    found = await references.assets(session, production.workspace_id, form.reference_ids)
    own = [each.reference for each in found if each.reference.production_id == production.id]
    if len(own) < len(set(form.reference_ids)):
        raise BadForm({"references": "One of these is not a reference of this production."})
    return own


def _filled(release: Release, form: ReleaseForm) -> None:
    for name in TEXTS:
        setattr(release, name, getattr(form, name).strip())
    release.kind, release.exclusive = form.kind, form.exclusive
    release.starts_on, release.ends_on = form.starts_on, form.ends_on
    for paper in form.documents:
        release.document_name, release.document_file_id = paper.name, paper.file_id
        release.document_sha256, release.document_problem = None, ""


async def _record(
    session: Session,
    kind: str,
    release: Release,
    covers: Iterable[Reference],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    texts = {"holder": release.holder, "scope": release.scope, "reason": release.revoked_reason}
    facts: dict[str, Any] = {
        "release": release.id,
        "number": release.number,
        "code": release.code,
        "kind": release.kind.value,
        "starts": release.starts_on.isoformat(),
        "ends": release.ends_on.isoformat() if release.ends_on else None,
        "exclusive": release.exclusive,
        "covers": sorted(each.id for each in covers),
    }
    facts |= {name: log.commitment(text, release.salt) for name, text in texts.items() if text}
    await log.record(
        session, kind, workspace_id=release.workspace_id, actor=actor, at=at,
        about=log.About(release.production_id), facts=facts,
    )  # fmt: skip
