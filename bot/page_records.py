"""Lay the records of a sequence out as its page's values; for a client, without what is internal.

Nothing in here depends on the clock, so a page stays as it is while nothing happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.constraint_lines import Constraint, Surface
from bot.governed import Governed, named
from bot.intent import Ground
from bot.page_view import (
    PageApproval,
    PageCircle,
    PageConstraint,
    PageExport,
    PageHold,
    PagePicture,
    PagePlacement,
    PagePrompt,
    PageReference,
    PageScene,
    PageShot,
    PageView,
)
from bot.rights import Clearance, day
from storage.models import (
    Decision,
    Export,
    Placement,
    Production,
    ReferenceStatus,
    Scene,
    Sequence,
    Shot,
    Stage,
    TakeState,
)
from storage.page_contents import Made

_UNDER_WAY = "under way"
_TOLD = {
    TakeState.WAITING: "waits for the team",
    TakeState.WITH_CLIENT: "waits for the client",
    TakeState.APPROVED: "circle take",
    TakeState.SUPERSEDED: "superseded",
    TakeState.RETAKE: "retake",
    TakeState.REJECTED: "rejected",
    TakeState.FAILED: "failed",
    TakeState.CANCELLED: "cancelled",
    TakeState.AMBIGUOUS: "not settled",
}


@dataclass(frozen=True)
class Records:
    """What a page is made of."""

    production: Production
    sequence: Sequence
    scenes: list[Scene]
    ground: Ground
    """Of the sequence itself, with what it inherits; its constraints are those of every level."""
    constraints: list[tuple[Constraint, str]]
    """Each with the waiver of its scene's, if there is one, as people read it."""
    shots: Mapping[str, list[Shot]]
    """By the scene's id."""
    takes: list[Made]
    """Newest first."""
    approvals: list[Decision]
    """Those that were not taken back, newest first."""
    used: Mapping[str, list[str]]
    members: list[Governed]
    exports: list[tuple[Export, list[Placement]]]
    holds: Mapping[str, list[PageHold]]
    """By the take's id."""
    names: Mapping[str, str]
    links: Mapping[str, str]
    """Addresses of takes' cards."""
    engines: Mapping[str, str]
    """What engines are called."""

    def named(self, decision: Decision) -> str:
        """Call somebody by their name; by their role if Slack has not told us."""
        return self.names.get(decision.by) or f"a {decision.role.value}"


def page_of(of: Records, *, at: datetime, for_client: bool) -> PageView:
    """Lay out a page."""
    labels = {
        shot.id: f"{scene.code} {shot.code}"
        for scene in of.scenes
        for shot in of.shots.get(scene.id, [])
    }
    by_id = {take.id: f"{labels[take.shot_id]} {take.code}" for take in of.takes}
    return PageView(
        production=of.production.name,
        code=of.sequence.code,
        title=of.sequence.title,
        as_of=at,
        zone=of.production.zone,
        story_job=of.ground.story_job.text,
        visual_rules=of.ground.visual_rules.text,
        feeling=of.ground.feeling.text,
        must_carry=of.ground.must_carry.text,
        must_not_show=of.ground.must_not_show.text,
        constraints=_constraints(of, for_client=for_client),
        scenes=tuple(_scene(of, each, for_client=for_client) for each in of.scenes),
        references=_references(of, for_client=for_client),
        approvals=_approvals(of, by_id, for_client=for_client),
        holds=() if for_client else tuple(_holds(of)),
        exports=tuple(_export(each, placed, by_id) for each, placed in of.exports),
    )


def _constraints(of: Records, *, for_client: bool) -> tuple[PageConstraint, ...]:
    """Write every rule once; the client reads those that name the client, without the rest."""
    return tuple(
        PageConstraint(
            kind=each.kind.value,
            effect=each.effect.value,
            text=each.text,
            source="" if for_client else each.source,
            level=each.level[:1].upper() + each.level[1:],
            waived="" if for_client else waived,
        )
        for each, waived in of.constraints
        if not for_client or Surface.CLIENT in each.at
    )


def _scene(of: Records, scene: Scene, *, for_client: bool) -> PageScene:
    shots = of.shots.get(scene.id, [])
    codes = {shot.id: shot.code for shot in shots}
    made = [take for take in of.takes if take.scene_id == scene.id]
    return PageScene(
        code=scene.code,
        title=scene.title,
        purpose=scene.purpose,
        change=scene.change,
        feeling=scene.feeling,
        must_carry=scene.must_carry,
        must_not_show=scene.must_not_show,
        shots=tuple(_shot(of, shot, made, for_client=for_client) for shot in shots),
        prompts=() if for_client else tuple(_prompt(of, take, codes) for take in made),
    )


