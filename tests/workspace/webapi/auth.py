"""`auth.*`, `api.test`, `team.info`: who am I, and where."""

from tests.workspace.errors import SlackError
from tests.workspace.limits import Tier
from tests.workspace.records import Json
from tests.workspace.shapes import team_json
from tests.workspace.webapi._call import Call, method


@method("api.test", Tier.FREE, token="none")
def api_test(call: Call) -> Json:
    """Echo the arguments; `error` asks for a refusal."""
    if error := call.text("error"):
        raise SlackError(error, args=call.arguments)
    return {"args": call.arguments}


@method("auth.test", Tier.FREE)
def auth_test(call: Call) -> Json:
    """Tell whose token it is."""
    app = call.state.app
    team = call.state.teams[app.team_id]
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": app.name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


@method("team.info", Tier.THREE, "team:read")
def team_info(call: Call) -> Json:
    """Tell about this workspace or a connected one."""
    team = call.state.teams.get(call.text("team", call.state.app.team_id))
    if team is None:
        raise SlackError("team_not_found")
    return {"team": team_json(team)}
