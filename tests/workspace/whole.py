"""Everything in the small Slack as one JSON value, for scripts and assertions."""

from dataclasses import asdict

from tests.workspace.hub import Hub
from tests.workspace.message_shapes import file_json, message_json
from tests.workspace.records import Json
from tests.workspace.shapes import channel_json, view_json


def whole_state(hub: Hub, channel_id: str | None = None) -> Json:
    """Return all of it, or with a channel only what was said there."""
    state = hub.state
    wanted = [channel_id] if channel_id else list(state.channels)
    messages = {one: _messages(hub, one) for one in wanted}
    if channel_id:
        return {"messages": messages}
    secret = {"bot_token", "app_token", "signing_secret", "client_secret", "verification_token"}
    app = {name: value for name, value in asdict(state.app).items() if name not in secret}
    return {
        "app": app,
        "teams": [asdict(team) for team in state.teams.values()],
        "members": [asdict(member) for member in state.members.values()],
        "channels": [channel_json(state, channel) for channel in state.channels.values()],
        "messages": messages,
        "files": [file_json(state, file, origin=hub.origin) for file in state.files.values()],
        "canvases": [asdict(one) for one in state.canvases.values()],
        "modals": {
            user_id: [view_json(state, view, values=view.values) for view in stack]
            for user_id, stack in state.modals.items()
            if stack
        },
        "homes": {user_id: view_json(state, view) for user_id, view in state.homes.items()},
        "connections": len(hub.delivery.sockets),
        "deliveries": len(hub.delivery.log),
    }


def _messages(hub: Hub, channel_id: str) -> list[Json]:
    told: list[Json] = []
    for message in hub.state.messages[channel_id].values():
        shown = message_json(hub.state, message, origin=hub.origin, include_metadata=True)
        shown |= {"ephemeral_to": message.ephemeral_to, "is_deleted": message.deleted}
        told.append(shown)
    return told
