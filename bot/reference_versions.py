"""Correct a reference, and make its next version; versions themselves never change."""

from dataclasses import dataclass
from datetime import datetime

from bot import board
from bot.crew import Power, must
from bot.errors import BadForm, NotNow
from bot.holds import reconsider
from bot.people import Actor
from bot.ports import SharedFile
from bot.proposals import LONGEST, ReferenceForm, add_version, check_number, problems_of
from bot.reference_kinds import kept_traits
from bot.reference_records import held, record, show, tell, told_name
from bot.studio import Studio
from storage import Session, castings, deliveries, references
from storage.models import Production, Reference, ReferenceStatus


@dataclass(frozen=True)
class NextVersion:
    """What somebody filled in to make the next version of a reference."""

    reference_id: str
    seen: int
    """The version that the form showed."""
    note: str
    kept: tuple[str, ...] = ()
    """The files of that version which stay, by id."""
    files: tuple[SharedFile, ...] = ()


async def add_next(
    studio: Studio, actor: Actor, form: NextVersion, *, key: str
) -> Reference | None:
    """Make the next version of a reference; one that was approved waits for approval again.

    None if this delivery had its effect already. Raises BadForm, NotAllowed, or NotNow.
    """
    if problems := _problems_of_next(form):
        raise BadForm(problems)
    check_number(form.files)
    now = studio.clock()
    async with studio.db.begin() as session:
        reference, production = await held(session, actor, form.reference_id)
        await must(session, Power.REFERENCE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await _advance(session, actor, reference, form=form, at=now)
        cast = await castings.scenes_of(session, reference)
        await show(session, production, reference, at=now)
        await board.redraw_reference(session, reference, cast, at=now)
        await tell(session, production, cast, _told(reference), at=now)
        await record(session, "reference.renewed", reference, actor=actor, at=now)
    studio.bell.ring()
    return reference


def _problems_of_next(form: NextVersion) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.note.strip():
        problems["note"] = "Say what is different in this version."
    elif len(form.note) > LONGEST:
        problems["note"] = f"At most {LONGEST:,} characters fit here; this has {len(form.note):,}."
    return problems


async def _advance(
    session: Session, actor: Actor, reference: Reference, *, form: NextVersion, at: datetime
) -> None:
    before = await references.asset(session, reference)
    if before.version.number != form.seen:
        who = f", by <@{before.version.made_by}>" if before.version.made_by else ""
        told = f"{reference.code} has version {before.version.number} by now{who}. Look at it first"
        raise NotNow(f"{told}: `/scene ref {reference.code}`.")
    reference.version += 1
    if reference.status is ReferenceStatus.APPROVED:
        reference.status = ReferenceStatus.PROPOSED
        reference.status_turn += 1
        reference.status_by, reference.status_at = actor.user_id, at
        reference.status_reason = reference.status_salt = ""
    session.add(reference)
    await session.flush()
    kept = [each for each in before.files if each.id in form.kept]
    await add_version(session, reference, form.files, by=actor, at=at, note=form.note, kept=kept)


def _told(reference: Reference) -> str:
    waits = " and waits for approval" if reference.status is ReferenceStatus.PROPOSED else ""
    return f"*{told_name(reference)}* has version {reference.version} now{waits}."


async def change(
    studio: Studio, actor: Actor, form: ReferenceForm, *, reference_id: str, key: str
) -> None:
    """Correct what a reference is called and described by, once; its files stay as they are.

    Raises BadForm, NotAllowed, or NotNow.
    """
    if problems := problems_of(form):
        raise BadForm(problems)
    now = studio.clock()
    async with studio.db.begin() as session:
        reference, production = await held(session, actor, reference_id)
        await _may_change(session, actor, production, reference=reference, form=form)
        changed = _changed(reference, form)
        if not changed or not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        for name, value in changed.items():
            setattr(reference, name, value)
        session.add(reference)
        await session.flush()
        cast = await castings.scenes_of(session, reference)
        await board.redraw_reference(session, reference, cast, at=now)
        if "needs_release" in changed:
            await reconsider(session, production, [reference], at=now)
        await record(
            session, "reference.changed", reference, actor=actor, at=now, fields=", ".join(changed)
        )
    studio.bell.ring()


async def _may_change(
    session: Session,
    actor: Actor,
    production: Production,
    *,
    reference: Reference,
    form: ReferenceForm,
) -> None:
    """Whoever may propose may correct; that no release is needed is for a producer to say."""
    await must(session, Power.REFERENCE, actor, production=production)
    if reference.needs_release and not form.needs_release:
        await must(session, Power.BAR_REFERENCE, actor, production=production)


def _changed(reference: Reference, form: ReferenceForm) -> dict[str, object]:
    wanted: dict[str, object] = {
        "title": form.title.strip(),
        "kind": form.kind,
        "fields": kept_traits(form.kind, form.fields),
        "needs_release": form.needs_release,
    }
    return {name: value for name, value in wanted.items() if getattr(reference, name) != value}
