"""The take's card: the picture, the intent it is judged against, and what may be decided."""

import json

from bot.constraint_lines import Surface
from bot.holds import Trouble
from bot.views import TakeView
from engines import Actor, FailKind
from handlers.cards._parts import (
    MARK,
    NOTE,
    Drawn,
    Json,
    actions,
    brief,
    button,
    context,
    cost,
    cut,
    fields,
    header,
    length,
    moment,
    option,
    person,
    picture,
    plain,
    safe,
    section,
    shown_of,
    size,
    state_of,
)
from handlers.cards.rules import applying, palette
from storage.models import Decision, Ruling, Take, TakeState, Verdict

_BAR = 20
_PROBLEM, _ALT = 700, 300
"""As much as a card shows of an engine's words and of a picture's; the record has all."""
_TROUBLES = 6
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
    blocks = [
        header(f"{take.code} · {view.scene.title}"),
        context(_status(view), _facts(view), view.engine_credit if take.sha256 else ""),
    ]
    if take.state in {TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING}:
        blocks.append(section(_progress(take)))
    if take.problem:
        mark = "" if take.state is TakeState.CANCELLED else ":warning: "
        blocks.append(section(f"{mark}{brief(take.problem, _PROBLEM)}{_next(view)}"))
    if view.troubles:
        blocks.append(section("\n".join(_trouble(each) for each in view.troubles[:_TROUBLES])))
    if take.poster_file_id:
        alt = f"{shown_of(take)} {label(view)}: {view.shot.action or view.scene.purpose}"
        blocks.append(picture(take.poster_file_id, cut(alt, _ALT)))
    blocks += _intent(view)
    blocks += [context(*_told(view.decisions))] if view.decisions else []
    blocks += _choices(view)
    return Drawn(f"{label(view)} of {view.scene.title}: {state_of(take).lower()}.", blocks)


def label(view: TakeView) -> str:
    """Name a take as people say it."""
    return f"{view.scene.code} {view.shot.code} {view.take.code}"


def _status(view: TakeView) -> str:
    state = view.take.state
    later = view.superseded_by
    more = f" by {later.code}" if state is TakeState.SUPERSEDED and later else ""
    return f"{MARK.get(state, ':film_frames:')} *{state_of(view.take)}*{more}"


def _facts(view: TakeView) -> str:
    take, body = view.take, json.loads(view.setup.body)
    facts = [
        f"{view.scene.code} {view.shot.code}",
        _extent(take, body["seconds"]),
        body["ratio"],
        f"{view.engine_label} {view.setup.model}".strip(),
        f"seed {body['seed']}" if body["seed"] is not None else "",
        cost(take),
        f"`{take.sha256[:8]}`" if take.sha256 else "",
    ]
    return "  ·  ".join(fact for fact in facts if fact)


def _extent(take: Take, ordered: float) -> str:
    """Say how long a clip is, and how large a still."""
    if take.still:
        return size(take) if take.width else "still"
    return length(take.seconds or ordered)


def _trouble(each: Trouble) -> str:
    """Say what is not in order, and what a producer made of it."""
    hold, why = each.hold, brief(each.why, _ALT)
    if hold is None or hold.ruling is None:
        return (
            f":no_entry: *On hold.* {why}. A producer decides whether it stands: `/scene rights`."
        )
    who = f"{person(hold.ruled_by)}, {moment(hold.ruled_at)}"
    return f"{_RULED[hold.ruling]} {why}. {who}: “{brief(hold.reason, NOTE)}”"


_RULED = {
    Ruling.STANDS: ":heavy_check_mark: *Stands nevertheless.*",
    Ruling.PULLED: ":no_entry: *Pulled.*",
}


def _next(view: TakeView) -> str:
    """Say who acts next on a take that came to nothing, or that nobody knows enough of."""
    take = view.take
    if take.state is TakeState.AMBIGUOUS:
        asked = moment(take.placed_at or take.ordered_at)
        return (
            f"\n*Next:* look for a job of {asked} at {safe(view.engine_label)}, then say below "
            "what you found."
        )
    if take.state is not TakeState.FAILED or not take.fail_kind:
        return ""
    return f"\n*Next:* {ACTS[FailKind(take.fail_kind).next_actor]}"


