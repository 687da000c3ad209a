"""What a production's rules say at the order: told, to be confirmed, or in the way."""

from collections.abc import Iterator, Sequence

from bot.gates import Gate, Rule
from bot.order_gate import Assent
from handlers.cards._parts import Json, brief, context, cut, section
from handlers.payloads import Submission
from handlers.views._inputs import checks, text

_LINE, _WHOLE = 400, 280
"""As much of a rule as the form shows, and of each of many."""
_MOST, _BOX = 10, 75
"""As many, and as long, as Slack takes in one set of boxes."""
_CONFIRM = "confirm"
_HINT = "Each of these has to be confirmed with every order."


def shown(gate: Gate) -> Iterator[Json]:
    """Say what refuses the order, and what everybody should know who gives it."""
    if gate.refusals:
        lines = (f":no_entry: {brief(each.text, _LINE)}" for each in gate.refusals[:_MOST])
        yield section("\n".join(lines))
    told = [f":information_source: {brief(rule.line, _LINE)}" for rule in gate.told[:_MOST]]
    told += [
        f":unlock: Overridden by a producer: {brief(rule.line, _LINE)}"
        for rule in gate.waived[:_MOST]
    ]
    if told:
        yield context("\n".join(told))


def asked(gate: Gate, *, may_waive: bool) -> Iterator[Json]:
    """Ask for what has to be confirmed, and a producer for the reason of an override."""
    if gate.asked:
        for first in range(0, len(gate.asked), _MOST):
            yield from _boxes(gate.asked[first : first + _MOST], first)
    if may_waive and any(each.key for each in gate.refusals):
        yield text("override", "Override, and why", lines=True, optional=True, most=1000,
                   hint="Only producers can. The reason is kept with the scene.")  # fmt: skip


def _boxes(rules: Sequence[Rule], first: int) -> Iterator[Json]:
    """Make one set of boxes; what is longer than a box stands whole above them."""
    if long := [rule.line for rule in rules if len(rule.line) > _BOX]:
        lines = (f":ballot_box_with_check: {brief(each, _WHOLE)}" for each in long)
        yield section("\n".join(lines))
    boxes = [(cut(rule.line, _BOX), rule.key, "") for rule in rules]
    name, hint = (f"{_CONFIRM}_{first}", "") if first else (_CONFIRM, _HINT)
    yield checks(name, "I confirm", boxes, optional=True, hint=hint)


def assent_in(sent: Submission) -> Assent:
    """Read what somebody confirmed, and why they override."""
    names = [name for name in sent.values if name.startswith(_CONFIRM)]
    ticked = frozenset(key for name in names for key in sent.ids(name))
    return Assent(ticked, sent.text("override"))
