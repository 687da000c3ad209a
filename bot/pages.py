"""Gather a sequence's page: all that its forms show, in a dozen queries however long it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.constraint_lines import Constraint
from bot.governed import governed
from bot.ground import rules_of
from bot.holds import troubles
from bot.intent import Ground, ground_of, lineage_of
from bot.page_records import Records, page_of
from bot.page_view import PageHold, PageView
from bot.rights import today_of
from bot.rulebook import Rules
from storage import Session, held, page_contents, references, sequences
from storage.holds import HELD
from storage.models import (
    Decision,
    Production,
    Scene,
    Sequence,
    Shot,
    Verdict,
    Waiver,
)
from storage.page_contents import Made

_TAKES, _APPROVALS = 3000, 300


async def page_view(
    session: Session,
    production: Production,
    sequence: Sequence,
    at: datetime,
    *,
    for_client: bool = False,
    engines: Mapping[str, str] | None = None,
    site: str = "",
) -> PageView:
    """Gather a page as it stands.

    `engines` gives what engines are called by their names, `site` the workspace's address, by which
    messages are linked to; both may be left out.
    """
    every = {each.id: each for each in await sequences.every(session, production)}
    scenes = await sequences.scenes_of(session, sequence)
    rules = await rules_of(session, production)
    assets = await references.assets(
        session, production.workspace_id, await page_contents.cast_ids(session, sequence)
    )
    shots = await page_contents.shots_of(session, sequence)
    shot_ids = [shot.id for several in shots.values() for shot in several]
    takes = await page_contents.takes_of(session, production.workspace_id, shot_ids, last=_TAKES)
    approvals = _standing(await page_contents.approvals_of(session, sequence, last=_APPROVALS))
    waivers = await page_contents.waivers_of(session, sequence)
    people = {each.by for each in approvals} | {each.waived_by for each in waivers}
    names = await page_contents.names(session, production.workspace_id, people)
    lineage = lineage_of(sequence, every)
    records = Records(
        production=production,
        sequence=sequence,
        scenes=scenes,
        ground=_own(production, sequence, lineage, rules),
        constraints=_constraints(scenes, lineage, rules, waivers, names),
        shots=shots,
        takes=takes,
        approvals=approvals,
        used=await page_contents.used_by(
            session, production.workspace_id, [take.id for take in takes]
        ),
        members=await governed(session, production, assets, at=at),
        exports=await page_contents.exports_of(session, sequence),
        holds=await _holds(session, production, scenes, shots, takes, at=at),
        names=names,
        links=await _links(session, production, shots, site),
        engines=engines or {},
    )
    return page_of(records, at=at, for_client=for_client)


def _standing(decisions: list[Decision]) -> list[Decision]:
    """Leave out what was taken back; the newest come first."""
    withdrawn: set[tuple[str, str]] = set()
    kept: list[Decision] = []
    for each in decisions:
        of = each.take_id, each.stage.value
        if each.verdict is Verdict.WITHDRAW:
            withdrawn.add(of)
        elif of not in withdrawn:
            kept.append(each)
    return kept


def _own(
    production: Production, sequence: Sequence, lineage: list[Sequence], rules: Rules
) -> Ground:
    """Lay out what holds in a sequence for a scene that says nothing itself."""
    silent = Scene(
        workspace_id=sequence.workspace_id, production_id=sequence.production_id,
        sequence_id=sequence.id, number=0, title="", channel_id="", opened_by="",
        opened_at=production.opened_at,
    )  # fmt: skip
    return ground_of(silent, lineage, rules)


def _constraints(
    scenes: list[Scene],
    lineage: list[Sequence],
    rules: Rules,
    waivers: list[Waiver],
    names: Mapping[str, str],
) -> list[tuple[Constraint, str]]:
    """Give the rules of every level once, each with the scenes that it is waived for."""
    found: dict[tuple[str, str], Constraint] = {}
    for scene in scenes:
        for each in ground_of(scene, lineage, rules).constraints:
            found.setdefault((each.level, each.key), each)
    codes = {scene.id: scene.code for scene in scenes}
    told: dict[str, list[str]] = {}
    for each in waivers:
        who = names.get(each.waived_by, "a producer")
        told.setdefault(each.key, []).append(
            f"Waived for {codes[each.scene_id]} by {who}: {each.reason}"
        )
    return [(each, " ".join(told.get(each.key, []))) for each in found.values()]


async def _holds(
    session: Session,
    production: Production,
    scenes: list[Scene],
    shots: Mapping[str, list[Shot]],
    takes: Iterable[Made],
    *,
    at: datetime,
) -> dict[str, list[PageHold]]:
    """Give what keeps takes from being approved or exported, by the take's id."""
    waiting = {take.id: take for take in takes if take.state in HELD}
    used = await held.used_by(session, production.workspace_id, list(waiting)) if waiting else {}
    labels = {
        shot.id: f"{scene.code} {shot.code}" for scene in scenes for shot in shots.get(scene.id, [])
    }
    today = today_of(production, at)
    found: dict[str, list[PageHold]] = {}
    for take_id, each in used.items():
        take = waiting[take_id]
        label = f"{labels[take.shot_id]} {take.code}"
        keeping = [
            PageHold(
                take=label,
                reference=trouble.reference.code,
                cause=f"{trouble.why}{', pulled by a producer' if trouble.is_pulled else ''}",
                since=trouble.hold.opened_at if trouble.hold else take.ready_at or take.ordered_at,
            )
            for trouble in troubles(each, today)
            if not trouble.is_lifted
        ]
        if keeping:
            found[take_id] = keeping
    return found


async def _links(
    session: Session, production: Production, shots: Mapping[str, list[Shot]], site: str
) -> dict[str, str]:
    """Give the addresses of circle takes' cards."""
    circles = [
        shot.circle_take_id for several in shots.values() for shot in several if shot.circle_take_id
    ]
    if not site or not circles:
        return {}
    posted = await page_contents.posted(session, production.workspace_id, circles)
    return {take_id: _address(site, *place) for take_id, place in posted.items()}


def _address(site: str, channel_id: str, ts: str, thread_ts: str | None) -> str:
    address = f"{site}/archives/{channel_id}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread_ts}&cid={channel_id}" if thread_ts else address
