"""The gate at the order: intent, rules, and references that are not in order any more."""

from dataclasses import dataclass

from bot.crew import Power, refusal, role_that_may
from bot.errors import BadForm
from bot.fitting import Order, Pick
from bot.gates import Gate, at_order
from bot.governed import cast_of, why_not
from bot.ground import waive, waived_for
from bot.intent import Ground
from bot.order_records import Cleared, Writing
from bot.wording import NEVER
from storage import productions
from storage.models import Shot, Waiver

_LEAST = 3
"""Letters that a reason has."""


@dataclass(frozen=True)
class Assent:
    """What somebody said beside an order: the rules they confirm, and why a producer overrides."""

    confirmed: frozenset[str] = frozenset()
    reason: str = ""


def chosen_words(order: Order, ground: Ground, shot: Shot) -> str:
    """Give every word that people chose for the engine.

    What must not be shown is said to the engine as such and is no route that somebody takes.
    """
    if order.prompt:
        lines = order.prompt.splitlines()
        return "\n".join(line for line in lines if not line.strip().startswith(f"{NEVER}:"))
    own = (ground.purpose, ground.feeling, ground.must_carry)
    return "\n".join((shot.action, shot.framing, shot.camera, *(told.text for told in own)))


async def passed(
    at: Writing, ground: Ground, shot: Shot, orders: list[Order], assent: Assent
) -> Cleared:
    """Let an order through its gate, or raise BadForm with a sentence for each field.

    A producer's reason overrides what blocks, for this scene from now on.
    """
    words = "\n".join(chosen_words(order, ground, shot) for order in orders)
    waived = await waived_for(at.session, at.scene)
    gate = at_order(ground, words, confirmed=assent.confirmed, waived=waived)
    keys = [each.key for each in gate.refusals if each.key]
    waivers: list[Waiver] = []
    if keys and assent.reason:
        waivers = await _override(at, keys, assent.reason)
        gate = at_order(ground, words, confirmed=assent.confirmed, waived=waived | set(keys))
    if not gate.is_open:
        raise BadForm(_problems(gate))
    return Cleared(gate, waivers)


def _problems(gate: Gate) -> dict[str, str]:
    problems: dict[str, str] = {}
    for each in gate.refusals:
        field = "override" if each.key else "prompt"
        problems[field] = f"{problems.get(field, '')} {each.text}".strip()
    if gate.asked:
        lines = " ".join(rule.line for rule in gate.asked)
        problems["confirm"] = f"Confirm before the order: {lines}"
    return problems


async def _override(at: Writing, keys: list[str], reason: str) -> list[Waiver]:
    if len(reason.strip()) < _LEAST:
        raise BadForm({"override": "Say why in a few words; the reason is kept in the log."})
    crew = await productions.crew(at.session, at.production)
    roles = crew.get(at.actor.user_id, set())
    if role_that_may(Power.WAIVE, at.actor, production=at.production, roles=roles) is None:
        raise BadForm({"override": refusal(Power.WAIVE)})
    now = at.studio.clock()
    return await waive(at.session, at.actor, at.scene, keys, reason=reason, at=now)


async def still_in_order(at: Writing, picks: list[tuple[Pick, ...]]) -> None:
    """Look once more, now that nobody can change it, whether every reference may be used.

    Raises BadForm: it may have been withdrawn while the order was weighed.
    """
    ids = {pick.id for each in picks for pick in each if not pick.is_take}
    if not ids:
        return
    now = at.studio.clock()
    members = await cast_of(at.session, at.production, at.scene, at=now, also=ids)
    known = {each.reference.id: each for each in members}
    for each in ids:
        member = known.get(each)
        if member is None or not member.is_usable:
            gone = "A reference of this order is not here any more. Choose another."
            raise BadForm({"references": why_not(member) if member else gone})
