"""Places that make moving pictures: the vocabulary they share, and how they are hired.

One public file of this folder is one engine; it names its class `ENGINE`. This package imports
nothing of ours from outside itself.
"""

from importlib import import_module
from pkgutil import iter_modules

from ._answer import Failure, Handle, Output, Status, Stored
from ._base import Engine, Terms
from ._caps import Caps, Lengths, Price, Problem, Slot, problems_with
from ._errors import Broken, Busy, EngineError, Misconfigured, OutOfCredit, Refused, Unsure
from ._job import JobSpec, Ref
from ._words import Actor, Cancellation, FailKind, JobState, Mode, RefKind, RefRole

__all__ = [
    "Actor",
    "Broken",
    "Busy",
    "Cancellation",
    "Caps",
    "Engine",
    "EngineError",
    "FailKind",
    "Failure",
    "Handle",
    "JobSpec",
    "JobState",
    "Lengths",
    "Misconfigured",
    "Mode",
    "OutOfCredit",
    "Output",
    "Price",
    "Problem",
    "Ref",
    "RefKind",
    "RefRole",
    "Refused",
    "Slot",
    "Status",
    "Stored",
    "Terms",
    "Unsure",
    "hire",
    "known",
    "problems_with",
]


def known() -> dict[str, type[Engine]]:
    """Every engine of this folder by its name, whether or not it is set up."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name[0] != "_")
    engines: list[type[Engine]] = [import_module(f"{__name__}.{name}").ENGINE for name in names]
    return {engine.name: engine for engine in engines}


def hire(settings: Terms) -> dict[str, Engine]:
    """Every engine that the operator has set up, ready to work, by its name."""
    hired = {name: engine.hired(settings) for name, engine in known().items()}
    return {name: engine for name, engine in hired.items() if engine is not None}
