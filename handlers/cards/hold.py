"""What holds takes: one line in the channel for each cause, until a producer has decided."""

from bot.governed import named
from bot.rights import told
from bot.views import HoldView
from handlers.cards._parts import Drawn, Json, actions, button, context, safe, section
from storage.models import Ruling, TakeState

_LISTED = 8


def hold_card(view: HoldView) -> Drawn:
    """Draw what one cause holds, and what was made of it."""
    left = view.counts.get(None, 0)
    name, standing = safe(named(view.reference)), told(view.standing)
    head = f"*{name}* ({view.reference.code}): {standing}."
    if view.is_over or not left:
        said = f"{head} No take waits for a ruling because of what was said here."
        return Drawn(said, [section(f":white_circle: {said}"), *_ruled(view)])
    said = f"{name}: {standing}. {_several(left)} {_WAIT[left > 1]} on hold."
    blocks = [
        section(f":no_entry: {head}\n{held_told(view)}"),
        *_ruled(view),
        actions(button("Decide…", "hold_decide", view.key, style="primary")),
    ]
    return Drawn(said, blocks)


_WAIT = {False: "is", True: "are"}


def _several(count: int) -> str:
    return f"{count} take{'s' * (count != 1)}"


def held_told(view: HoldView) -> str:
    """Name the takes that wait, circle takes first."""
    left = view.counts.get(None, 0)
    circles = [each.label for each in view.waiting if each.take.state is TakeState.APPROVED]
    others = [each.label for each in view.waiting if each.take.state is not TakeState.APPROVED]
    parts = [f"{_several(left)} that used it {_WAIT[left > 1]} on hold until a producer decides."]
    if circles:
        parts.append(f"Circle takes: {_some(circles)}.")
    if others:
        parts.append(f"Not approved yet: {_some(others)}.")
    return " ".join(parts)


def _some(labels: list[str]) -> str:
    more = len(labels) - _LISTED
    return f"{', '.join(labels[:_LISTED])}{f' and {more} more' if more > 0 else ''}"


def _ruled(view: HoldView) -> list[Json]:
    stands, pulled = (view.counts.get(each, 0) for each in (Ruling.STANDS, Ruling.PULLED))
    if not stands + pulled:
        return []
    return [context(f"Ruled so far: {stands} stand{'s' * (stands == 1)}, {pulled} pulled.")]
