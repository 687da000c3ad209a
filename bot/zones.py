"""Understand a time zone as people type it."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones


class NoSuchZone(Exception):  # noqa: N818 - reads as the sentence it is
    """Nobody knows this time zone; the text is a sentence for whoever typed it."""


@cache
def _known() -> dict[str, list[str]]:
    """List the zones by their whole names and by their cities, folded.

    The signs of `Etc/GMT+1` and its like are the wrong way round, so these go by whole name alone.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        found.setdefault(_folded(name), []).insert(0, name)
        if "/" in name and not name.startswith("Etc/"):
            found.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
    return found


def zone_named(typed: str) -> str:
    """Give a zone's proper name: for `Europe/Berlin`, and for `berlin`. Raises NoSuchZone."""
    known = _known()
    meant = known.get(_folded(typed))
    if meant and (len(meant) == 1 or _folded(meant[0]) == _folded(typed)):
        return meant[0]
    near = meant or [known[each][0] for each in _like(typed)]
    asked = f" Did you mean {' or '.join(near)}?" if near else ""
    raise NoSuchZone(f"{typed[:40]} is no time zone; write it like Europe/Berlin.{asked}")


def _like(typed: str) -> list[str]:
    """Find what was mistyped; an offset such as GMT+1 is not, and would become another one."""
    is_name = not any(letter.isdigit() for letter in typed)
    return get_close_matches(_folded(typed), _known(), n=1, cutoff=0.75) if is_name else []


def _folded(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()
