"""Read a shot's words as a storyboard artist does: what place and light, how near, how many."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Heard = TypeVar("Heard")


class Place(StrEnum):
    """The kind of set that is drawn."""

    HILLS = "hills"
    CITY = "city"
    SEA = "sea"
    ROOM = "room"
    TABLE = "table"


class Light(StrEnum):
    """The time of day that tints it."""

    NIGHT = "night"
    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Brief:
    """What is drawn. `reach` is the height of a standing figure in frame heights; 0 means nobody.

    `horizon` is where the ground ends, in frame heights from the top.
    """

    place: Place
    light: Light | None
    reach: float
    figures: int
    horizon: float
    walking: bool
    over_shoulder: bool


_PLACES: tuple[tuple[Place, str], ...] = (
    (
        Place.TABLE,
        (
            r"\b(?:product|packshot|pack shot|bottle|tabletop|table[- ]top|macro|insert|detail|logo"
            r"|still life|jar|tin|perfume|watch|phone|cup|glass)\b"
        ),
    ),
    (
        Place.ROOM,
        (
            r"\bint\b\.?|\b(?:interior|room|kitchen|office|corridor|hallway|studio|bedroom|bathroom|bar"
            r"|cafe|café|restaurant|shop|store|workshop|window|door|stairs|staircase|hotel|lobby|desk)\b"
        ),
    ),
    (
        Place.CITY,
        (
            r"\b(?:city|street|skyline|rooftop|roof|building|tower|alley|urban|downtown|station|traffic"
            r"|bridge|square|plaza|avenue|taxi|crossing|subway|metro)s?\b"
        ),
    ),
    (
        Place.SEA,
        (
            r"\b(?:sea|ocean|beach|coast|shore|harbour|harbor|lake|river|boat|ship|sail|wave|surf|island"
            r"|pier|water|ferry)s?\b"
        ),
    ),
    (
        Place.HILLS,
        (
            r"\b(?:hill|mountain|forest|field|desert|valley|wood|tree|path|road|countryside|meadow|farm"
            r"|garden|park|vineyard|dune)s?\b|\bext\b\.?"
        ),
    ),
)
_LIGHTS: tuple[tuple[Light, str], ...] = (
    (Light.NIGHT, r"\b(?:night|midnight|moon\w*|dark\w*|neon|noir)\b"),
    (Light.DAWN, r"\b(?:dawn|sunrise|early morning|first light|morning|fog\w*|mist\w*)\b"),
    (Light.DUSK, r"\b(?:dusk|sunset|golden hour|evening|twilight|magic hour|blue hour)\b"),
    (Light.GREY, r"\b(?:rain\w*|overcast|grey|gray|storm\w*|snow\w*|winter|cloud\w*|drizzle)\b"),
    (Light.DAY, r"\b(?:day|daylight|noon|midday|sunny|sun|summer|afternoon|bright)\b"),
)
_REACHES: tuple[tuple[float, str], ...] = (
    (4.3, r"\b(?:extreme close[\s-]?ups?|ecu|xcu|big close[\s-]?up)\b"),
    (2.05, r"\b(?:medium close[\s-]?ups?|mcu)\b"),
    (2.9, r"\b(?:close[\s-]?ups?|cu|close)\b"),
    (0.16, r"\b(?:extreme wide|very wide|establishing|ews|els|vls|extreme long|aerial|drone)\b"),
    (1.02, r"\b(?:medium wide|medium long|cowboy|american|mws|mls|three[\s-]quarter)\b"),
    (0.66, r"\b(?:full|full[\s-]?length|fs)\b"),
    (0.44, r"\b(?:wide|long|ws|ls|master)\b"),
    (1.5, r"\b(?:medium|mid|ms|waist|two[\s-]?shot|over[\s-]the[\s-]shoulder|ots)\b"),
)
_NOBODY = r"\b(?:empty|nobody|no one|deserted|landscape only|no people|abandoned)\b"
_CROWD = r"\b(?:crowd|team|group|people|guests|crew|dancers|children|friends|family|they)\b"
_PAIR = r"\b(?:two|both|couple|pair|together|two[\s-]?shot|each other|sisters|brothers)\b"
_WALK = r"\b(?:walk|run|stride|jog|march|stroll|cross|hurr|chase|wander|step|sprint|enter)\w*"
_OVER = r"\b(?:over[\s-](?:the|her|his|their)[\s-]shoulder|ots)\b"


def brief_of(about: dict[str, str], prompt: str) -> Brief:
    """Read everything that is known about the shot; the framing counts before the action."""
    framing = about.get("framing", "").lower()
    said = " ".join([*(about.get(name, "") for name in _TOLD), prompt]).lower()
    reach = _first(_REACHES, framing) or _first(_REACHES, said) or 0.62
    place = _first(_PLACES, framing) or _first(_PLACES, said) or Place.HILLS
    if place is Place.TABLE or re.search(_NOBODY, said):
        reach = 0.0
    return Brief(
        place=place,
        light=_first(_LIGHTS, said),
        reach=reach,
        figures=3 if re.search(_CROWD, said) else 2 if re.search(_PAIR, said) else 1,
        horizon=_horizon(framing + " " + about.get("camera", "").lower()),
        walking=bool(re.search(_WALK, said)),
        over_shoulder=bool(re.search(_OVER, framing)),
    )


_TOLD = ("framing", "action", "title", "purpose", "feeling")


def _first(table: tuple[tuple[Heard, str], ...], said: str) -> Heard | None:
    return next((meaning for meaning, heard in table if re.search(heard, said)), None)


def _horizon(framing: str) -> float:
    if re.search(r"\blow[\s-]?angle|worm|hero angle\b", framing):
        return 0.72
    if re.search(r"\bhigh[\s-]?angle|top[\s-]?(?:shot|down)|overhead|bird|aerial|drone\b", framing):
        return 0.34
    return 0.56
