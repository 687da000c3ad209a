"""Options that only Luma has, read from an order whether they were typed or came as JSON."""

from typing import Any, cast

from ._job import JobSpec

SWITCH = ("true", "false")
STRENGTHS = tuple(f"{how}_{step}" for how in ("adhere", "flex", "reimagine") for step in (1, 2, 3))
"""From close to the clip to far from it; both of Luma's APIs use the same words."""

CONTROLS: dict[str, tuple[str, str]] = {
    "pose": ("strength", "Keeps poses: precise, coarse, true or false."),
    "depth": ("blur", "Keeps depth: true, false, or 0 to 1 for how loosely."),
    "normals": ("augmentation", "Keeps surfaces: true, false, or 0 to 1 for how loosely."),
    "trajectory": ("sparsity", "Keeps motion: true, false, or 0 to 1 for how loosely."),
    "face": ("", "Keeps faces: true or false."),
}
"""What an edit can hold on to: the name of its measure at Luma, and what it is."""
_POSES = ("precise", "coarse")


def word(spec: JobSpec, key: str) -> str:
    """Give an option as a word; empty if it was not chosen."""
    value = spec.native.get(key, "")
    return str(value).strip().lower() if isinstance(value, bool) else str(value).strip()


def switch(spec: JobSpec, key: str) -> bool | None:
    """Give an option that is on or off; None if it was not chosen."""
    told = word(spec, key)
    return None if not told else told == "true"


def number(spec: JobSpec, key: str) -> float | None:
    """Give an option that is a number; None if it was not chosen. Raises ValueError."""
    told = word(spec, key)
    return float(told) if told else None


def listed(spec: JobSpec, key: str) -> list[str]:
    """Give an option that is a list, or words parted by commas."""
    value: Any = spec.native.get(key, "")
    items = cast("list[Any]", value) if isinstance(value, list) else str(value).split(",")
    return [str(item).strip() for item in items if str(item).strip()]


def control(spec: JobSpec, key: str) -> dict[str, Any]:
    """Write one thing that an edit holds on to as Luma does. Raises ValueError if it cannot be."""
    told = word(spec, key)
    if told in SWITCH:
        return {"enabled": told == "true"}
    measure = CONTROLS[key][0]
    if key == "pose" and told in _POSES:
        return {"enabled": True, measure: told}
    if key == "pose" or not measure:
        raise ValueError(told)
    share = float(told)
    if not 0 <= share <= 1:
        raise ValueError(told)
    return {"enabled": True, measure: share}
