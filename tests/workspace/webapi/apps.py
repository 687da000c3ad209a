"""`apps.connections.open` and `oauth.v2.access`: how an app gets in."""

from tests.workspace.errors import SlackError
from tests.workspace.limits import Tier
from tests.workspace.records import Json
from tests.workspace.webapi._call import Call, method


@method("apps.connections.open", Tier.THREE, token="app")
def connections_open(call: Call) -> Json:
    """Hand out the address of a WebSocket that can be opened once."""
    ticket = call.hub.delivery.sockets.ticket()
    address = call.hub.origin.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.state.app.id}"}


@method("oauth.v2.access", Tier.FOUR, token="none")
def oauth_access(call: Call) -> Json:
    """Exchange any code for the one installation there is."""
    app = call.state.app
    if not call.text("code"):
        raise SlackError("invalid_code")
    if (client_id := call.text("client_id")) and client_id != app.client_id:
        raise SlackError("invalid_client_id")
    team = call.state.teams[app.team_id]
    return {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(app.scopes),
        "bot_user_id": app.bot_user_id,
        "app_id": app.id,
        "team": {"name": team.name, "id": team.id},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": next(iter(call.state.members))},
    }
