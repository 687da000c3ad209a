"""Subcommands of `/scene`, and of a mention: one public file each, named like its word."""

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from handlers.cards._parts import safe
from handlers.commands._words import Answer, Subcommand, split
from handlers.house import House
from handlers.payloads import Call


@cache
def known() -> dict[str, Subcommand]:
    """Find every subcommand by its word."""
    names = sorted(each.name for each in iter_modules(__path__) if not each.name.startswith("_"))
    found: dict[str, Any] = {name: import_module(f"{__name__}.{name}") for name in names}
    return found


def helped(name: str) -> str:
    """Give a subcommand's line of help: the first of its docstring."""
    return (known()[name].__doc__ or "").strip().splitlines()[0]


async def answer(call: Call, house: House) -> Answer:
    """Find the subcommand that somebody typed, and run it."""
    name, rest = split(call.text)
    command = known().get(name or "help")
    if command is None:
        near = get_close_matches(name, known(), n=1)
        meant = f" Did you mean `{near[0]}`?" if near else ""
        return f"There is no `/scene {safe(name[:40])}`.{meant} `/scene help` lists what there is."
    return await command.run(call.model_copy(update={"text": rest}), house)
