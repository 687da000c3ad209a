"""What Slack sends to the app: event envelopes, commands and interactions, Connect included."""

import secrets
import time

from tests.workspace.forms import initial_values
from tests.workspace.hub import Hub
from tests.workspace.message_shapes import message_json
from tests.workspace.records import Channel, Json, Message, Team, View
from tests.workspace.shapes import channel_type, view_json
from tests.workspace.state import SlackState, new_id


def envelope(state: SlackState, event: Json, channel: Channel | None, *, team_id: str) -> Json:
    """Wrap an event; `team_id` is the outer one, the installation stands beside it."""
    app = state.app
    return {
        "token": app.verification_token,
        "team_id": team_id,
        "context_team_id": app.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": app.team_id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
        "event_context": f"4-{secrets.token_hex(24)}",
    }


def message_event(hub: Hub, message: Message, channel: Channel) -> Json:
    """Return the event of a new message; people of another workspace carry theirs along."""
    told = message_json(hub.state, message, origin=hub.origin)
    told |= {"channel": channel.id, "channel_type": channel_type(channel), "event_ts": message.ts}
    if channel.is_ext_shared:
        told |= {"user_team": message.team_id, "source_team": message.team_id}
        told |= _checked_files(told)
    if message.subtype == "thread_broadcast" and message.thread_ts:
        root = hub.state.messages[channel.id][message.thread_ts]
        told["root"] = message_json(hub.state, root, origin=hub.origin)
    return told


def _checked_files(told: Json) -> Json:
    """Slack Connect tells only that a file is there; files.info tells the rest."""
    if "files" not in told:
        return {}
    kept = ("id", "created", "timestamp", "user")
    stubs = [{key: file[key] for key in kept if key in file} for file in told["files"]]
    access = {"mode": "file_access", "file_access": "check_file_info"}
    return {"files": [stub | access for stub in stubs]}


def changed_event(hub: Hub, message: Message, channel: Channel, *, previous: Json) -> Json:
    """Return the event of an edit."""
    told = message_json(hub.state, message, origin=hub.origin)
    if channel.is_ext_shared:
        told |= _checked_files(told)
        previous = previous | _checked_files(previous)
    return _hidden(hub, channel) | {
        "subtype": "message_changed",
        "message": told,
        "previous_message": previous,
    }


def deleted_event(hub: Hub, message: Message, channel: Channel, *, previous: Json) -> Json:
    """Return the event of a deletion."""
    return _hidden(hub, channel) | {
        "subtype": "message_deleted",
        "deleted_ts": message.ts,
        "previous_message": previous,
    }


def _hidden(hub: Hub, channel: Channel) -> Json:
    ts = hub.state.next_ts()
    return {
        "type": "message",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel_type(channel),
        "ts": ts,
        "event_ts": ts,
    }


def mention_event(hub: Hub, message: Message, channel: Channel) -> Json:
    """Return the second event that a message gets when it names the app."""
    told = message_event(hub, message, channel) | {"type": "app_mention"}
    return {key: value for key, value in told.items() if key not in {"channel_type", "subtype"}}


def reaction_event(kind: str, message: Message, user_id: str, *, emoji: str, ts: str) -> Json:
    """Return the event of an emoji; it names no team, in Slack Connect neither."""
    told: Json = {
        "type": kind,
        "user": user_id,
        "reaction": emoji,
        "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
        "event_ts": ts,
    }
    return told | {"item_user": message.user_id}


def _user(hub: Hub, user_id: str) -> Json:
    member = hub.state.members[user_id]
    return {
        "id": member.id,
        "username": member.name,
        "name": member.name,
        "team_id": member.team_id,
    }


def _team(team: Team) -> Json:
    return {"id": team.id, "domain": team.domain}


