"""What the small Slack remembers: people, channels, messages, files, views and the one app."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.workspace.canvas_text import joined

Json = dict[str, Any]


@dataclass(slots=True)
class Team:
    """A workspace."""

    id: str
    name: str
    domain: str


@dataclass(slots=True)
class Member:
    """A person or a bot of one workspace."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Lisbon"
    is_bot: bool = False
    avatar_color: str = "#6b7280"
    email: str = ""
    is_deleted: bool = False
    is_admin: bool = False


@dataclass(slots=True)
class Channel:
    """A channel or a direct message; `connected_team_ids` has every workspace that joined it."""

    id: str
    name: str
    team_id: str
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    member_ids: set[str] = field(default_factory=set[str])
    connected_team_ids: list[str] = field(default_factory=list[str])
    topic: str = ""
    purpose: str = ""
    creator_id: str = ""
    created: int = 0


@dataclass(slots=True)
class File:
    """An uploaded file; its bytes lie at `path`, its poster (a small JPEG) in `thumb`.

    `shares` maps a channel id to the timestamps of the messages that carry the file.
    """

    id: str
    name: str
    title: str
    mimetype: str
    filetype: str
    size: int
    path: Path
    user_id: str
    alt_txt: str = ""
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    shares: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    deleted: bool = False
    thumb: bytes | None = None
    thumb_width: int = 0
    thumb_height: int = 0
    created: int = 0
    is_complete: bool = False
    secret: str = ""

    @property
    def is_video(self) -> bool:
        """Tell whether a browser would play it."""
        return self.mimetype.startswith("video/")

    @property
    def is_image(self) -> bool:
        """Tell whether a browser would show it as a picture."""
        return self.mimetype.startswith("image/")


Plan = Literal["paid", "free", "none"]


@dataclass(slots=True)
class Section:
    """One block of a canvas; Slack tells apps its id and nothing else."""

    id: str
    markdown: str


@dataclass(slots=True)
class Canvas:
    """A document; with a channel it is one of its tabs, and one of them may be its very own."""

    id: str
    title: str
    user_id: str
    channel_id: str | None
    sections: list[Section]
    is_channels_own: bool = False
    access: dict[str, str] = field(default_factory=dict[str, str])
    created: int = 0
    updated: int = 0
    deleted: bool = False

    @property
    def markdown(self) -> str:
        """All that it says."""
        return joined([one.markdown for one in self.sections])


@dataclass(slots=True)
class CanvasRules:
    """What Slack allows here. `plan` is none where an administrator turned canvases off.

    Others report that each item of a list is a section, and one of them that an edit beyond about
    4,000 characters fails; neither is documented, so tests can have it either way.
    """

    plan: Plan = "paid"
    items_apart: bool = True
    edit_characters: int = 0


@dataclass(slots=True)
class Message:
    """One message; a deleted one stays here so that a page can take it away.

    `reactions` keeps emoji in the order they first appeared, each with its people in order.
    """

    ts: str
    channel_id: str
    user_id: str
    team_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list[Json])
    attachments: list[Json] = field(default_factory=list[Json])
    files: list[str] = field(default_factory=list[str])
    thread_ts: str | None = None
    edited: Json | None = None
    deleted: bool = False
    subtype: str | None = None
    bot_id: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    metadata: Json | None = None
    ephemeral_to: str | None = None
    client_msg_id: str | None = None
    is_broadcast: bool = False
    username: str = ""

    @property
    def is_reply(self) -> bool:
        """Tell whether it lives in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class View:
    """An open modal or a Home tab; `view` is what the app sent, `values` what the person typed.

    `errors` maps block ids to the sentence shown at that field after a refused submission;
    `offered` is what external selects have listed so far, by block id and action id.
    """

    id: str
    hash: str
    type: Literal["modal", "home"]
    view: Json
    user_id: str
    team_id: str
    channel_id: str | None = None
    root_id: str | None = None
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])
    values: Json = field(default_factory=dict[str, Any])
    external_id: str = ""
    offered: dict[tuple[str, str], list[Json]] = field(
        default_factory=dict[tuple[str, str], list[Json]]
    )


@dataclass(slots=True)
class Command:
    """A slash command as the manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(slots=True)
class Shortcut:
    """A message or global shortcut as the manifest declares it."""

    name: str
    type: str
    callback_id: str
    description: str = ""


@dataclass(slots=True)
class App:
    """The one app that is installed, with the keys that prove it."""

    id: str
    name: str
    team_id: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    scopes: list[str] = field(default_factory=list[str])
    commands: dict[str, Command] = field(default_factory=dict[str, Command])
    shortcuts: dict[str, Shortcut] = field(default_factory=dict[str, Shortcut])
    events: list[str] = field(default_factory=list[str])
