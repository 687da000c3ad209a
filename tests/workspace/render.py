"""Block Kit, messages and modals as HTML, painted on the server by Jinja2 templates."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from tests.workspace.paint import choices as picks
from tests.workspace.paint.canvas import canvas as paint_canvas
from tests.workspace.paint.chart import Chart, chart
from tests.workspace.paint.emoji import PICKER, glyph
from tests.workspace.paint.inline import emojified
from tests.workspace.paint.markdown import markdown
from tests.workspace.paint.mrkdwn import mrkdwn
from tests.workspace.paint.reader import Reader
from tests.workspace.paint.richtext import rich_text
from tests.workspace.paint.words import bar, initials, ink, length, size
from tests.workspace.records import Canvas, File, Json, Shortcut, View
from tests.workspace.seat import Seat
from tests.workspace.state import SlackState
from tests.workspace.timeline import Line

_KEPT = 4000
HERE = Path(__file__).parent
_SHORTCODE = re.compile(r":([a-z0-9_+'-]+):")
_FILE_ID = re.compile(r"\bF[A-Z0-9]{8,}\b")
_TARGET = re.compile(r"<([@#])(\w+)(?:\|[^>]*)?>|<([^<>|]+)(?:\|[^<>]*)?>")


@cache
def templates() -> Environment:
    """Load the templates; they escape everything that is not painted markup."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters.update(initials=initials, ink=ink, size=size, length_of=length, bar=bar)
    return env


@dataclass(frozen=True)
class Place:
    """Where an element stands: its block, its view (None in a message), and its id on the page."""

    block_id: str
    id: str
    view: View | None
    labelled: bool


