"""What a production's rules say at the order: told, to be confirmed, or in the way."""

from collections.abc import Iterator

from bot.gates import Gate
from bot.order_gate import Assent
from handlers.cards._parts import Json, brief, context, cut, section
from handlers.payloads import Submission
from handlers.views._inputs import checks, text

_LINE, _MOST = 400, 10
"""As much of a rule as the form shows, and as many as Slack takes in one set of boxes."""


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
        boxes = [(cut(rule.line, 75), rule.key, rule.line) for rule in gate.asked[:_MOST]]
        yield checks("confirm", "I confirm", boxes, optional=True,
                     hint="Each of these has to be confirmed with every order.")  # fmt: skip
    if may_waive and any(each.key for each in gate.refusals):
        yield text("override", "Override, and why", lines=True, optional=True, most=1000,
                   hint="Only producers can. The reason is kept with the scene.")  # fmt: skip


def assent_in(sent: Submission) -> Assent:
    """Read what somebody confirmed, and why they override."""
    return Assent(frozenset(sent.ids("confirm")), sent.text("override"))
