"""`views.*`: modals and Home tabs."""

from tests.workspace import modals
from tests.workspace.blocks import checked_view
from tests.workspace.errors import SlackError, bad_arguments
from tests.workspace.limits import Tier
from tests.workspace.records import Json, View
from tests.workspace.shapes import view_json
from tests.workspace.webapi._call import Call, method


@method("views.open", Tier.FOUR)
def views_open(call: Call) -> Json:
    """Open a modal for whoever caused the trigger."""
    sent = checked_view(call.value("view"), call.state.app.scopes)
    trigger = call.hub.grants.exchange(_trigger(call))
    view = modals.open_modal(call.hub, trigger.user_id, sent, channel_id=trigger.channel_id)
    return _told(call, view)


@method("views.push", Tier.FOUR)
def views_push(call: Call) -> Json:
    """Put a modal on top of the open one."""
    sent = checked_view(call.value("view"), call.state.app.scopes)
    trigger = call.hub.grants.exchange(_trigger(call))
    return _told(call, modals.push_modal(call.hub, trigger.user_id, sent))


@method("views.update", Tier.FOUR)
def views_update(call: Call) -> Json:
    """Replace what an open modal shows."""
    view = _wanted(call)
    sent = call.value("view")
    return _told(call, modals.update_view(call.hub, view, sent, expected_hash=call.text("hash")))


@method("views.publish", Tier.FOUR)
def views_publish(call: Call) -> Json:
    """Show somebody's Home tab."""
    user_id = call.required("user_id")
    if user_id not in call.state.members:
        raise SlackError("user_not_found")
    sent, expected = call.value("view"), call.text("hash")
    return _told(call, modals.publish_home(call.hub, user_id, sent, expected_hash=expected))


def _trigger(call: Call) -> str:
    return call.text("trigger_id") or call.required("interactivity_pointer")


def _wanted(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise bad_arguments("missing required field: view_id")
    for view in call.state.views.values():
        if view.id == view_id or (external_id and view.external_id == external_id):
            return view
    raise SlackError("not_found")


def _told(call: Call, view: View) -> Json:
    return {"view": view_json(call.state, view, values=view.values)}