@dataclass(frozen=True)
class Painter:
    """What templates ask: how one reader sees Slack's objects in one workspace."""

    state: SlackState
    reader: Reader
    kept: dict[object, Markup] = field(default_factory=dict[object, Markup])

    def draw(self, template: str, **values: Any) -> Markup:
        """Render a template for this reader."""
        found = templates().get_template(template)
        drawn = found.render(p=self, state=self.state, picker=PICKER, glyph=glyph, **values)
        return Markup(drawn)  # noqa: S704 -- the template escaped it

    def blocks(self, blocks: list[Json], *, place: str, view: View | None = None) -> Markup:
        """Paint Block Kit blocks; `place` keeps ids apart where a page shows several of them."""
        return self.draw("blocks.html", blocks=blocks, view=view, place=place)

    def lines(
        self, lines: Sequence[Line], where: str, seat: Seat, shortcuts: Sequence[Shortcut]
    ) -> Markup:
        """Paint the lines of a channel (`where` is c) or of a thread (t)."""
        return self.draw("lines.html", lines=lines, where=where, seat=seat, shortcuts=shortcuts)

    def message(self, line: Line, where: str, seat: Seat, shortcuts: Sequence[Shortcut]) -> Markup:
        """Paint one message, or take it as it was painted before if nothing in it changed."""
        key = (where, seat.link(), line.likeness)
        if key not in self.kept:
            if len(self.kept) > _KEPT:
                self.kept.clear()
            self.kept[key] = self.draw(
                "message.html", line=line, where=where, seat=seat, shortcuts=shortcuts
            )
        return self.kept[key]

    def composer(self, seat: Seat, placeholder: str, thread_ts: str) -> Markup:
        """Paint the field in which one writes."""
        return self.draw("composer.html", seat=seat, placeholder=placeholder, thread_ts=thread_ts)

    def mrkdwn(self, text: str) -> Markup:
        """Paint a message's own text."""
        return mrkdwn(text, self.reader, emoji_only_large=True)

    def text(self, given: Json | str | None) -> Markup:
        """Paint a text object: mrkdwn with its marks, plain text with its emoji."""
        if not given:
            return Markup()
        if isinstance(given, str):
            return _plain(given)
        words = str(given.get("text", ""))
        return mrkdwn(words, self.reader) if given.get("type") == "mrkdwn" else _plain(words)

    def words(self, given: Json | str | None) -> str:
        """Return the bare words of a text object, for attributes and options."""
        if not given:
            return ""
        words = given if isinstance(given, str) else str(given.get("text", ""))
        return _SHORTCODE.sub(lambda found: glyph(found.group(1)) or found.group(0), words)

    def source_text(self, text: str) -> str:
        """Return a message as its author would type it again: names instead of ids, no escapes."""
        plain = _TARGET.sub(self._typed_target, text)
        return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _typed_target(self, found: re.Match[str]) -> str:
        if found.group(1) == "@":
            return "@" + self.reader.names.get(found.group(2), found.group(2))
        if found.group(1) == "#":
            return "#" + self.reader.channels.get(found.group(2), found.group(2))
        return found.group(3)

    def rich(self, block: Json) -> Markup:
        """Paint a rich text block."""
        return rich_text(block, self.reader)

    def markdown(self, text: str) -> Markup:
        """Paint a Markdown block."""
        return markdown(text, self.reader)

    def canvas(self, canvas: Canvas) -> Markup:
        """Paint what a canvas says."""
        return paint_canvas([one.markdown for one in canvas.sections], self.reader, self.linked)

    def linked(self, url: str) -> str:
        """Return where the page shows the picture behind an address, a file's link too."""
        return self.source({"slack_file": {"url": url}, "image_url": url})

    def chart(self, block: Json) -> Chart:
        """Lay out a chart."""
        return chart(block)

    def at(
        self, place: str, block: Json, element: Json, view: View | None, *, labelled: bool = False
    ) -> Place:
        """Say where an element stands."""
        block_id = str(block.get("block_id", ""))
        name = re.sub(r"[^\w.-]", "-", f"{place}-{block_id}-{element.get('action_id', '')}")
        return Place(block_id, f"f-{name}", view, labelled)

    def typed(self, view: View | None, block_id: str, element: Json) -> Json:
        """Return what a person had entered into an element, or what the app proposes."""
        entered = view.values.get(block_id, {}).get(element.get("action_id", "")) if view else None
        return picks.proposed(element) if entered is None else entered

    def chosen(self, element: Json, typed: Json) -> list[str]:
        """List the values that are picked in an element."""
        return picks.chosen(element, typed)

    def choices(self, element: Json) -> list[picks.Choice]:
        """Everything that a select offers."""
        return list(self._offered(element))

    def _offered(self, element: Json) -> Iterable[picks.Choice]:
        kind = str(element["type"])
        if kind.endswith("users_select"):
            people = self.state.members.values()
            return picks.of_people(one for one in people if not one.is_deleted)
        if kind.endswith(("channels_select", "conversations_select")):
            rooms = self.state.channels.values()
            return picks.of_rooms(one for one in rooms if not one.is_im)
        return picks.of_options(element)

    def local(self, seconds: int) -> str:
        """Write a moment as the browser's date and time field takes it."""
        return f"{self.reader.moment(seconds):%Y-%m-%dT%H:%M}"

    def file(self, file_id: str) -> File | None:
        """Find the file behind an id, unless it is gone."""
        found = self.state.files.get(file_id)
        return None if found is None or found.deleted else found

    def source(self, image: Json) -> str:
        """Return the address of a picture: a file of this Slack, or an address on the web."""
        kept = self._kept(image)
        if kept is not None:
            return f"/_page/media/{kept.id}"
        url = str(image.get("image_url") or "")
        return url if url.startswith(("http://", "https://")) else ""

    def frame(self, image: Json) -> tuple[int, int]:
        """Return the size of a picture of this Slack, so that nothing jumps when it arrives."""
        kept = self._kept(image)
        return (kept.width, kept.height) if kept else (0, 0)

    def own_video(self, url: str) -> str:
        """Return the address of a clip that this Slack keeps itself, or nothing."""
        found = _FILE_ID.search(url)
        kept = self.file(found.group(0)) if found else None
        return f"/_page/media/{kept.id}" if kept else ""

    def _kept(self, image: Json) -> File | None:
        given: Json = image.get("slack_file") or {}
        found = _FILE_ID.search(str(given.get("url", "")))
        return self.file(str(given.get("id") or (found.group(0) if found else "")))


def _plain(words: str) -> Markup:
    return Markup("<br>").join(emojified(one) for one in words.split("\n"))
