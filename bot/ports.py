"""What the office needs from outside, as protocols: the room where people see the work."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.briefs import ThreadMessage
from bot.ports_canvas import Canvases
from bot.views import View
from storage.models import Card


class RoomClosed(Exception):  # noqa: N818 - reads as the sentence it is
    """The room will not take this, now or later; the text says why, for a person."""


class RoomBusy(Exception):  # noqa: N818 - reads as the sentence it is
    """The room asks for `retry_after` seconds of patience, or could not be reached."""

    def __init__(self, text: str, *, retry_after: float = 5) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class RoomLimited(RoomBusy):
    """The room is asked too much at once: nothing was accepted."""


@dataclass(frozen=True)
class Profile:
    """A person as Slack knows them."""

    user_id: str
    team_id: str
    name: str
    zone: str


@dataclass(frozen=True)
class SharedFile:
    """A file that somebody posted."""

    file_id: str
    name: str
    mimetype: str
    """Empty where Slack does not say: in channels shared with another workspace."""
    title: str = ""

    @property
    def may_be_a_picture(self) -> bool:
        """Whether it is worth fetching; only a look at its bytes tells."""
        return not self.mimetype or self.mimetype.startswith("image/")


@dataclass(frozen=True)
class Thread:
    """A thread, read whole."""

    messages: tuple[ThreadMessage, ...]
    files: tuple[SharedFile, ...]
    names: dict[str, str]
    permalink: str


class Room(Protocol):
    """Slack, as far as the office is concerned.

    Everything may raise RoomBusy (try later) or RoomClosed (do not).
    """

    @property
    def canvases(self) -> Canvases:
        """The pages beside the channels."""
        ...

    def patience(self, card: Card) -> float:
        """Give the seconds until the room would take this card; asked before it is sent."""
        ...

    async def post(self, card: Card, view: View) -> str:
        """Post a card in its channel or thread; give the message's timestamp."""
        ...

    async def redraw(self, card: Card, view: View) -> None:
        """Show a posted card as its records are now."""
        ...

    async def find(self, card: Card) -> str | None:
        """Look for a card that may have been posted before a crash; give its timestamp."""
        ...

    async def upload(self, path: Path, *, name: str, alt: str) -> str:
        """Hand over a picture for use in cards, shared nowhere; give Slack's file id."""
        ...

    async def reserve(self, path: Path, *, name: str, alt: str) -> "Upload":
        """Announce a file and get its id, before a byte is sent."""
        ...

    async def share(self, upload: "Upload", path: Path, card: Card, *, title: str) -> None:
        """Send a reserved file and share it where the card stands."""
        ...

    async def find_file(self, file_id: str, channel_id: str) -> "FoundFile | None":
        """Look for a file that may have been shared before a crash; None if it never arrived."""
        ...

    async def whisper(
        self, channel_id: str, user_id: str, text: str, *, thread_ts: str | None
    ) -> None:
        """Tell one person something where they are; lost without harm if it fails."""
        ...

    async def enter(self, channel_id: str) -> None:
        """Make sure that we may post in a channel; RoomClosed says what to do."""
        ...

    async def profile(self, user_id: str) -> Profile:
        """Give a person's name, home workspace and time zone."""
        ...

    async def read_thread(self, channel_id: str, thread_ts: str) -> Thread:
        """Read every page of a thread."""
        ...

    async def link_to(self, channel_id: str, message_ts: str) -> str:
        """Give a message's address."""
        ...

    async def fetch_file(self, file_id: str, sink: Path, *, limit: int) -> None:
        """Download a shared file into `sink`, at most `limit` bytes of it."""
        ...

    async def post_digest(self, channel_id: str, view: View, *, run_id: str) -> None:
        """Post a digest once; never repeated by itself."""
        ...

    async def home(self, user_id: str, view: View) -> None:
        """Publish somebody's Home tab."""
        ...


@dataclass(frozen=True)
class FoundFile:
    """A file that Slack has."""

    message_ts: str | None
    """The message that carries it in the channel; None while it is not shared there."""


@dataclass(frozen=True)
class Upload:
    """A file's id and the address that takes its bytes."""

    file_id: str
    url: str
