"""`reactions.*`: emoji below messages."""

from tests.workspace import acts
from tests.workspace.limits import Tier
from tests.workspace.message_shapes import message_json, reactions_json
from tests.workspace.records import Json
from tests.workspace.webapi._call import Call, method


@method("reactions.add", Tier.THREE, "reactions:write")
def reactions_add(call: Call) -> Json:
    """Let the bot add an emoji."""
    message = call.message(call.room(), "timestamp")
    acts.react(call.hub, message, call.state.app.bot_user_id, call.required("name"))
    return {}


@method("reactions.remove", Tier.TWO, "reactions:write")
def reactions_remove(call: Call) -> Json:
    """Let the bot take its emoji away."""
    message = call.message(call.room(), "timestamp")
    acts.unreact(call.hub, message, call.state.app.bot_user_id, call.required("name"))
    return {}


@method("reactions.get", Tier.THREE, "reactions:read")
def reactions_get(call: Call) -> Json:
    """Tell who reacted with what."""
    channel = call.room()
    message = call.message(channel, "timestamp")
    told = message_json(call.state, message, origin=call.hub.origin)
    told["reactions"] = reactions_json(message)
    return {"type": "message", "channel": channel.id, "message": told}
