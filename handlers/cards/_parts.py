"""The few pieces that every card is made of, within Slack's limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.models import Stage, TakeState

Json = dict[str, Any]
_TEXT = 3000
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
    TakeState.AMBIGUOUS: ":warning:",
}
STAGE: dict[Stage, str] = {Stage.TEAM: "team", Stage.CLIENT: "client"}


def cut(text: str, most: int) -> str:
    """Shorten a text to what fits, with a mark that something was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def safe(text: str) -> str:
    """Escape what people wrote, so that it cannot become a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    shown = [mrkdwn(f"*{label}*\n{safe(text)}", _FIELD) for label, text in pairs if text]
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
    """Write an amount; nothing is said of what costs nothing."""
    return f"${cents / 100:,.2f}" if cents else "free"


def length(seconds: float) -> str:
    """Write a length in seconds as briefly as it is exact to a tenth."""
    return f"{round(seconds, 1):g} s"


def person(user_id: str) -> str:
    """Mention somebody."""
    return f"<@{user_id}>"
