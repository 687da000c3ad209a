"""A production's account: what is spent and promised, by engine, by person and by scene."""

from collections.abc import Callable, Iterator

from bot.budget import Purse, dollars
from bot.spend import Account, Held, Line, Unpriced
from handlers.cards._parts import Json, about, context, cut, money, person, safe, section

_BAR = 20
_NAME = 60


def spend_card(account: Account) -> list[Json]:
    """Draw an account; one without an order says so, and where the budget is set."""
    title = f"*What {safe(account.production.name)} spends*"
    if not account.total.takes:
        told = "Nothing is ordered yet, so nothing is spent or promised."
        return [section(f"{title}\n{told}"), context(*_lines(account.purse))]
    blocks = [section(f"{title}\n{_total(account)}"), context(*_lines(account.purse))]
    blocks += _table("By engine", account.engines, safe)
    blocks += _table("By person", account.people, person)
    blocks += _table("By scene", account.scenes, safe)
    if account.unpriced:
        blocks.append(section(_unpriced(account)))
    return [*blocks, context(*_sources(account.total))]


def balances(held: list[Held]) -> list[Json]:
    """Draw what is left at the engines; nothing where none of them tells."""
    if not held:
        return []
    lines = "\n".join(f"• {_balance(each)}" for each in held)
    return [section(f"*Left at the engines*\n{lines}")]


def _total(account: Account) -> str:
    total, purse = account.total, account.purse
    drawn = bar(total.spent_cents, total.promised_cents, purse)
    said = f"*{_spent(total)}*, {dollars(total.promised_cents)} promised to open orders"
    return f"`{drawn}`\n{said}" if drawn else said


def bar(spent: int, promised: int, purse: Purse) -> str:
    """Draw spent, promised and left as a bar with a stroke at the soft line; empty without lines.

    A cell is full only when its whole share is reached, so a full bar means that nothing is left.
    """
    lines = [each for each in (purse.soft, purse.hard) if each is not None]
    if not lines or not (whole := max(*lines, spent + promised)):
        return ""
    done, both = (_BAR * cents // whole for cents in (spent, spent + promised))
    cells = "█" * done + "▒" * (both - done) + "░" * (_BAR - both)
    if purse.soft is None or purse.soft == whole:
        return cells
    stroke = _BAR * purse.soft // whole
    return f"{cells[:stroke]}│{cells[stroke:]}"


def _lines(purse: Purse) -> Iterator[str]:
    if purse.hard is not None:
        yield (
            f"{dollars(purse.left or 0)} of {dollars(purse.hard)} are left; "
            "nothing is ordered beyond that."
        )
    if purse.soft is not None:
        is_over = purse.committed > purse.soft
        yield (
            f"It is over the {dollars(purse.soft)} that the team wanted to be told at."
            if is_over
            else f"The team is told once it goes over {dollars(purse.soft)}."
        )
    if purse.hard is None and purse.soft is None:
        yield "This production has no budget. `/scene setup` gives it one."


def _table(title: str, lines: list[Line], named: Callable[[str], str]) -> Iterator[Json]:
    told = [
        f"• {named(cut(line.name, _NAME)) if line.name else 'all others'}: {_line(line)}"
        for line in lines
    ]
    yield section(f"*{title}*\n" + "\n".join(told))


def _line(line: Line) -> str:
    parts = [_spent(line)]
    if line.promised_cents:
        parts.append(f"{dollars(line.promised_cents)} promised")
    if unknown := line.open_unknown + line.come_unknown:
        parts.append(f"{_takes(unknown)} of unknown price")
    return f"{', '.join(parts)}  ·  {_takes(line.takes)}"


def _spent(line: Line) -> str:
    if not line.spent_cents:
        return "nothing spent"
    written = about if line.table_cents else money
    return f"{written(line.spent_cents)} spent"


def _takes(count: int) -> str:
    return "1 take" if count == 1 else f"{count:,} takes"


def _unpriced(account: Account) -> str:
    count = account.total.open_unknown
    lines = "\n".join(f"• {_open(each)}" for each in account.unpriced)
    more = count - len(account.unpriced)
    return f"*Open orders whose price nobody knows*\n{lines}" + (
        f"\nand {more:,} more" if more > 0 else ""
    )


def _open(each: Unpriced) -> str:
    return f"{each.label}, {safe(each.engine)}, ordered by {person(each.user_id)}"


def _sources(total: Line) -> Iterator[str]:
    if total.told_cents:
        yield f"{dollars(total.told_cents)} by the engines' own figures."
    if total.table_cents:
        yield f"{about(total.table_cents)} by our price tables.".capitalize()
    if total.come_unknown:
        yield f"{_takes(total.come_unknown)} came whose price nobody told."
    yield "What is promised counts at its estimate until the bill comes."


def _balance(each: Held) -> str:
    mark = "" if each.is_ok else ":warning: "
    return f"{mark}{safe(each.engine)}: {safe(each.told)}"
