"""A digest as blocks: what waits, the finding, the numbers, a chart, a menu to be rid of it."""

from itertools import chain, count
from typing import assert_never

from bot.digest import (
    Compared,
    Digest,
    Families,
    Family,
    Finding,
    Quiet,
    Section,
    Tally,
    ToDo,
    Waiting,
    waited,
)
from handlers.cards._parts import Json, context, cut, header, mrkdwn, option, safe, section

PREFS = (
    ("Change time or time zone", "time"),
    ("Weekly only", "weekly"),
    ("Pause for 7 days", "pause7"),
    ("Stop this digest", "off"),
)
"""What the menu offers; a choice's value is the second word and the subscription's id."""
_LABEL = 20


def digest_card(digest: Digest, *, subscription_id: str = "", classic: bool = False) -> list[Json]:
    """Draw a digest; `classic` does without the chart, for a Slack that refuses it."""
    blocks = [header(digest.heading)] if not _is_quiet(digest) else []
    for part in digest.sections:
        blocks += _drawn(part, digest, classic=classic)
    first = next(block for block in blocks if "text" in block and block["type"] == "section")
    first["accessory"] = _menu(subscription_id)
    return [*blocks, context(safe(digest.footnote))]


def digest_text(digest: Digest) -> str:
    """Say the digest in a line, for notifications and screen readers."""
    return safe(digest.text)


def _is_quiet(digest: Digest) -> bool:
    return any(isinstance(part, Quiet) for part in digest.sections)


def _menu(subscription_id: str) -> Json:
    options = [option(text, f"{pref}:{subscription_id}") for text, pref in PREFS]
    return {"type": "overflow", "action_id": "digest_prefs", "options": options}


def _drawn(part: Section, digest: Digest, *, classic: bool) -> list[Json]:
    match part:
        case ToDo():
            return [section(_to_do(part)), {"type": "divider"}]
        case Finding():
            return [section(f"*{_stressed(part.subject)}* {safe(part.text)}")]
        case Tally():
            return [section(f"*{_stressed(part.period)}:* {safe(part.text)}")]
        case Compared():
            return [{"type": "section", "fields": [_field(*row) for row in part.rows]}]
        case Families():
            return _families(part, classic=classic)
        case Quiet():
            return [section(f"*{_stressed(digest.heading)}:* {safe(part.text)}")]
        case _:
            assert_never(part)


def _to_do(to_do: ToDo) -> str:
    lines = [f"*{to_do.headline}*", *(_waiting(item) for item in to_do.items)]
    if to_do.more:
        lines.append(f"• and {to_do.more} more")
    return "\n".join(lines)


def _waiting(item: Waiting) -> str:
    asked = f"asked by {item.asked_by}," if item.asked_by else "asked"
    rest = safe(f"({asked} {waited(item.hours)})")
    return f"• {_link(item.link, item.title)} {rest}"


def _field(label: str, value: str) -> Json:
    return mrkdwn(f"*{label}*\n{safe(value)}")


def _families(families: Families, *, classic: bool) -> list[Json]:
    subject = f"*{_stressed(families.subject)}*: " if families.subject else ""
    answer = f"*Which prompt family wastes takes?*  {subject}{safe(families.answer)}"
    if classic:
        return [section("\n".join([answer, *map(_line, families.bars)]))]
    return [section(answer), *([_chart(families.bars)] if families.bars else [])]


def _line(family: Family) -> str:
    name = safe(family.name)
    return f"• {name}: {family.approved} approved, {family.rejected} turned down"


def _chart(bars: tuple[Family, ...]) -> Json:
    """Slack wants each series to name every category exactly as the axis does, and no two alike."""
    labels = _labels([family.name for family in bars])
    series = {
        "Approved": [family.approved for family in bars],
        "Turned down": [family.rejected for family in bars],
    }
    return {
        "type": "data_visualization",
        "title": "Decided takes by prompt family",
        "chart": {
            "type": "bar",
            "series": [
                {"name": name, "data": _points(labels, values)} for name, values in series.items()
            ],
            "axis_config": {
                "categories": labels,
                "x_label": "prompt family",
                "y_label": "decided takes",
            },
        },
    }


def _points(labels: list[str], values: list[int]) -> list[Json]:
    return [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]


def _labels(names: list[str]) -> list[str]:
    labels: list[str] = []
    for name in names:
        marks = chain([""], (f" {number}" for number in count(2)))
        tries = (cut(name or "unnamed", _LABEL - len(mark)) + mark for mark in marks)
        labels.append(next(label for label in tries if label not in labels))
    return labels


def _link(url: str, text: str) -> str:
    if not url.startswith(("https://", "http://")):
        return safe(text)
    address = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{address}|{safe(text).replace('|', '/')}>"


def _stressed(text: str) -> str:
    """Bold ends at the first star, so a name may hold none."""
    return safe(text.replace("*", "\u2217"))
