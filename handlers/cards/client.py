"""The take as the client sees it: no prompt, no price, no internal word."""

from bot.views import ClientTakeView
from handlers.cards._parts import (
    NOTE,
    Drawn,
    actions,
    button,
    context,
    cut,
    fields,
    header,
    length,
    moment,
    person,
    picture,
    safe,
    shown_of,
    size,
)
from handlers.cards.rules import for_clients
from storage.models import Decision, Take, TakeState, Verdict

_STATUS = {
    TakeState.WITH_CLIENT: ":large_blue_circle: *Waiting for your decision*",
    TakeState.APPROVED: ":large_green_circle: *Approved*",
    TakeState.SUPERSEDED: ":white_circle: *Replaced by a later approval*",
    TakeState.RETAKE: ":large_orange_circle: *Changes asked*",
    TakeState.REJECTED: ":red_circle: *Rejected*",
}
_MATTERS = {TakeState.WITH_CLIENT, TakeState.APPROVED}
_SAID = {
    Verdict.APPROVE: "Approved",
    Verdict.RETAKE: "Changes asked",
    Verdict.REJECT: "Rejected",
    Verdict.WITHDRAW: "Withdrawn",
}


def client_card(view: ClientTakeView) -> Drawn:
    """Draw what the client decides on."""
    take = view.take
    status = _STATUS.get(take.state, ":white_circle: *Withdrawn by the team*")
    if view.is_held and take.state in _MATTERS:
        status = ":double_vertical_bar: *On hold; the team is on it*"
    blocks = [
        header(f"{view.title}"),
        context(status, f"{view.production_name}  ·  {view.label}  ·  {_extent(take)}"),
    ]
    if take.poster_file_id:
        blocks.append(
            picture(take.poster_file_id, f"{shown_of(take)} {view.title}: {view.purpose}")
        )
    blocks += fields([("What it is for", view.purpose), ("What it should feel like", view.feeling)])
    blocks += for_clients(view.rules)
    if view.decisions:
        blocks.append(context(*(_decision(each) for each in view.decisions[-6:])))
    if take.state is TakeState.WITH_CLIENT:
        blocks.append(_choices(take, is_held=view.is_held))
    return Drawn(f"{view.title}: {_WHAT[take.still]}", blocks)


_WHAT = {
    False: "a take for your decision. The video is in the thread.",
    True: "a still for your decision.",
}


def _extent(take: Take) -> str:
    return size(take) if take.still else length(take.seconds)


def _choices(take: Take, *, is_held: bool) -> dict[str, object]:
    approve = button("Approve", "client_approve", take.id, style="primary")
    return actions(
        *([] if is_held else [approve]),
        button("Ask for changes", "client_retake", take.id),
        button("Reject", "client_reject", take.id, style="danger"),
    )


def _decision(each: Decision) -> str:
    note = f": “{safe(cut(each.note, NOTE))}”" if each.note else ""
    return f"{_SAID[each.verdict]} by {person(each.by)}, {moment(each.at)}{note}"
