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
_PLANNED = (
    ("action", "action"),
    ("framing", "framing"),
    ("camera", "camera"),
    ("purpose", "purpose"),
    ("feeling", "feeling"),
)
_ROLES = {"first": "first frame", "last": "last frame", "source": "work from"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was; either side is empty where there is nothing."""

    what: str
    was: str
    now: str


def differences(
    was: Mapping[str, Any], now: Mapping[str, Any], *, own_words: bool = False
) -> list[Difference]:
    """Compare two setups' bodies: what the shot plans, the settings, then the references.

    Compiled words follow from those, so the prompt is named only where nothing else is different,
    or where somebody wrote it.
    """
    planned = _told(_about(was), _about(now), _PLANNED)
    settings = [*_told(was, now, _SETTINGS), *_native(was, now)]
    found = [*planned, *settings, *_references(was, now)]
    if found and not own_words:
        return found
    return [*found, *_told(was, now, (("prompt", "prompt"),))]


def _about(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the shot was to be, which the first setups kept among the engine's options."""
    return body.get("native" if body.get("v") == 1 else "about", {})


def _options(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if body.get("v") == 1 else body.get("native", {})


def _native(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the options that only this engine has."""
    before, after = _options(was), _options(now)
    names = dict.fromkeys((*before, *after))
    return _told(before, after, ((name, name.replace("_", " ")) for name in names))


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
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if _bytes(old) != _bytes(new):
            name = (new or old or {}).get("name") or key[1]
            role = _ROLES.get(key[0], "reference")
            yield Difference(f"{role} {name}", _version(old), _version(new))


def _held(body: Mapping[str, Any]) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    return {
        (each.get("role", ""), each.get("take") or each.get("id", ""), each.get("part", 0)): each
        for each in body.get("references", ())
    }


def _bytes(each: Mapping[str, Any] | None) -> tuple[object, object] | None:
    return None if each is None else (each.get("version", 1), each["sha256"])


def _version(each: Mapping[str, Any] | None) -> str:
    if each is None:
        return ""
    version = "" if "take" in each else f"v{each.get('version', 1)} "
    return f"{version}{each['sha256'][:8]}"
