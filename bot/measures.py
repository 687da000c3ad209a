"""Find seconds, a picture ratio and a camera move in what people write."""

import re
from fractions import Fraction
from math import gcd

_NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
}
_WORDS = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_AMOUNT = rf"(?<![\w:.,])(?P<amount>\d{{1,4}}(?:[.,]\d{{1,3}})?|(?:{_WORDS})(?![\w]))"
_SECONDS = re.compile(
    rf"{_AMOUNT}(?P<gap>[ \t]?-?[ \t]?)(?P<unit>seconds?|secs?|s)(?![^\W_])", re.IGNORECASE
)
_MINUTES = re.compile(
    rf"{_AMOUNT}[ \t]?-?[ \t]?(?:minutes?|mins?|m)(?![^\W_])"
    r"(?:[ \t]{0,2}(?:and[ \t])?(?P<more>\d{1,2})[ \t]?(?:seconds?|secs?|s)?(?![^\W_]))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\w:.])(\d{1,2}):([0-5]\d)(?![\w:])")
_PLAIN = re.compile(_AMOUNT, re.IGNORECASE)
_DECADES = frozenset({"50", "70", "80", "90"})

_SIDES = re.compile(
    r"(?<![\w:.,/])(\d{1,5}(?:\.\d{1,2})?)[ \t]?[:x\u00d7/][ \t]?(\d{1,5}(?:\.\d{1,2})?)(?![\w:/])",
    re.IGNORECASE,
)
_USUAL = frozenset(
    {
        *("16:9", "9:16", "1:1", "4:5", "5:4", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21", "17:9"),
        *("2:1", "1:2", "1.85:1", "1.91:1", "2.35:1", "2.39:1", "2.4:1", "2.40:1"),
    }
)
_RATIO_WORDS = {
    "square": "1:1",
    "vertical": "9:16",
    "portrait": "9:16",
    "landscape": "16:9",
    "widescreen": "16:9",
    "horizontal": "16:9",
}
_WHOLE = (
    _SIDES,
    _CLOCK,
    _MINUTES,
    _SECONDS,
    _PLAIN,
    re.compile(rf"(?i)\b({'|'.join(_RATIO_WORDS)})\b"),
)
_PIXELS = 100
_LONGEST_CLAUSE = 150

_MOVE = re.compile(
    r"(?<!\w)(?:push(?:es)?[ -]in|pull(?:s)?[ -](?:out|back)|slow push|dolly|dollies|tracking"
    r"|pan(?:s|ning)? (?:left|right|across|up|down|over|from|to)|(?:slow|whip)[ -]pan"
    r"|tilt(?:s)?[ -](?:up|down)|(?:slow|crash)[ -]zoom|zoom(?:s)?[ -](?:in|out)|hand-?held"
    r"|static (?:shot|camera|frame)|lock(?:ed)?[ -]off|steadicam|gimbal|crane (?:up|down|shot)"
    r"|orbit(?:s|ing)?|drone shot|rack(?:s)? focus|arc shot)(?!\w)",
    re.IGNORECASE,
)


def seconds_in(text: str) -> float | None:
    """Read a text that is about length: `6`, `6 s`, `six seconds`, `0:06`, `1 min`."""
    if clock := _CLOCK.search(text):
        return _sensible(int(clock[1]) * 60 + int(clock[2]))
    if minutes := _MINUTES.search(text):
        return _sensible(_number(minutes["amount"]) * 60 + int(minutes["more"] or 0))
    found = _SECONDS.search(text) or _PLAIN.search(text)
    return _sensible(_number(found["amount"])) if found else None


def seconds_mentioned(text: str) -> float | None:
    """Find the first length in a text about anything; `the 80s` is a look and not a length."""
    for found in _SECONDS.finditer(text):
        if found["amount"] in _DECADES and found["unit"] == "s" and not found["gap"]:
            continue
        return _sensible(_number(found["amount"]))
    return None


def ratio_in(text: str) -> str | None:
    """Read a text that is about the ratio: `16:9`, `16 x 9`, `1920x1080`, `vertical`."""
    for found in _SIDES.finditer(text):
        if ratio := _ratio(found[1], found[2]):
            return ratio
    words = (word for word in re.findall(r"\w+", text.lower()) if word in _RATIO_WORDS)
    return next((_RATIO_WORDS[word] for word in words), None)


def ratio_mentioned(text: str) -> str | None:
    """Find the first usual ratio in a text about anything; `16:00` is a time of day."""
    ratios = (_ratio(found[1], found[2]) for found in _SIDES.finditer(text))
    return next((ratio for ratio in ratios if ratio in _USUAL), None)


def camera_in(text: str) -> str | None:
    """Find the first clause that tells the camera what to do."""
    for clause in re.split(r"[,;\n]|[.!?](?=\s|$)", text):
        if len(clause) <= _LONGEST_CLAUSE and _MOVE.search(clause):
            return clause.strip()
    return None


def is_bare(text: str) -> bool:
    """Say whether a measure stands alone, so that nothing is lost when only its value is kept."""
    rests = (pattern.sub("", text, count=1) for pattern in _WHOLE)
    return any(re.search(r"[^\W_]", rest) is None for rest in rests)


def _number(amount: str) -> float:
    return float(_NUMBER_WORDS.get(amount.lower(), amount.replace(",", ".")))


def _sensible(seconds: float) -> float | None:
    return float(seconds) if 0 < seconds <= 3600 else None  # noqa: PLR2004 (an hour)


def _ratio(width: str, height: str) -> str | None:
    if not (Fraction(width) and Fraction(height)):
        return None
    if width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= _PIXELS:
        common = gcd(int(width), int(height))
        width, height = str(int(width) // common), str(int(height) // common)
    return f"{width}:{height}"
