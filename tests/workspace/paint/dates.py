"""Moments in a reader's own words: message times, day lines, and Slack's date tokens."""

import re
from datetime import datetime

from tests.workspace.paint.reader import Reader

_TOKEN = re.compile(r"\{(\w+)\}")


def clock(moment: datetime) -> str:
    """`9:05 AM`, as the page shows times."""
    return f"{moment:%I:%M %p}".lstrip("0")


def full(moment: datetime) -> str:
    """Say a time in full, for its tooltip."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y} at {clock(moment)} {moment:%Z}"


def day(moment: datetime, reader: Reader) -> str:
    """Today, Yesterday, or the date, as the line between two days shows it."""
    apart = _days_before(moment, reader)
    if apart in (0, 1):
        return ("Today", "Yesterday")[apart]
    year = "" if reader.now and reader.now.year == moment.year else f" {moment.year}"
    return f"{moment:%A}, {moment.day} {moment:%B}{year}"


def told(seconds: float, form: str, reader: Reader) -> str:
    """Fill Slack's `{date_short} {time}` tokens; an unknown token stays as written."""
    moment = reader.moment(seconds)
    return _TOKEN.sub(lambda found: _token(found.group(1), moment, reader), form)


def _token(name: str, moment: datetime, reader: Reader) -> str:
    words = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%d/%m/%Y}",
        "date": f"{moment:%B} {moment.day}, {moment.year}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_long": f"{moment:%A}, {moment:%B} {moment.day}, {moment.year}",
        "time": clock(moment),
        "time_secs": f"{moment:%I:%M:%S %p}".lstrip("0"),
        "ago": _ago(moment, reader),
    }
    if name.endswith("_pretty"):
        near = {0: "today", 1: "yesterday", -1: "tomorrow"}
        plain = words.get(name.removesuffix("_pretty"), f"{{{name}}}")
        return near.get(_days_before(moment, reader), plain)
    return words.get(name, f"{{{name}}}")


def _days_before(moment: datetime, reader: Reader) -> int:
    if reader.now is None:
        return 99
    return (reader.now.astimezone(reader.zone).date() - moment.date()).days


def _ago(moment: datetime, reader: Reader) -> str:
    if reader.now is None:
        return clock(moment)
    seconds = (reader.now - moment).total_seconds()
    size, word = next(
        (
            pair
            for pair in ((86400, "day"), (3600, "hour"), (60, "minute"))
            if abs(seconds) >= pair[0]
        ),
        (1, "second"),
    )
    count = int(abs(seconds) // size)
    text = f"{count} {word}{'' if count == 1 else 's'}"
    return f"{text} ago" if seconds >= 0 else f"in {text}"
