"""Modals and Home tabs: the stack of at most three, and what a person typed into it."""

import secrets

from tests.workspace.blocks import checked_view
from tests.workspace.errors import SlackError
from tests.workspace.forms import initial_values
from tests.workspace.hub import Hub
from tests.workspace.records import Json, View
from tests.workspace.state import new_id

MAX_STACK = 3


def open_modal(hub: Hub, user_id: str, sent: object, *, channel_id: str | None = None) -> View:
    """Show a modal; whatever was open for this person goes away."""
    view = _new(hub, user_id, sent, "modal")
    view.channel_id = channel_id
    view.root_id = view.id
    for old in hub.state.modals.get(user_id, []):
        hub.state.views.pop(old.id, None)
    hub.state.modals[user_id] = [view]
    return _shown(hub, view, "view.opened")


def push_modal(hub: Hub, user_id: str, sent: object) -> View:
    """Show a modal on top of the one that is open."""
    stack = hub.state.modals.get(user_id, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    view = _new(hub, user_id, sent, "modal")
    view.root_id, view.previous_id = stack[0].id, stack[-1].id
    view.channel_id = stack[0].channel_id
    stack.append(view)
    return _shown(hub, view, "view.opened")


def update_view(hub: Hub, view: View, sent: object, *, expected_hash: str = "") -> View:
    """Replace what a view shows; what was typed into blocks that stay is kept."""
    if expected_hash and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    checked = checked_view(sent, hub.state.app.scopes)
    fresh = initial_values(checked)
    for block_id, actions in view.values.items():
        for action_id, value in actions.items():
            if action_id in fresh.get(block_id, {}):
                fresh[block_id][action_id] = value
    view.view, view.values, view.errors = checked, fresh, {}
    view.hash = _new_hash(hub)
    return _shown(hub, view, "view.updated")


def publish_home(hub: Hub, user_id: str, sent: object, *, expected_hash: str = "") -> View:
    """Show a Home tab."""
    old = hub.state.homes.get(user_id)
    if old is not None and expected_hash and expected_hash != old.hash:
        raise SlackError("hash_conflict")
    view = _new(hub, user_id, sent, "home")
    if old is not None:
        hub.state.views.pop(old.id, None)
        hub.state.views.pop(view.id, None)
        view.id = old.id
        hub.state.views[view.id] = view
    view.root_id = view.id
    hub.state.homes[user_id] = view
    return _shown(hub, view, "home.published")


def close_view(hub: Hub, view: View) -> None:
    """Take the topmost view away."""
    stack = hub.state.modals.get(view.user_id, [])
    if view in stack:
        stack.remove(view)
    hub.state.views.pop(view.id, None)
    _shown(hub, view, "view.closed")


def close_all(hub: Hub, user_id: str) -> None:
    """Take every modal of this person away."""
    for view in hub.state.modals.pop(user_id, [])[::-1]:
        close_view(hub, view)


def top_modal(hub: Hub, user_id: str) -> View | None:
    """Return the modal that this person looks at."""
    stack = hub.state.modals.get(user_id, [])
    return stack[-1] if stack else None


def _new(hub: Hub, user_id: str, sent: object, kind: str) -> View:
    checked: Json = checked_view(sent, hub.state.app.scopes)
    if checked["type"] != kind:
        raise SlackError("invalid_arguments")
    external_id = str(checked.get("external_id", ""))
    if external_id and any(one.external_id == external_id for one in hub.state.views.values()):
        raise SlackError("duplicate_external_id")
    view = View(
        id=new_id("V"),
        hash=_new_hash(hub),
        type=checked["type"],
        view=checked,
        user_id=user_id,
        team_id=hub.state.members[user_id].team_id,
        values=initial_values(checked),
        external_id=external_id,
    )
    hub.state.views[view.id] = view
    return view


def _new_hash(hub: Hub) -> str:
    return f"{int(hub.state.now)}.{secrets.token_hex(4)}"


def _shown(hub: Hub, view: View, kind: str) -> View:
    hub.state.publish({"kind": kind, "view_id": view.id, "user_id": view.user_id})
    return view
