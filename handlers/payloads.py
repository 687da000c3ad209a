"""Slack's JSON reduced to frozen typed views; no raw payload passes this file."""

import re
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from bot.people import Actor
from bot.ports import SharedFile
from handlers._state import value_of

Json = dict[str, Any]


class Payload(BaseModel):
    """A delivery of Slack's, read once."""

    model_config = ConfigDict(frozen=True)

    actor: Actor
    key: str
    """The delivery's own identity: a repeated one has the same."""


class Call(Payload):
    """Words meant for us: a slash command, or a mention in a channel or a thread."""

    text: str
    channel_id: str
    thread_ts: str | None = None
    trigger_id: str | None = None
    """Only a slash command has one; it opens a modal."""
    message_ts: str | None = None

    @classmethod
    def of_command(cls, body: Json) -> Self:
        """Read a slash command."""
        workspace = body["team_id"]
        return cls(
            actor=Actor(workspace, body["user_id"], body.get("user_team_id") or workspace),
            key=f"command:{body['trigger_id']}",
            text=body.get("text", "").strip(),
            channel_id=body["channel_id"],
            trigger_id=body["trigger_id"],
        )

    @classmethod
    def of_mention(cls, body: Json) -> Self:
        """Read an app_mention event; the words are what follows our name."""
        event = body["event"]
        return cls(
            actor=_author(body),
            key=_event_key(body),
            text=_after_our_name(event.get("text", ""), body),
            channel_id=event["channel"],
            thread_ts=event.get("thread_ts"),
            message_ts=event["ts"],
        )


class ButtonPress(Payload):
    """Somebody used a button or a menu on a message of ours, in a modal or in the Home tab."""

    action_id: str
    value: str
    trigger_id: str
    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str | None = None

    @classmethod
    def of(cls, body: Json) -> Self:
        """Read a block_actions payload; it carries one action at a time."""
        action: Json = body["actions"][0]
        message: Json = body.get("message") or {}
        chosen: Json = action.get("selected_option") or {}
        channel: Json = body.get("channel") or {}
        container: Json = body.get("container") or {}
        return cls(
            actor=_clicker(body, workspace=body["team"]["id"]),
            key=f"press:{body['trigger_id']}",
            action_id=action["action_id"],
            value=action.get("value") or chosen.get("value") or "",
            trigger_id=body["trigger_id"],
            channel_id=channel.get("id", ""),
            message_ts=message.get("ts") or container.get("message_ts") or "",
            thread_ts=_thread_seen(message or {**container, "ts": container.get("message_ts")}),
        )


class Submission(Payload):
    """Somebody sent a form."""

    view_id: str
    hash: str = ""
    """Which drawing of the form it was, so that an older one never overwrites a newer."""
    meta: str
    values: dict[str, Any]
    """By block id: a text, a number as text, an option's value, or a list of ids."""

    def text(self, block_id: str) -> str:
        """Give what was typed or chosen in a block; empty if nothing was."""
        value = self.values.get(block_id)
        return value.strip() if isinstance(value, str) else ""

    def ids(self, block_id: str) -> list[str]:
        """Give the people, channels or options that were chosen in a block."""
        value = self.values.get(block_id)
        return [str(each) for each in value] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - Slack's JSON

    def files(self, block_id: str) -> tuple[SharedFile, ...]:
        """Give the files that were uploaded in a block."""
        return shared_files({"files": self.values.get(block_id)})

    @classmethod
    def of(cls, body: Json) -> Self:
        """Read a view_submission payload, or the press of an input that a form asked to hear of."""
        view: Json = body["view"]
        workspace = view.get("app_installed_team_id") or body["team"]["id"]
        states: Json = view["state"]["values"]
        return cls(
            actor=_clicker(body, workspace=workspace),
            key=f"view:{view['id']}:{view.get('hash', '')}",
            view_id=view["id"],
            hash=view.get("hash", ""),
            meta=view.get("private_metadata", ""),
            values={block: value_of(next(iter(state.values()))) for block, state in states.items()},
        )


class Suggestion(Payload):
    """Somebody types into a menu that asks us what it should offer."""

    action_id: str
    block_id: str
    typed: str
    meta: str = ""
    """The form's private metadata; empty in a message."""
    channel_id: str = ""
    message_ts: str = ""

    @classmethod
    def of(cls, body: Json) -> Self:
        """Read a block_suggestion payload; it has no identity of its own, and needs none."""
        view: Json = body.get("view") or {}
        container: Json = body.get("container") or {}
        channel: Json = body.get("channel") or {}
        workspace = view.get("app_installed_team_id") or body["team"]["id"]
        return cls(
            actor=_clicker(body, workspace=workspace),
            key=f"suggestion:{body['block_id']}:{body['value']}",
            action_id=body["action_id"],
            block_id=body["block_id"],
            typed=body["value"].strip(),
            meta=view.get("private_metadata", ""),
            channel_id=channel.get("id", ""),
            message_ts=container.get("message_ts") or "",
        )


