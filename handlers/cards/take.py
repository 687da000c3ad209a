"""The take's card: the picture, the intent it is judged against, and what may be decided."""

import json

from bot.views import TakeView
from handlers.cards._parts import (
    MARK,
    NOTE,
    STATE,
    Drawn,
    Json,
    actions,
    button,
    context,
    cut,
    fields,
    header,
    length,
    moment,
    money,
    option,
    person,
    picture,
    safe,
    section,
)
from storage.models import Decision, Take, TakeState, Verdict

_BAR = 20
_SAID = {
    Verdict.APPROVE: "Approved",
    Verdict.RETAKE: "Retake asked",
    Verdict.REJECT: "Rejected",
    Verdict.WITHDRAW: "Decision withdrawn",
}
_TAKEN_BACK = {
    TakeState.APPROVED,
    TakeState.WITH_CLIENT,
    TakeState.RETAKE,
    TakeState.REJECTED,
}


def take_card(view: TakeView) -> Drawn:
    """Draw a take from its order to the last word on it."""
    take = view.take
    blocks = [header(f"{take.code} · {view.scene.title}"), context(_status(view), _facts(view))]
    if take.state in {TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING}:
        blocks.append(section(_progress(take)))
    if take.problem:
        blocks.append(section(f":warning: {safe(take.problem)}"))
    if take.poster_file_id:
        alt = f"A frame of {label(view)}: {view.shot.action or view.scene.purpose}"
        blocks.append(picture(take.poster_file_id, alt))
    blocks += _intent(view)
    blocks += [context(*_told(view.decisions))] if view.decisions else []
    blocks += _choices(take)
    return Drawn(f"{label(view)} of {view.scene.title}: {STATE[take.state].lower()}.", blocks)


def label(view: TakeView) -> str:
    """Name a take as people say it."""
    return f"{view.scene.code} {view.shot.code} {view.take.code}"


def _status(view: TakeView) -> str:
    state = view.take.state
    later = view.superseded_by
    more = f" by {later.code}" if state is TakeState.SUPERSEDED and later else ""
    return f"{MARK.get(state, ':film_frames:')} *{STATE[state]}*{more}"


def _facts(view: TakeView) -> str:
    take, body = view.take, json.loads(view.setup.body)
    facts = [
        f"{view.scene.code} {view.shot.code}",
        length(take.seconds or body["seconds"]),
        body["ratio"],
        view.engine_label,
        f"seed {body['seed']}",
        money(take.cost_cents or take.estimate_cents),
        f"`{take.sha256[:8]}`" if take.sha256 else "",
    ]
    return "  ·  ".join(fact for fact in facts if fact)


def _progress(take: Take) -> str:
    if take.state is not TakeState.RENDERING:
        return f"Ordered by {person(take.ordered_by)}. It starts in a moment."
    done = round(_BAR * take.progress / 100)
    return f"`{'█' * done}{'░' * (_BAR - done)}`  {take.progress} %"


def _intent(view: TakeView) -> list[Json]:
    scene = view.scene
    return fields(
        [
            ("Purpose", scene.purpose),
            ("Audience should feel", scene.feeling),
            ("Must carry", scene.must_carry),
            ("Must not show", scene.must_not_show),
        ]
    )


def _told(decisions: list[Decision]) -> list[str]:
    return [_decision(each) for each in decisions[-6:]]


def _decision(each: Decision) -> str:
    reason = f" ({each.reason.value})" if each.reason else ""
    note = f": “{safe(cut(each.note, NOTE))}”" if each.note else ""
    said = _SAID[each.verdict]
    return f"{said}{reason} by {person(each.by)}, {each.role.value}, {moment(each.at)}{note}"


def _choices(take: Take) -> list[Json]:
    if take.state is TakeState.WAITING:
        more = {
            "type": "overflow",
            "action_id": "take_more",
            "options": [
                option("Approve with a note", f"approve:{take.id}"),
                option("Contact sheet", f"sheet:{take.id}"),
                option("How it was made", f"setup:{take.id}"),
            ],
        }
        return [
            actions(
                button("Approve", "take_approve", take.id, style="primary"),
                button("Retake", "take_retake", take.id),
                button("Reject", "take_reject", take.id, style="danger"),
                more,
            )
        ]
    if take.state in {TakeState.FAILED, TakeState.AMBIGUOUS}:
        return [actions(button("Order again", "scene_order", take.scene_id))]
    return [actions(*_afterwards(take))] if take.sha256 and take.ready_at else []


def _afterwards(take: Take) -> list[Json]:
    options = [
        option("Contact sheet", f"sheet:{take.id}"),
        option("How it was made", f"setup:{take.id}"),
    ]
    if take.state in _TAKEN_BACK:
        options.insert(0, option("Take the decision back", f"withdraw:{take.id}"))
    more = {"type": "overflow", "action_id": "take_more", "options": options}
    if take.state in {TakeState.RETAKE, TakeState.REJECTED}:
        return [button("Order a new take", "scene_order", take.scene_id), more]
    return [more]
