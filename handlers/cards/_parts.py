"""The few pieces that every card is made of, within Slack's limits."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.budget import cost_of, dollars
from storage.models import Take, TakeState

Json = dict[str, Any]
_TEXT = 3000
_HALF_ESCAPE = re.compile(r"&[a-z]*$")
NOTE = 400
"""As much of a note as a card shows; the record has all of it."""
_FIELD = 1200
"""Half a dozen of these, and the notes on a take, stay below what Slack takes in one message."""


@dataclass(frozen=True)
class Drawn:
    """A message: its blocks, and the sentence that notifications and screen readers give."""

    text: str
    blocks: list[Json]


STATE: dict[TakeState, str] = {
    TakeState.ORDERED: "Ordered",
    TakeState.PLACING: "Ordering",
    TakeState.RENDERING: "Rendering",
    TakeState.PRESENTING: "Preparing the proxy",
    TakeState.WAITING: "Waiting for the team",
    TakeState.WITH_CLIENT: "With the client",
    TakeState.APPROVED: "Circle take",
    TakeState.SUPERSEDED: "Superseded",
    TakeState.RETAKE: "Retake",
    TakeState.REJECTED: "Rejected",
    TakeState.FAILED: "Failed",
    TakeState.CANCELLED: "Cancelled",
    TakeState.AMBIGUOUS: "Not settled",
}
MARK: dict[TakeState, str] = {
    TakeState.WAITING: ":large_yellow_circle:",
    TakeState.WITH_CLIENT: ":large_blue_circle:",
    TakeState.APPROVED: ":large_green_circle:",
    TakeState.SUPERSEDED: ":white_circle:",
    TakeState.RETAKE: ":large_orange_circle:",
    TakeState.REJECTED: ":red_circle:",
    TakeState.FAILED: ":warning:",
    TakeState.CANCELLED: ":white_circle:",
    TakeState.AMBIGUOUS: ":warning:",
}


def state_of(take: Take) -> str:
    """Say where a take stands; a still has no proxy to prepare."""
    if take.still and take.state is TakeState.PRESENTING:
        return "Preparing the picture"
    return STATE[take.state]


def cut(text: str, most: int) -> str:
    """Shorten a text to what fits, with a mark that something was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def safe(text: str) -> str:
    """Escape what people wrote, so that it cannot become a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def brief(text: str, most: int) -> str:
    """Escape what people wrote and shorten it, never in the middle of an escape."""
    escaped = safe(text)
    if len(escaped) <= most:
        return escaped
    return f"{_HALF_ESCAPE.sub('', escaped[: most - 1])}…"


def plain(text: str, most: int = 150) -> Json:
    """Make a plain text object."""
    return {"type": "plain_text", "text": cut(text, most) or " ", "emoji": True}


def mrkdwn(text: str, most: int = _TEXT) -> Json:
    """Make a mrkdwn text object."""
    return {"type": "mrkdwn", "text": cut(text, most) or " "}


def header(text: str) -> Json:
    """Make a header block."""
    return {"type": "header", "text": plain(text)}


def section(text: str, **more: Any) -> Json:
    """Make a section block."""
    return {"type": "section", "text": mrkdwn(text), **more}


def fields(pairs: list[tuple[str, str]]) -> list[Json]:
    """Make sections of labelled fields, two beside each other; empty ones are left out."""
    shown = [mrkdwn(f"*{label}*\n{brief(text, _FIELD)}") for label, text in pairs if text]
    return [{"type": "section", "fields": shown[i : i + 10]} for i in range(0, len(shown), 10)]


def context(*texts: str) -> Json:
    """Make a context block of small texts."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10]}


def button(text: str, action_id: str, value: str = "", **more: Any) -> Json:
    """Make a button."""
    told = {"value": value} if value else {}
    return {
        "type": "button",
        "text": plain(text, 75),
        "action_id": action_id,
        **told,
        **more,
    }


def actions(*elements: Json, block_id: str = "") -> Json:
    """Make a row of buttons."""
    named = {"block_id": block_id} if block_id else {}
    return {"type": "actions", "elements": list(elements), **named}


def option(text: str, value: str) -> Json:
    """Make one choice of a menu."""
    return {"text": plain(text, 75), "value": value}


def picture(file_id: str, alt: str, title: str = "") -> Json:
    """Make an image block of a file that Slack has."""
    named = {"title": plain(title, 2000)} if title else {}
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(alt, 2000), **named}


def moment(at: datetime | None, style: str = "{date_short_pretty} {time}") -> str:
    """Write a moment so that Slack shows it in the reader's own time zone."""
    if at is None:
        return ""
    return f"<!date^{int(at.timestamp())}^{style}|{at:%Y-%m-%d %H:%M} UTC>"


def money(cents: int | None) -> str:
    """Write an amount; what nobody knows is never called free."""
    if cents is None:
        return "price unknown"
    return dollars(cents) if cents else "free"


def about(cents: int | None) -> str:
    """Write an amount that is by our price table, or by a forecast."""
    return f"about {money(cents)}" if cents else money(cents)


def cost(take: Take) -> str:
    """Say what a take costs: to the cent once its engine has said so."""
    told = cost_of(take)
    if told is None:
        return "no charge told" if take.placed_at else "not charged"
    return money(told.cents) if told.is_exact else about(told.cents)


def shown_of(take: Take) -> str:
    """Begin the words for whoever cannot see a take's poster."""
    return "The still" if take.still else "A frame of"


def circle_shown_of(take: Take, name: str) -> str:
    """Begin the same words for a circle take, as people call it."""
    return f"{'The' if take.still else 'A frame of the'} circle take {name}"


def length(seconds: float) -> str:
    """Write a length in seconds as briefly as it is exact to a tenth."""
    return f"{round(seconds, 1):g} s"


def size(take: Take) -> str:
    """Write how large a take's picture is."""
    return f"{take.width} × {take.height}"  # noqa: RUF001 - sizes are written with this sign


def person(user_id: str) -> str:
    """Mention somebody."""
    return f"<@{user_id}>"