ACTS: dict[Actor, str] = {
    Actor.ARTIST: "change the prompt, the pictures or the settings, and order again.",
    Actor.PRODUCER: "a producer tops the account up; then order again.",
    Actor.OPERATOR: "whoever runs Circletake looks at the engine's key and model "
    "(`circletake doctor`).",
    Actor.NOBODY: "nothing is wrong with the order; order again when it suits you.",
    Actor.PERSON: "somebody looks at what happened before ordering again.",
}


def _progress(take: Take) -> str:
    if take.state is not TakeState.RENDERING:
        return f"Ordered by {person(take.ordered_by)}. It starts in a moment."
    if not take.progress:
        return f"The engine has been at work since {moment(take.placed_at)}."
    done = round(_BAR * take.progress / 100)
    return f"`{'█' * done}{'░' * (_BAR - done)}`  {take.progress} %"


def _intent(view: TakeView) -> list[Json]:
    ground = view.ground
    intent = fields(
        [
            ("Purpose", ground.purpose.text),
            ("Audience should feel", ground.feeling.text),
            ("Must carry", ground.must_carry.text),
            ("Must not show", ground.must_not_show.text),
        ]
    )
    rules = applying(ground, Surface.REVIEW, waived=view.waived)
    return [*intent, *rules, *palette(view.take)]


def _told(decisions: list[Decision]) -> list[str]:
    return [_decision(each) for each in decisions[-6:]]


def _decision(each: Decision) -> str:
    reason = f" ({each.reason.value})" if each.reason else ""
    note = f": “{brief(each.note, NOTE)}”" if each.note else ""
    said = _SAID[each.verdict]
    return f"{said}{reason} by {person(each.by)}, {each.role.value}, {moment(each.at)}{note}"


def _choices(view: TakeView) -> list[Json]:
    take = view.take
    if take.state is TakeState.WAITING:
        noted = [] if view.is_held else [option("Approve with a note", f"approve:{take.id}")]
        more = {
            "type": "overflow",
            "action_id": "take_more",
            "options": [*noted, *_looks(take)],
        }
        approve = button("Approve", "take_approve", take.id, style="primary")
        return [
            actions(
                *([] if view.is_held else [approve]),
                button("Retake", "take_retake", take.id),
                button("Reject", "take_reject", take.id, style="danger"),
                more,
            )
        ]
    if take.state is TakeState.AMBIGUOUS:
        return [_settling(view)]
    if take.state in {TakeState.ORDERED, TakeState.RENDERING}:
        return [actions(_cancel(take))]
    if take.state in {TakeState.FAILED, TakeState.CANCELLED}:
        return [actions(_again(take))]
    return [actions(*_afterwards(take))] if take.sha256 and take.ready_at else []


def _looks(take: Take) -> list[Json]:
    """Offer what there is to look at beside the card."""
    made = option("How it was made", f"setup:{take.id}")
    return [made] if take.still else [option("Contact sheet", f"sheet:{take.id}"), made]


def _settling(view: TakeView) -> Json:
    """Let a person say what became of an order whose answer was lost."""
    console = view.engine_console
    link = [button("Open the console", "open_console", url=console)] if console else []
    again = "It was not placed: order again"
    confirm: Json = {
        "title": plain("Order again?"),
        "text": plain(f"Only if you looked and {view.engine_label} has no such job."),
        "confirm": plain("Order again"),
        "deny": plain("Not yet"),
    }
    return actions(
        *link,
        button("It was placed: here is its id", "take_was_placed", view.take.id),
        button(again, "take_not_placed", view.take.id, confirm=confirm),
        _again(view.take, "Order elsewhere"),
    )


def _cancel(take: Take) -> Json:
    confirm: Json = {
        "title": plain("Cancel this take?"),
        "text": plain("What the engine has done already may still be billed."),
        "confirm": plain("Cancel the take"),
        "deny": plain("Let it run"),
        "style": "danger",
    }
    return button("Cancel", "take_cancel", take.id, confirm=confirm)


def _again(take: Take, words: str = "Order anew") -> Json:
    return button(words, "take_elsewhere", take.id)


def _afterwards(take: Take) -> list[Json]:
    options = [*_looks(take), option("Order again, here or elsewhere", f"elsewhere:{take.id}")]
    if take.state in _TAKEN_BACK:
        options.insert(0, option("Take the decision back", f"withdraw:{take.id}"))
    more = {"type": "overflow", "action_id": "take_more", "options": options}
    if take.state in {TakeState.RETAKE, TakeState.REJECTED}:
        return [button("Order a new take", "take_elsewhere", take.id), more]
    return [more]