def _thread_seen(message: Json) -> str | None:
    """Give the thread that somebody has before them; a thread's head is seen in the channel."""
    thread_ts = message.get("thread_ts")
    return None if thread_ts == message.get("ts") else thread_ts


class Shortcut(Payload):
    """Somebody chose our shortcut on a message."""

    channel_id: str
    message_ts: str
    thread_ts: str
    """The head of the message's thread: the message itself if it has none."""
    trigger_id: str
    files: tuple[SharedFile, ...] = ()
    """Those of the message."""

    @classmethod
    def of(cls, body: Json) -> Self:
        """Read a message_action payload."""
        message: Json = body["message"]
        return cls(
            actor=_clicker(body, workspace=body["team"]["id"]),
            key=f"shortcut:{body['trigger_id']}",
            channel_id=body["channel"]["id"],
            message_ts=message["ts"],
            thread_ts=message.get("thread_ts") or message["ts"],
            trigger_id=body["trigger_id"],
            files=shared_files(message),
        )


class Reaction(Payload):
    """Somebody put an emoji on a message, or took it away. Slack does not say from which team."""

    emoji: str
    channel_id: str
    message_ts: str

    @classmethod
    def of(cls, body: Json) -> Self | None:
        """Read a reaction event; None if it is not on a message."""
        event = body["event"]
        if event["item"].get("type") != "message":
            return None
        workspace = _workspace(body)
        return cls(
            actor=Actor(workspace, event["user"], ""),
            key=_event_key(body),
            emoji=event["reaction"],
            channel_id=event["item"]["channel"],
            message_ts=event["item"]["ts"],
        )


class SharedMessage(Payload):
    """A file of ours appeared in a channel: only now is its message known."""

    channel_id: str
    message_ts: str
    file_ids: tuple[str, ...]

    @classmethod
    def of(cls, body: Json) -> Self | None:
        """Read a message event; None if it shares no file."""
        event = body["event"]
        files: list[Json] = event.get("files") or []
        if event.get("subtype") not in {None, "file_share"} or not files:
            return None
        return cls(
            actor=Actor(_workspace(body), event.get("user", ""), ""),
            key=_event_key(body),
            channel_id=event["channel"],
            message_ts=event["ts"],
            file_ids=tuple(file["id"] for file in files),
        )


class HomeOpened(Payload):
    """Somebody opened our Home tab."""

    @classmethod
    def of(cls, body: Json) -> Self | None:
        """Read an app_home_opened event; None for the messages tab."""
        event = body["event"]
        if event.get("tab") != "home":
            return None
        return cls(actor=Actor(_workspace(body), event["user"], ""), key=_event_key(body))


def shared_files(message: Json) -> tuple[SharedFile, ...]:
    """Read the files of a message, leaving out those that were removed."""
    files: list[Json] = message.get("files") or []
    return tuple(
        SharedFile(
            file_id=file["id"],
            name=file.get("name") or file["id"],
            mimetype=file.get("mimetype") or "",
            title=file.get("title") or "",
        )
        for file in files
        if file.get("mode") != "tombstone"
    )


def _workspace(body: Json) -> str:
    grants: list[Json] = body.get("authorizations") or []
    granted = grants[0].get("team_id") if grants else None
    return granted or body.get("context_team_id") or body["team_id"]


def _after_our_name(text: str, body: Json) -> str:
    """Give the words behind the mention of us; others may be mentioned before and after it."""
    grants: list[Json] = body.get("authorizations") or []
    ours = grants[0].get("user_id") if grants else None
    found = re.search(rf"<@{ours or '[UW][A-Z0-9]+'}(?:\|[^>]*)?>", text)
    return text[found.end() :].strip() if found else text.strip()


def _event_key(body: Json) -> str:
    return f"event:{body['event_id']}"


def _author(body: Json) -> Actor:
    event = body["event"]
    workspace = _workspace(body)
    team = event.get("user_team") or event.get("source_team") or event.get("team") or workspace
    return Actor(workspace, event["user"], team)


def _clicker(body: Json, *, workspace: str) -> Actor:
    # In shared channels `team` is the installing workspace; only the user knows their own.
    user: Json = body["user"]
    return Actor(workspace, user["id"], user.get("team_id") or workspace)
