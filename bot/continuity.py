"""What is different between two setups, so that a shot goes on where the one before it ended."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SETTINGS = (
    ("engine", "engine"),
    ("model", "model"),
    ("mode", "kind of work"),
    ("seconds", "seconds"),
    ("ratio", "ratio"),
    ("resolution", "resolution"),
    ("seed", "seed"),
    ("audio", "sound"),
    ("negative", "negative prompt"),
)
_PLANNED = (("action", "action"), ("framing", "framing"), ("camera", "camera"),
            ("feeling", "feeling"))  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was; either side is empty where there is nothing."""

    what: str
    was: str
    now: str


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Compare two setups' bodies: what the shot plans, the settings, then the references."""
    planned = _told(was.get("about", {}), now.get("about", {}), _PLANNED)
    settings = _told(was, now, _SETTINGS)
    return [*planned, *settings, *_references(was, now)]


def _told(
    was: Mapping[str, Any], now: Mapping[str, Any], names: Iterable[tuple[str, str]]
) -> Iterator[Difference]:
    for name, what in names:
        before, after = _said(was.get(name)), _said(now.get(name))
        if before != after:
            yield Difference(what, before, after)


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case _:
            return " ".join(str(value).split())


def _references(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare what they are made after: by what it is, then by its version and its bytes."""
    before, after = _held(was), _held(now)
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if (old and old["sha256"]) != (new and new["sha256"]):
            name = (new or old or {}).get("name") or key[1]
            yield Difference(f"reference {name}", _version(old), _version(new))


def _held(body: Mapping[str, Any]) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    return {
        (each.get("role", ""), each.get("take") or each.get("id", ""), each.get("part", 0)): each
        for each in body.get("references", ())
    }


def _version(each: Mapping[str, Any] | None) -> str:
    if each is None:
        return ""
    version = "" if "take" in each else f"v{each.get('version', 1)} "
    return f"{version}{each['sha256'][:8]}"
