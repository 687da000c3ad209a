"""What a production may spend, what a take costs as far as is known, and amounts that people type.

Money is whole cents.
"""

import re
from dataclasses import dataclass

from bot.errors import NotNow
from storage import Session, spending
from storage.models import Production, Role, Take, TakeState

MOST_CENTS = 2_000_000_000
"""The highest line of a budget: twenty million dollars, below what the records hold."""
_PURSE = frozenset({Role.OWNER, Role.PRODUCER})
"""Who may order what nobody knows the price of, under a hard limit."""
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_CAME_TO_NOTHING = frozenset({TakeState.FAILED, TakeState.CANCELLED})


@dataclass(frozen=True)
class Purse:
    """A production's money in cents: spent and promised, and its two lines if it has them."""

    committed: int
    soft: int | None
    hard: int | None

    @property
    def left(self) -> int | None:
        """What may still be ordered; None without a hard limit."""
        return None if self.hard is None else max(self.hard - self.committed, 0)

    def crosses(self, cents: int) -> bool:
        """Whether so much more takes it over its soft line, which it had not crossed."""
        return self.soft is not None and self.committed <= self.soft < self.committed + cents


@dataclass(frozen=True)
class Cost:
    """What a take costs: `cents` is None where nobody knows.

    It is exact once the engine itself has said so; until then it is by our price table.
    """

    cents: int | None
    is_exact: bool = False


def cost_of(take: Take) -> Cost | None:
    """Give what a take has cost, or will; None if it came to nothing and no bill is known."""
    if take.spent_at is None:
        is_over = take.state in _CAME_TO_NOTHING
        return None if is_over else Cost(take.estimate_cents)
    if take.cost_told:
        return Cost(take.cost_cents, is_exact=True)
    is_unknown = take.estimate_cents is None and not take.cost_cents
    return Cost(None if is_unknown else take.cost_cents)


async def purse_of(session: Session, production: Production) -> Purse:
    """Count what a production has spent and promised."""
    committed = await spending.committed(session, production)
    return Purse(committed, production.budget_soft_cents, production.budget_hard_cents)


def allow(purse: Purse, estimates: list[int | None], *, role: Role) -> None:
    """Check orders against the hard limit. Raises NotNow with the sums and who can change it."""
    if purse.hard is None:
        return
    known = sum(each for each in estimates if each is not None)
    if purse.committed + known > purse.hard and known:
        raise NotNow(
            f"This order of about {dollars(known)} would bring the production to "
            f"{dollars(purse.committed + known)} of {dollars(purse.hard)}. "
            "A producer can raise the budget with `/scene setup`."
        )
    if None in estimates and role not in _PURSE:
        raise NotNow(
            "Nobody knows what this costs, and the production has a hard budget. "
            "A producer may order it."
        )


def cents_of(typed: str) -> int | None:
    """Read dollars such as "1,500" or "$250.50" to the cent; None if nothing was typed.

    Raises ValueError with a sentence for whoever typed it. What could be read in two ways, such as
    "1.500" or "250,50", is not read at all.
    """
    if not (text := typed.strip()):
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("Write an amount in dollars, such as 1,500 or 250.50.")
    whole, part = found[1].replace(",", ""), (found[2] or "").ljust(2, "0")
    if len(whole) > len(str(MOST_CENTS)) or (cents := int(whole + part)) > MOST_CENTS:
        raise ValueError(f"A budget has at most {dollars(MOST_CENTS)}.")
    return cents


def dollars(cents: int) -> str:
    """Write cents as people read them."""
    return f"${cents / 100:,.2f}"
