"""Placements: where an export is shown, from when, and until when."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot import log
from bot.crew import Power, must
from bot.errors import BadForm, NotNow
from bot.holds import held, why_held
from bot.people import Actor
from bot.rights import today_of
from bot.studio import Studio
from storage import Session, deliveries, exports, productions
from storage._types import new_id
from storage.models import Export, Placement, Production, Scene, Shot, Take, Use

LONGEST_TITLE, LONGEST_LINK = 150, 1000
_GONE = "This export is not in our records any more."


@dataclass(frozen=True)
class PlacementForm:
    """What somebody filled in about a placement, as it was typed."""

    use: str = Use.SOCIAL_CUTDOWN.value
    title: str = ""
    url: str = ""
    placed_on: str = ""
    ended_on: str = ""


@dataclass(frozen=True)
class Placeable:
    """An export that may be placed, and what speaks against showing it anywhere new."""

    export: Export
    scene: Scene
    shot: Shot
    take: Take
    today: date
    warning: str

    @property
    def label(self) -> str:
        """`X4 · SC010 SH010 T3`."""
        codes = self.scene.code, self.shot.code, self.take.code
        return f"{self.export.code} · {' '.join(codes)}"


async def may_place(studio: Studio, actor: Actor, export_id: str) -> Placeable:
    """Give an export to somebody who may place it; nobody fills in a form for nothing."""
    async with studio.db.read() as session:
        export, production = await _theirs(session, actor, export_id)
        _, take, shot, scene = await exports.with_take(session, export)
        now = studio.clock()
        keeping = await held(session, production, [take], at=now)
    warning = " ".join(why_held(each) for each in keeping.values())
    return Placeable(export, scene, shot, take, today_of(production, now), warning)


async def _theirs(session: Session, actor: Actor, export_id: str) -> tuple[Export, Production]:
    export = await exports.get(session, actor.workspace_id, export_id)
    if export is None:
        raise NotNow(_GONE)
    production = await productions.get(session, actor.workspace_id, export.production_id)
    await must(session, Power.EXPORT, actor, production=production)
    return export, production


async def place(
    studio: Studio, actor: Actor, export_id: str, form: PlacementForm, *, key: str
) -> Placement | None:
    """Note where an export is shown; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, or NotAllowed. What is shown in fact is noted even
    if it should not be: the form says so first.
    """
    now = studio.clock()
    async with studio.db.begin() as session:
        export, production = await _theirs(session, actor, export_id)
        made = _read(form, export, actor, today=today_of(production, now), at=studio)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        await exports.keep_placement(session, made)
        await _record(session, "placement.made", made, export, actor=actor, studio=studio)
    return made


async def end(studio: Studio, actor: Actor, placement_id: str, *, key: str) -> Placement | None:
    """Note that an export is not shown there any more from today on; None if repeated."""
    now = studio.clock()
    async with studio.db.begin() as session:
        found = await exports.placement(session, actor.workspace_id, placement_id)
        if found is None:
            raise NotNow("This placement is not in our records any more.")
        export, production = await _theirs(session, actor, found.export_id)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return None
        found.ended_on = max(today_of(production, now), found.placed_on)
        if not await exports.end_placement(session, found, found.ended_on):
            raise NotNow("This placement has ended already. Nothing was changed.")
        await _record(session, "placement.ended", found, export, actor=actor, studio=studio)
    return found


def _read(
    form: PlacementForm, export: Export, actor: Actor, *, today: date, at: Studio
) -> Placement:
    problems = _problems(form, today)
    if problems:
        raise BadForm(problems)
    return Placement(
        id=new_id(),
        workspace_id=export.workspace_id,
        production_id=export.production_id,
        export_id=export.id,
        use=Use(form.use),
        title=form.title.strip(),
        url=form.url.strip(),
        placed_on=day_of(form.placed_on) or today,
        ended_on=day_of(form.ended_on),
        placed_by=actor.user_id,
        placed_at=at.clock(),
    )


def _problems(form: PlacementForm, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if form.use not in set(Use):
        problems["use"] = "Choose what it is used as."
    if not form.title.strip():
        problems["title"] = "Say where it is shown, so that others find it."
    elif len(form.title.strip()) > LONGEST_TITLE:
        problems["title"] = f"At most {LONGEST_TITLE} characters fit here."
    if why := link_problem(form.url.strip()):
        problems["url"] = why
    begins, ends = day_of(form.placed_on) or today, day_of(form.ended_on)
    for name, typed in (("placed_on", form.placed_on), ("ended_on", form.ended_on)):
        if typed and day_of(typed) is None:
            problems[name] = "Write the day like 2026-11-30."
    if ends and ends < begins:
        problems["ended_on"] = "It cannot end before it was placed."
    return problems


def day_of(typed: str) -> date | None:
    """Read a day as forms send it; None for anything else."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def link_problem(url: str) -> str:
    """Say in a sentence what is wrong with a public link; empty for a good one, or for none."""
    if not url:
        return ""
    if len(url) > LONGEST_LINK:
        return f"A link has at most {LONGEST_LINK:,} characters; this one has {len(url):,}."
    if any(each.isspace() or not each.isprintable() or each in '<>|"`\\' for each in url):
        return "A link has no spaces, quotes or angle brackets in it."
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return "Give the address that anybody can open: https://example.com/film, for example."
    return ""


async def _record(
    session: Session, kind: str, placed: Placement, export: Export, *, actor: Actor, studio: Studio
) -> None:
    about = log.About(export.production_id, export.scene_id, export.take_id, export.sha256)
    facts = {
        "placement": placed.id, "export": export.id, "code": export.code,
        "use": placed.use.value, "placed_on": placed.placed_on.isoformat(),
        "ended_on": placed.ended_on.isoformat() if placed.ended_on else None,
    }  # fmt: skip
    await log.record(
        session, kind, workspace_id=placed.workspace_id, actor=actor, at=studio.clock(),
        about=about, facts=facts,
    )  # fmt: skip
