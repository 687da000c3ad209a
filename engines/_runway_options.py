"""What only Runway's models can be told: the vendor's own options, their kinds and their bounds.

Names, values and bounds are those of the types in runwayml 5.24.0.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ._caps import Native
from ._problems import Problem

YES_NO = ("true", "false")


@dataclass(frozen=True, slots=True)
class _Option:
    """One option: what it does, how its value is read, and which field it lies in, if in one."""

    about: str
    read: Callable[[str], Any] = str
    least: float | None = None
    most: float | None = None
    inside: str = ""


def _yes(told: str) -> bool:
    if told.lower() not in YES_NO:
        raise ValueError(told)
    return told.lower() == "true"


_OPTIONS = {
    "publicFigureThreshold": _Option(
        "How strictly people known to the public are kept out.", inside="contentModeration"
    ),
    "outputFormat": _Option("The container and encoding of the file."),
    "proresProfile": _Option("The ProRes profile, where the file is ProRes."),
    "bodyControl": _Option("Whether gestures are carried over, not the face alone.", _yes),
    "expressionIntensity": _Option("How strong the expression is.", int, 1, 5),
    "start_seconds": _Option("Where the edit begins in the clip.", int, 0, inside="keyframes"),
    "end_seconds": _Option("Where the edit ends in the clip.", int, 1, inside="keyframes"),
    "creativity": _Option("How much detail is invented.", int, 0, 100),
    "sharpen": _Option("How much it is sharpened.", int, 0, 100),
    "smartGrain": _Option("How much grain and texture is added.", int, 0, 100),
    "flavor": _Option("Vivid enhances colour, natural keeps it."),
    "fpsBoost": _Option("Whether there are more frames a second.", _yes),
    "targetFramerate": _Option("The frame rate, as Runway writes it."),
    "cfgScale": _Option("How closely the prompt is followed.", float),
    "promptExpansionMode": _Option("Whether the engine writes the prompt out."),
    "quality": _Option("How much work goes into the picture."),
    "background": _Option("Whether the background is opaque."),
    "backgroundColor": _Option("The colour of the background."),
    "draft": _Option("Whether this is a cheap preview at 480p.", _yes),
    "grounding": _Option("Whether the engine may look things up.", _yes),
    "thinkingLevel": _Option("How long the engine thinks."),
    "edit": _Option("Whether the first picture is edited.", _yes),
    "preciseEdit": _Option("Whether all else in the first picture stays as it is.", _yes),
}


def natives(told: Mapping[str, Collection[str] | None]) -> Mapping[str, Native]:
    """Declare options by their names, each with its values where they are counted."""
    return {
        name: Native(
            about=_OPTIONS[name].about,
            only=tuple(only or (YES_NO if _OPTIONS[name].read is _yes else ())),
        )
        for name, only in told.items()
    }


def written(told: Mapping[str, Any]) -> dict[str, Any]:
    """Write options as the fields of a request; those within `keyframes` are left to them."""
    fields: dict[str, Any] = {}
    for name, value in told.items():
        match _OPTIONS[name].inside:
            case "":
                fields[name] = value_of(name, value)
            case "keyframes":
                pass
            case field:
                fields[field] = {name: value_of(name, value)}
    return fields


def value_of(name: str, value: Any) -> Any:
    """Read an option's value, whether typed by a person or already of its kind.

    Raises ValueError if it is out of bounds or of another kind.
    """
    option = _OPTIONS[name]
    read = option.read(str(value))
    if option.least is not None and read < option.least:
        raise ValueError(value)
    if option.most is not None and read > option.most:
        raise ValueError(value)
    return read


def option_problems(told: Mapping[str, Any]) -> Iterator[Problem]:
    """Name each option whose value is no number where one is due, or out of bounds."""
    for name, value in told.items():
        try:
            value_of(name, value)
        except ValueError:
            yield Problem("native", f"{name} is {_bounds(_OPTIONS[name])}, not {value}.")


def _bounds(option: _Option) -> str:
    kind = "a whole number" if option.read is int else "a number"
    if option.most is not None:
        return f"{kind} from {option.least} to {option.most}"
    return kind if option.least is None else f"{kind} from {option.least}"
