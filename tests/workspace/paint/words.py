"""Small facts in words: initials, sizes, running times, colours."""

import re

_NAMED = {"good": "#0f7b55", "warning": "#c98a1b", "danger": "#c2293a"}
_HEX = re.compile(r"#?[0-9a-fA-F]{6}\Z")


def initials(name: str) -> str:
    """Take the letters for somebody's avatar."""
    words = name.split()
    return "".join(one[0] for one in (words[:1] + words[1:][-1:])).upper() or "?"


def ink(color: str) -> str:
    """Black or white, whichever reads better on an avatar's colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#1d1c1a" if 0.299 * red + 0.587 * green + 0.114 * blue > 160 else "#fff"


def bar(color: object) -> str:
    """Choose the colour of the bar beside an attachment; what is no colour is grey."""
    named = _NAMED.get(str(color), str(color))
    return "#" + named.removeprefix("#") if _HEX.match(named) else "#a8a29e"


def size(count: int) -> str:
    """Bytes in words."""
    for unit, above in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= above:
            return f"{count / above:.1f} {unit}".replace(".0 ", " ")
    return f"{count} B"


def length(milliseconds: int) -> str:
    """Say a running time as `0:04`."""
    seconds = round(milliseconds / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"
