"""The card of a bake-off: one order, several engines, side by side."""

from bot.views import BakeOffView, TakeView
from handlers.cards._parts import (
    MARK,
    Drawn,
    Json,
    context,
    cost,
    cut,
    header,
    person,
    picture,
    safe,
    section,
    state_of,
)
from storage.models import UNDER_WAY, TakeState


def bake_off_card(view: BakeOffView) -> Drawn:
    """Draw one line for each engine, and the comparison sheet once all have come."""
    count = len(view.takes)
    title = f"Bake-off of {count} engines · {view.scene.title}"
    blocks: list[Json] = [
        header(cut(title, 150)),
        context(f"Ordered by {person(view.bake_off.ordered_by)}  ·  {_come(view)}"),
        section("\n".join(_line(each) for each in view.takes)),
    ]
    if view.bake_off.sheet_file_id:
        names = ", ".join(f"{each.take.code} {each.engine_label}" for each in view.takes)
        blocks.append(picture(view.bake_off.sheet_file_id, f"Frames side by side: {names}"))
    blocks.append(context("Each take is judged on its own card below."))
    return Drawn(f"{title}: {_come(view)}", blocks)


def _come(view: BakeOffView) -> str:
    waiting = sum(1 for each in view.takes if each.take.state in UNDER_WAY)
    came = len(view.takes) - waiting
    return f"{came} of {len(view.takes)} are in" if waiting else "all are in"


def _line(each: TakeView) -> str:
    take = each.take
    mark = MARK.get(take.state, ":film_frames:")
    model = f" · {each.setup.model}" if each.setup.model else ""
    told = [f"{mark} *{take.code}*  {safe(each.engine_label)}{safe(model)}", state_of(take)]
    if take.state is TakeState.RENDERING and take.progress:
        told.append(f"{take.progress} %")
    told.append(cost(take))
    return "  ·  ".join(told)
