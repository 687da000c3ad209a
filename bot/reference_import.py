"""Carry an import of references out: all of it in one transaction, or nothing."""

import asyncio
import shutil
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import board, releases
from bot.errors import NotNow
from bot.people import Actor
from bot.proposals import add_version
from bot.reference_csv import Row
from bot.reference_kinds import kept_traits
from bot.reference_plan import Change, Found, Look, Plan
from bot.reference_records import record
from bot.reference_status import moved
from bot.references import kept_values
from bot.release_form_values import ReleaseForm
from bot.studio import Studio
from storage import Session, castings, references, rights, scenes
from storage._types import new_id
from storage.models import Production, Reference, ReferenceFile, ReferenceStatus


async def carry_out(studio: Studio, plan: Plan) -> int:
    """Import what was planned; give how many references are new or have another version.

    Raises NotNow if a file or a reference has changed since it was looked at.
    """
    kept = {
        found.sha256: await _kept(studio, found, found.look)
        for change in plan.changes
        for found in change.files
        if found.look is not None
    }
    now = studio.clock()
    async with studio.db.begin() as session:
        await scenes.hold(session, plan.order.production)
        touched = [
            await _written(session, plan, change, kept=kept, now=now)
            for change in plan.changes
            if await _is_fresh(session, plan, change)
        ]
        await _tell(session, plan, touched, at=now)
        for reference in touched:
            kind = "reference.approved" if _is_approved(reference) else "reference.proposed"
            await record(session, kind, reference, actor=plan.actor, at=now, by="import")
    await _release(studio, plan)
    return len(touched)


def _is_approved(reference: Reference) -> bool:
    return reference.status is ReferenceStatus.APPROVED


async def _kept(studio: Studio, found: Found, look: Look) -> dict[str, Any]:
    """Copy a file to where files are kept, as it was when it was looked at."""
    path = look.desk / "file"
    await asyncio.to_thread(shutil.copyfile, found.path, path)
    values = await kept_values(studio, path, look.examined, name=found.path.name)
    if values["sha256"] != found.sha256:
        raise NotNow(f"{found.path.name} was changed while it was being read. Begin again.")
    return values


async def _is_fresh(session: Session, plan: Plan, change: Change) -> bool:
    """Say whether a line changes anything; raise NotNow if somebody was faster than the plan."""
    now = await references.by_number(session, plan.order.production, change.row.number)
    seen = change.standing.reference if change.standing else None
    if (now is None) != (seen is None) or (now and seen and now.version != seen.version):
        raise NotNow(f"{change.row.code} was changed meanwhile. Begin again.")
    return not change.has_same_bytes


async def _written(
    session: Session, plan: Plan, change: Change, *, kept: dict[str, dict[str, Any]], now: datetime
) -> Reference:
    by = plan.actor or _NOBODY
    reference = await _reference(session, plan, change, by=by, at=now)
    files = [
        ReferenceFile(
            workspace_id=reference.workspace_id, production_id=reference.production_id,
            version_id="", position=0, name=each.path.name, **kept[each.sha256],
        )
        for each in change.files
    ]  # fmt: skip
    note = "" if change.standing is None else f"Imported from {plan.order.listing.name}."
    await add_version(session, reference, (), by=by, at=now, note=note, kept=files)
    for number in change.row.scenes:
        scene = await scenes.get(session, reference.workspace_id, plan.scenes[number])
        await castings.cast(session, scene, reference.id)
        await board.show_scene(session, scene, at=now)
    if change.row.status is ReferenceStatus.APPROVED and plan.actor:
        await moved(session, plan.actor, reference, ReferenceStatus.APPROVED, at=now)
    return reference


_NOBODY = Actor("", "", "")
"""Whoever runs the command line is nobody that Slack knows."""


async def _reference(
    session: Session, plan: Plan, change: Change, *, by: Actor, at: datetime
) -> Reference:
    """Make the reference of a line, or count its next version, which waits for approval again."""
    row, production = change.row, plan.order.production
    if change.standing is not None:
        reference = await references.hold(
            session, production.workspace_id, change.standing.reference.id
        )
        reference.version += 1
        if reference.status is ReferenceStatus.APPROVED:
            reference.status, reference.status_by = ReferenceStatus.PROPOSED, by.user_id
            reference.status_turn, reference.status_at = reference.status_turn + 1, at
    else:
        reference = Reference(
            workspace_id=production.workspace_id,
            production_id=production.id,
            number=row.number,
            kind=row.kind,
            title=row.title,
            fields=kept_traits(row.kind, row.fields),
            needs_release=row.needs_release,
            proposed_by=by.user_id,
            proposed_at=at,
        )
    session.add(reference)
    await session.flush()
    return reference


async def _tell(session: Session, plan: Plan, touched: list[Reference], *, at: datetime) -> None:
    """Say it once in the channel: hundreds of cards would help nobody."""
    if not touched:
        return
    count = len(touched)
    told = "1 reference was" if count == 1 else f"{count} references were"
    text = f"{told} imported from a list. `/scene ref` lists them all."
    await board.tell_channel(session, plan.order.production, text, at=at)


async def _release(studio: Studio, plan: Plan) -> None:
    """Record a release for each set of terms, unless what it would cover has such a one."""
    together: dict[ReleaseForm, list[Row]] = {}
    for change in plan.changes:
        if change.row.terms:
            together.setdefault(change.row.terms, []).append(change.row)
    production = plan.order.production
    for terms, rows in together.items():
        async with studio.db.read() as session:
            open_ids = await _uncovered(session, production, terms, rows)
        if open_ids and plan.actor:
            form = replace(terms, reference_ids=tuple(open_ids))
            where = production.channel_id
            await releases.record(
                studio, plan.actor, form, channel_id=where, key=f"import:{new_id()}"
            )


async def _uncovered(
    session: Session, production: Production, terms: ReleaseForm, rows: list[Row]
) -> list[str]:
    found = [await references.by_number(session, production, row.number) for row in rows]
    ids = [each.id for each in found if each]
    covering = await rights.covering(session, production.workspace_id, ids)
    wanted = (terms.holder, terms.starts_on, terms.ends_on)
    return [
        each
        for each in ids
        if wanted not in {(it.holder, it.starts_on, it.ends_on) for it in covering.get(each, [])}
    ]
