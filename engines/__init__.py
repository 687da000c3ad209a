"""Places that make moving pictures: the vocabulary they share, and how they are hired.

One public file of this folder is one engine; it names its class `ENGINE`. This package imports
nothing of ours from outside itself.
"""

from importlib import import_module
from pkgutil import iter_modules

from ._answer import Balance, Failure, Handle, Output, Status, Stored
from ._base import Engine, Finding, Terms
from ._call import Call, Part
from ._caps import Caps, Lengths, Native, Offer, Price, Slot
from ._errors import (
    Broken,
    Busy,
    EngineError,
    Expired,
    Misconfigured,
    OutOfCredit,
    Refused,
    Unsure,
)
from ._facts import Facts, Limits, Retirement, Statement, Variable, limits_of
from ._job import JobSpec, Ref
from ._problems import Problem, length_in, problems_with
from ._words import Actor, Cancellation, FailKind, JobState, Mode, RefKind, RefRole

__all__ = [
    "Actor",
    "Balance",
    "Broken",
    "Busy",
    "Call",
    "Cancellation",
    "Caps",
    "Engine",
    "EngineError",
    "Expired",
    "Facts",
    "FailKind",
    "Failure",
    "Finding",
    "Handle",
    "JobSpec",
    "JobState",
    "Lengths",
    "Limits",
    "Misconfigured",
    "Mode",
    "Native",
    "Offer",
    "OutOfCredit",
    "Output",
    "Part",
    "Price",
    "Problem",
    "Ref",
    "RefKind",
    "RefRole",
    "Refused",
    "Retirement",
    "Slot",
    "Statement",
    "Status",
    "Stored",
    "Terms",
    "Unsure",
    "Variable",
    "hire",
    "known",
    "length_in",
    "limits_of",
    "misfits",
    "problems_with",
]


def known() -> dict[str, type[Engine]]:
    """Every engine of this folder by its name, whether or not it is set up."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name[0] != "_")
    engines: list[type[Engine]] = [import_module(f"{__name__}.{name}").ENGINE for name in names]
    return {engine.name: engine for engine in engines}


def hire(settings: Terms) -> dict[str, Engine]:
    """Every engine that the operator has set up, ready to work, by its name.

    One whose settings are wrong is left out and stops no other; `misfits` says why.
    """
    hired = {name: _hired(engine, settings) for name, engine in known().items()}
    return {name: engine for name, engine in hired.items() if not isinstance(engine, str | None)}


def misfits(settings: Terms) -> dict[str, str]:
    """Why an engine that is set up cannot be hired, in a sentence for the operator, by its name."""
    hired = {name: _hired(engine, settings) for name, engine in known().items()}
    return {name: why for name, why in hired.items() if isinstance(why, str)}


def _hired(engine: type[Engine], settings: Terms) -> Engine | str | None:
    try:
        return engine.hired(settings)
    except Misconfigured as why:
        return str(why)