def _shot(of: Records, shot: Shot, made: list[Made], *, for_client: bool) -> PageShot:
    own = [take for take in made if take.shot_id == shot.id]
    circle = next((take for take in own if take.id == shot.circle_take_id), None)
    if circle and for_client and circle.id in of.holds:
        circle = None
    return PageShot(
        code=shot.code,
        action=shot.action,
        framing=shot.framing,
        camera=shot.camera,
        seconds=shot.seconds,
        ratio=shot.ratio,
        state="" if circle else _stands(of, own, for_client=for_client),
        circle=_circle(of, shot, circle, for_client=for_client) if circle else None,
    )


def _holds(of: Records) -> list[PageHold]:
    every = [each for several in of.holds.values() for each in several]
    return sorted(every, key=lambda hold: (hold.take, hold.reference))


def _stands(of: Records, made: list[Made], *, for_client: bool) -> str:
    """Say how far a shot without a circle take is; a client hears of nothing but their own turn.

    To them a take that is on hold is not shown at all, if somebody's face has to go.
    """
    if for_client:
        waits = any(
            take.state is TakeState.WITH_CLIENT and take.id not in of.holds for take in made
        )
        return "Waits for your decision." if waits else "In work."
    if not made:
        return "No take is ordered yet."
    newest = max(made, key=lambda take: take.number)
    told = _TOLD.get(newest.state, _UNDER_WAY)
    return f"{newest.code}: {told}{', on hold' if newest.id in of.holds else ''}."


def _circle(of: Records, shot: Shot, take: Made, *, for_client: bool) -> PageCircle:
    given = [each for each in of.approvals if each.take_id == take.id]
    shown = [each for each in given if not for_client or each.stage is Stage.CLIENT]
    poster = take.poster_sha256
    return PageCircle(
        code=take.code,
        sha256=take.sha256 or "",
        approved_by=tuple(dict.fromkeys(of.named(each) for each in reversed(shown))),
        approved_at=max((each.at for each in given), default=take.ready_at or take.ordered_at),
        poster=PagePicture(poster, f"A frame of {shot.code} {take.code}") if poster else None,
        link="" if for_client else of.links.get(take.id, ""),
    )


def _prompt(of: Records, take: Made, codes: Mapping[str, str]) -> PagePrompt:
    return PagePrompt(
        take=f"{codes[take.shot_id]} {take.code}",
        engine=of.engines.get(take.engine, take.engine),
        model=take.model,
        at=take.ordered_at,
        state=_TOLD.get(take.state, _UNDER_WAY),
        prompt=take.prompt,
        references=tuple(of.used.get(take.id, ())),
    )


def _references(of: Records, *, for_client: bool) -> tuple[PageReference, ...]:
    """Show what the scenes are made after; the client sees what is in order, without its papers."""
    shown = [
        each
        for each in of.members
        if not for_client
        or (each.standing.is_in_order and each.reference.status is ReferenceStatus.APPROVED)
    ]
    return tuple(
        PageReference(
            code=each.reference.code,
            title=named(each.reference),
            kind=each.reference.kind.value,
            status=each.reference.status.value,
            version=each.reference.version,
            rights="" if for_client else _rights(each),
            picture=_picture(each),
        )
        for each in shown
    )


def _picture(member: Governed) -> PagePicture | None:
    for each in member.asset.files:
        sha256 = each.shown_sha256 or (each.sha256 if each in member.pictures else None)
        if sha256:
            return PagePicture(sha256, f"{member.reference.kind.value} {named(member.reference)}")
    return None


def _rights(member: Governed) -> str:
    """Say until when it may be used, as a day: how many are left would change every night."""
    standing, release = member.standing, member.standing.release
    if release is None:
        return standing.clearance.value if standing.clearance in _WRONG else ""
    ends = f"until {day(release.ends_on)}" if release.ends_on else "in perpetuity"
    told = {
        Clearance.EXPIRED: f"expired {day(release.ends_on or release.starts_on)}",
        Clearance.NOT_BEGUN: f"from {day(release.starts_on)}",
        Clearance.REVOKED: "revoked",
    }.get(standing.clearance, ends)
    return f"{release.kind.value.capitalize()} {release.code}, {told}"


_WRONG = frozenset({Clearance.MISSING})


def _approvals(
    of: Records, labels: Mapping[str, str], *, for_client: bool
) -> tuple[PageApproval, ...]:
    return tuple(
        PageApproval(
            take=labels[each.take_id],
            by=of.named(each),
            at=each.at,
            stage=each.stage.value.capitalize(),
            note="" if for_client else each.note,
        )
        for each in of.approvals
        if each.take_id in labels and (not for_client or each.stage is Stage.CLIENT)
    )


def _export(export: Export, placed: list[Placement], labels: Mapping[str, str]) -> PageExport:
    return PageExport(
        code=export.code,
        take=labels.get(export.take_id, ""),
        preset=export.preset,
        path=export.path,
        sha256=export.sha256,
        at=export.exported_at,
        placements=tuple(
            PagePlacement(
                use=each.use.value,
                title=each.title,
                url=each.url,
                placed_on=each.placed_on,
                ended_on=each.ended_on,
            )
            for each in placed
        ),
    )
