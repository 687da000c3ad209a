"""The scene's card: what it is for, where it stands, and its circle takes."""

from bot.governed import Governed, named
from bot.rights import term_told
from bot.shots import called
from bot.views import Circle, SceneView
from handlers.cards._parts import (
    MARK,
    STATE,
    Drawn,
    Json,
    actions,
    brief,
    button,
    circle_shown_of,
    context,
    fields,
    header,
    length,
    moment,
    person,
    picture,
    safe,
    section,
    state_of,
)
from handlers.cards.rules import applying
from storage.models import Shot, Take, TakeState

_LISTED = 8
_WHY = 300


def scene_card(view: SceneView) -> Drawn:
    """Draw a scene as it stands."""
    scene = view.scene
    blocks = [header(f"{scene.code} · {scene.title}"), context(_standing(view), _opened(view))]
    for circle in view.circles[:_LISTED]:
        blocks += _circle(view, circle)
    blocks += _holds(view)
    blocks += fields(
        [
            ("Purpose", scene.purpose),
            ("What changes", scene.change),
            ("Audience should feel", scene.feeling),
            ("Must carry", scene.must_carry),
            ("Must not show", scene.must_not_show),
            ("Why it differs", scene.overrides),
        ]
    )
    blocks += applying(view.ground, None, waived=view.waived)
    blocks += [section(_shot(shot)) for shot in view.shots[:_LISTED]]
    blocks += _references(view)
    blocks += _takes(view)
    blocks.append(_choices(view))
    return Drawn(f"{scene.code} {scene.title}: {standing(view).lower()}.", blocks)


def standing(view: SceneView) -> str:
    """Say in a word where a scene stands."""
    states = {take.state for take in view.takes}
    if len(view.circles) == len(view.shots):
        return "On hold" if _holds_a_circle(view) else "Approved"
    for state in (TakeState.WITH_CLIENT, TakeState.WAITING, TakeState.RENDERING):
        if state in states:
            return STATE[state]
    if states & {TakeState.ORDERED, TakeState.PLACING, TakeState.PRESENTING}:
        return "Being made"
    if view.circles:
        return f"{len(view.circles)} of {len(view.shots)} shots approved"
    return "No take yet" if not view.takes else "Needs a new take"


def _holds_a_circle(view: SceneView) -> bool:
    return any(is_held(view, each.take) for each in view.circles)


def is_held(view: SceneView, take: Take) -> bool:
    """Whether a take used what is not in order, and no producer let it stand."""
    return not all(each.is_lifted for each in view.troubles.get(take.id, []))


def mark(view: SceneView) -> str:
    """Mark a scene in a list by where it stands."""
    if _holds_a_circle(view):
        return ":no_entry:"
    is_whole = len(view.circles) == len(view.shots)
    return MARK[TakeState.APPROVED] if is_whole else ":clapper:"


def circle_mark(view: SceneView, take: Take) -> str:
    """Mark a circle take by whether it may be used."""
    return ":no_entry:" if is_held(view, take) else MARK[TakeState.APPROVED]


def _standing(view: SceneView) -> str:
    return f"{mark(view)} *{standing(view)}*"


def _opened(view: SceneView) -> str:
    scene = view.scene
    source = f"  ·  <{scene.source_link}|from this thread>" if scene.source_link else ""
    return f"{view.production.name}  ·  opened by {person(scene.opened_by)}{source}"


def _circle(view: SceneView, circle: Circle) -> list[Json]:
    take, decision = circle.take, circle.decision
    by = f" by {person(decision.by)}, {moment(decision.at)}" if decision else ""
    hashed = f"`{take.sha256[:8]}`" if take.sha256 else ""
    name = called(view.shots, take)
    said = section(f"{circle_mark(view, take)} *Circle take {name}*{by}  {hashed}")
    alt = f"{circle_shown_of(take, name)}: {view.scene.purpose}"
    return [said, picture(take.poster_file_id, alt)] if take.poster_file_id else [said]


def _holds(view: SceneView) -> list[Json]:
    """Say which takes are on hold, and why: once for each reason."""
    codes: dict[str, list[str]] = {}
    for take in view.takes:
        for each in view.troubles.get(take.id, []):
            if not each.is_lifted:
                codes.setdefault(brief(each.why, _WHY), []).append(called(view.shots, take))
    lines = [f":no_entry: *On hold:* {_some(each)}. {why}." for why, each in codes.items()]
    return [section("\n".join(lines[:_LISTED]))] if lines else []


def _some(codes: list[str]) -> str:
    more = len(codes) - _LISTED
    return f"{', '.join(codes[:_LISTED])}{f' and {more} more' if more > 0 else ''}"


def _shot(shot: Shot) -> str:
    plan = "  ·  ".join(safe(text) for text in (shot.action, shot.framing, shot.camera) if text)
    return f"*{shot.code}*  {length(shot.seconds)}  ·  {shot.ratio}" + (f"\n{plan}" if plan else "")


def _references(view: SceneView) -> list[Json]:
    if not view.references:
        return []
    names = ", ".join(
        f"{safe(named(each.reference))} ({_standing_of(each)})"
        for each in view.references[:_LISTED]
    )
    more = len(view.references) - _LISTED
    return [context(f":frame_with_picture: {names}{f' and {more} more' if more > 0 else ''}")]


def _standing_of(member: Governed) -> str:
    if member.is_coming:
        return "being fetched"
    return term_told(member.standing) if member.pictures else "not usable"


def _takes(view: SceneView) -> list[Json]:
    if not view.takes:
        return []
    listed = "   ".join(_take(view, take) for take in view.takes[:_LISTED])
    more = len(view.takes) - _LISTED
    return [context(f"{listed}{f'   and {more} more' if more > 0 else ''}")]


def _take(view: SceneView, take: Take) -> str:
    name = called(view.shots, take)
    shown = ":no_entry:" if is_held(view, take) else MARK.get(take.state, ":film_frames:")
    return f"{shown} {name} {state_of(take).lower()}"


def _choices(view: SceneView) -> Json:
    return actions(
        button("Order a take", "scene_order", view.scene.id, style="primary"),
        button("Next shot", "scene_next_shot", view.scene.id),
        button("Edit", "scene_edit", view.scene.id),
        button("Log", "scene_log", view.scene.id),
    )