def _interaction(hub: Hub, kind: str, user_id: str, *, team_id: str) -> Json:
    return {
        "type": kind,
        "user": _user(hub, user_id),
        "api_app_id": hub.state.app.id,
        "token": hub.state.app.verification_token,
        "team": _team(hub.state.teams[team_id]),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command_body(hub: Hub, channel: Channel, user_id: str, *, command: str, text: str) -> Json:
    """Return the form fields of a slash command."""
    state = hub.state
    key = hub.grants.response_url(user_id, channel.id)
    return {
        "token": state.app.verification_token,
        "team_id": state.app.team_id,
        "team_domain": state.teams[state.app.team_id].domain,
        "channel_id": channel.id,
        "channel_name": _told_name(channel),
        "user_id": user_id,
        "user_name": state.members[user_id].name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": f"{hub.origin}/commands/{state.app.team_id}/{key}",
        "trigger_id": hub.grants.trigger(user_id, channel_id=channel.id),
    }


def _told_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def shortcut_body(hub: Hub, callback_id: str, user_id: str) -> Json:
    """Return the payload of a global shortcut."""
    return _interaction(hub, "shortcut", user_id, team_id=hub.state.app.team_id) | {
        "callback_id": callback_id,
        "trigger_id": hub.grants.trigger(user_id),
        "action_ts": hub.state.next_ts(),
    }


def message_shortcut_body(hub: Hub, callback_id: str, message: Message, user_id: str) -> Json:
    """Return the payload of a shortcut on a message."""
    channel = hub.state.channels[message.channel_id]
    return _interaction(hub, "message_action", user_id, team_id=hub.state.app.team_id) | {
        "callback_id": callback_id,
        "trigger_id": hub.grants.trigger(user_id, channel_id=channel.id),
        "action_ts": hub.state.next_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": _told_name(channel)},
        "message": message_json(hub.state, message, origin=hub.origin),
        "response_url": _action_url(hub, user_id, message),
    }


def press_body(
    hub: Hub, message: Message, user_id: str, *, action: Json, in_attachment: bool = False
) -> Json:
    """Return block_actions in a message: `team` is always the installation's."""
    state = hub.state
    channel = state.channels[message.channel_id]
    is_ephemeral = message.ephemeral_to is not None
    container: Json = {
        "type": "message_attachment" if in_attachment else "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    told: Json = _interaction(hub, "block_actions", user_id, team_id=state.app.team_id) | {
        "container": container,
        "trigger_id": hub.grants.trigger(user_id, channel_id=channel.id),
        "channel": {"id": channel.id, "name": _told_name(channel)},
        "state": {"values": _picked(hub, message, user_id)},
        "response_url": _action_url(hub, user_id, message),
        "actions": [action],
    }
    if not is_ephemeral:
        told["message"] = message_json(state, message, origin=hub.origin, include_metadata=True)
    return told


def _picked(hub: Hub, message: Message, user_id: str) -> Json:
    """Return what every menu of the message says to this person."""
    picked = initial_values({"blocks": message.blocks})
    for block_id, actions in hub.selections.get((message.ts, user_id), {}).items():
        picked.setdefault(block_id, {}).update(actions)
    return picked


def view_press_body(hub: Hub, view: View, *, action: Json) -> Json:
    """Return block_actions in a modal or a Home tab."""
    return _interaction(hub, "block_actions", view.user_id, team_id=hub.state.app.team_id) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": hub.grants.trigger(view.user_id, view_id=view.id),
        "view": view_json(hub.state, view, values=view.values),
        "actions": [action],
    }


def submission_body(hub: Hub, view: View, *, values: Json, response_urls: list[Json]) -> Json:
    """Return view_submission: `team` is the person's own, the installation is in the view."""
    return _interaction(hub, "view_submission", view.user_id, team_id=view.team_id) | {
        "trigger_id": hub.grants.trigger(view.user_id, view_id=view.id),
        "view": view_json(hub.state, view, values=values),
        "response_urls": response_urls,
    }


def closed_body(hub: Hub, view: View, *, is_cleared: bool) -> Json:
    """Return view_closed, which comes only if the view asked for it."""
    return _interaction(hub, "view_closed", view.user_id, team_id=view.team_id) | {
        "view": view_json(hub.state, view, values=view.values),
        "is_cleared": is_cleared,
    }


def suggestion_body(hub: Hub, user_id: str, *, element: Json, typed: str, within: Json) -> Json:
    """Return block_suggestion, which asks for the options of an external select."""
    return _interaction(hub, "block_suggestion", user_id, team_id=hub.state.app.team_id) | {
        "action_id": element["action_id"],
        "block_id": element["block_id"],
        "value": typed,
        **within,
    }


def _action_url(hub: Hub, user_id: str, message: Message) -> str:
    key = hub.grants.response_url(user_id, message.channel_id, message_ts=message.ts)
    return f"{hub.origin}/actions/{hub.state.app.team_id}/{key}"
