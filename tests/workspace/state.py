"""The whole small Slack in memory: records, ids, timestamps, and the feed that a page follows.

Every change is published as a small dict: `kind`, and where it applies `channel_id`, `ts`,
`thread_ts`, `user_id` (the only person concerned), `view_id`, `file_id`. The kinds are
`message.posted`, `message.changed`, `message.deleted`, `ephemeral.posted`, `reaction.added`,
`reaction.removed`, `view.opened`, `view.updated`, `view.closed`, `home.published`,
`channel.changed`, `canvas.changed`, `file.deleted`, `socket.opened`, `socket.closed`.
"""

import asyncio
import secrets
import string
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.workspace.records import (
    App,
    Canvas,
    CanvasRules,
    Channel,
    File,
    Json,
    Member,
    Message,
    Team,
    View,
)

__all__ = [
    "App",
    "Channel",
    "File",
    "Json",
    "Member",
    "Message",
    "SlackState",
    "Team",
    "View",
    "new_id",
]

_ALPHABET = string.ascii_uppercase + string.digits
_FEED_SIZE = 10_000


def new_id(prefix: str) -> str:
    """Return an id that looks like Slack's: a letter and ten letters or digits."""
    return prefix + "0" + "".join(secrets.choice(_ALPHABET) for _ in range(9))


class SlackState:
    """Everything this Slack knows. One app is installed in one team; others are connected."""

    def __init__(self, app: App, *, clock: Callable[[], float] = time.time) -> None:
        self.app = app
        self.clock = clock
        self.teams: dict[str, Team] = {}
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, Canvas] = {}
        self.canvas_rules = CanvasRules()
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._threads: dict[tuple[str, str], list[str]] = {}
        self._feeds: set[asyncio.Queue[Json]] = set()
        self._last_tick = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def now(self) -> float:
        """The moment on this Slack's clock, in seconds."""
        return self.clock()

    @property
    def folder(self) -> Path:
        """Where the bytes of files lie; made when first asked for."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="small-slack-")
        return Path(self._folder.name)

    def close(self) -> None:
        """Forget the bytes of every file."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def next_ts(self) -> str:
        """Return a timestamp that no message of any channel has."""
        tick = max(int(self.now * 1_000_000), self._last_tick + 1)
        self._last_tick = tick
        return f"{tick // 1_000_000}.{tick % 1_000_000:06d}"

    def add_team(self, team: Team) -> Team:
        """Open a workspace."""
        self.teams[team.id] = team
        return team

    def add_member(self, member: Member) -> Member:
        """Let somebody in."""
        self.members[member.id] = member
        return member

    def add_channel(self, channel: Channel) -> Channel:
        """Open a channel."""
        channel.created = channel.created or int(self.now)
        channel.connected_team_ids = channel.connected_team_ids or [channel.team_id]
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        self.publish({"kind": "channel.changed", "channel_id": channel.id})
        return channel

    def channel_named(self, name: str) -> Channel:
        """Find a channel by its id or its name, with or without the hash."""
        wanted = name.removeprefix("#")
        found = self.channels.get(wanted)
        return found or next(one for one in self.channels.values() if one.name == wanted)

    def member_named(self, name: str) -> Member:
        """Find a member by id or user name."""
        wanted = name.removeprefix("@")
        found = self.members.get(wanted)
        return found or next(one for one in self.members.values() if one.name == wanted)

    def direct_channel(self, *user_ids: str) -> Channel:
        """Return the direct message between these people, opening it when it is new."""
        people = set(user_ids)
        for channel in self.channels.values():
            if channel.is_im and channel.member_ids == people:
                return channel
        return self.add_channel(
            Channel(
                id=new_id("D"), name="", team_id=self.app.team_id, is_im=True, member_ids=people
            )
        )

    def add_message(self, message: Message) -> Message:
        """Keep a message and tell the feed."""
        self.messages[message.channel_id][message.ts] = message
        if message.is_reply and message.thread_ts is not None:
            self._threads.setdefault((message.channel_id, message.thread_ts), []).append(message.ts)
        kind = "ephemeral.posted" if message.ephemeral_to else "message.posted"
        self.publish(_about(message, kind) | {"user_id": message.ephemeral_to})
        return message

    def message(self, channel_id: str, ts: str) -> Message | None:
        """Return a message that everybody in the channel may see, if it is still there."""
        found = self.messages.get(channel_id, {}).get(ts)
        if found is None or found.deleted or found.ephemeral_to is not None:
            return None
        return found

    def changed(self, message: Message, kind: str = "message.changed") -> None:
        """Tell the feed that a message is not what it was."""
        self.publish(_about(message, kind))

    def timeline(self, channel_id: str, *, user_id: str | None = None) -> Iterator[Message]:
        """Yield what a person sees in the channel, oldest first; replies only if broadcast."""
        for message in self.messages.get(channel_id, {}).values():
            seen = message.ephemeral_to in {None, user_id}
            if seen and (not message.is_reply or message.is_broadcast) and not message.deleted:
                yield message

    def replies(
        self, channel_id: str, thread_ts: str, *, user_id: str | None = None
    ) -> list[Message]:
        """Return what a person sees below a message, oldest first, without the message itself."""
        there = self.messages.get(channel_id, {})
        listed = (there[ts] for ts in self._threads.get((channel_id, thread_ts), []))
        return [one for one in listed if not one.deleted and one.ephemeral_to in {None, user_id}]

    def subscribe(self) -> asyncio.Queue[Json]:
        """Follow every change from now on; give the queue back to `unsubscribe`."""
        feed: asyncio.Queue[Json] = asyncio.Queue(_FEED_SIZE)
        self._feeds.add(feed)
        return feed

    def unsubscribe(self, feed: asyncio.Queue[Json]) -> None:
        """Stop following."""
        self._feeds.discard(feed)

    @contextmanager
    def following(self) -> Generator[asyncio.Queue[Json]]:
        """Follow every change inside the block."""
        feed = self.subscribe()
        try:
            yield feed
        finally:
            self.unsubscribe(feed)

    def publish(self, change: Json) -> None:
        """Tell every follower; one that has stopped reading is dropped."""
        for feed in tuple(self._feeds):
            try:
                feed.put_nowait(change)
            except asyncio.QueueFull:
                self._feeds.discard(feed)

    def is_external(self, user_id: str) -> bool:
        """Tell whether somebody belongs to another workspace than the app."""
        member = self.members.get(user_id)
        return member is not None and member.team_id != self.app.team_id

    def canvases_of(self, channel_id: str) -> list[Canvas]:
        """Return the canvases that are tabs of a channel, oldest first."""
        everything = self.canvases.values()
        return [one for one in everything if one.channel_id == channel_id and not one.deleted]

    def shows_canvas(self, canvas: Canvas) -> bool:
        """Tell whether the app may know of a canvas: its own, or one of a channel it is in."""
        places = {canvas.channel_id, *canvas.access} - {None}
        is_shared = any(self.has_app(str(one)) for one in places)
        return is_shared or self.app.bot_user_id in {canvas.user_id, *canvas.access}

    def has_app(self, channel_id: str) -> bool:
        """Tell whether the app's bot is a member of the channel."""
        channel = self.channels.get(channel_id)
        return channel is not None and self.app.bot_user_id in channel.member_ids


def _about(message: Message, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "channel_id": message.channel_id,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
    }
