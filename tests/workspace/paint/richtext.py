"""Slack's rich text blocks as HTML."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from tests.workspace.paint.dates import full, told
from tests.workspace.paint.inline import anchor, emoji, escaped
from tests.workspace.paint.mrkdwn import mention, reference
from tests.workspace.paint.reader import Reader

Json = dict[str, Any]

_STYLES = {"code": "code", "bold": "strong", "italic": "em", "strike": "s", "underline": "u"}


def rich_text(block: Json, reader: Reader) -> Markup:
    """Paint a `rich_text` block: its sections, lists, quotes and preformatted text in order."""
    return Markup().join(_part(part, reader) for part in block.get("elements", []))


def _part(part: Json, reader: Reader) -> Markup:
    match part.get("type"):
        case "rich_text_list":
            return _list(part, reader)
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(_leaves(part, reader))
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(_leaves(part, reader))
        case _:
            return Markup('<div class="rich">{}</div>').format(_leaves(part, reader))


def _list(part: Json, reader: Reader) -> Markup:
    items = Markup().join(
        Markup("<li>{}</li>").format(_leaves(one, reader)) for one in part.get("elements", [])
    )
    tag = "ol" if part.get("style") == "ordered" else "ul"
    shell = Markup(f'<{tag} class="indent-{{}}" start="{{}}">{{}}</{tag}>')  # noqa: S704 -- our own tags
    return shell.format(int(part.get("indent", 0)), int(part.get("offset", 0)) + 1, items)


def _leaves(part: Json, reader: Reader) -> Markup:
    return Markup().join(_styled(one, _leaf(one, reader)) for one in part.get("elements", []))


def _leaf(one: Json, reader: Reader) -> Markup:
    paint = _LEAVES.get(str(one.get("type")))
    return (
        paint(one, reader) if paint else _verbatim(str(one.get("text") or one.get("value") or ""))
    )


def _link(one: Json, _reader: Reader) -> Markup:
    words = _verbatim(str(one.get("text") or one["url"]))
    return anchor(str(one["url"]), words) or words


def _emoji(one: Json, _reader: Reader) -> Markup:
    return emoji(str(one["name"])) or escaped(f":{one['name']}:")


def _target(mark: str, key: str) -> Callable[[Json, Reader], Markup]:
    """Paint what mrkdwn would write as `<#C…>` or `<!here>`."""
    return lambda one, reader: reference(f"{mark}{one[key]}", reader) or Markup()


def _date(one: Json, reader: Reader) -> Markup:
    seconds = float(one["timestamp"])
    return Markup('<time title="{}">{}</time>').format(
        full(reader.moment(seconds)), told(seconds, str(one.get("format", "{date}")), reader)
    )


def _styled(one: Json, drawn: Markup) -> Markup:
    style: Json = one.get("style") or {}
    for name, tag in _STYLES.items():
        if style.get(name):
            drawn = Markup(f"<{tag}>{{}}</{tag}>").format(drawn)  # noqa: S704 -- our own tags
    return drawn


def _verbatim(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


_LEAVES: dict[str, Callable[[Json, Reader], Markup]] = {
    "link": _link,
    "emoji": _emoji,
    "user": lambda one, reader: mention(str(one["user_id"]), reader),
    "channel": _target("#", "channel_id"),
    "usergroup": _target("!subteam^", "usergroup_id"),
    "broadcast": _target("!", "range"),
    "date": _date,
}
