"""`users.*` and `bots.info`: who somebody is."""

from tests.workspace.errors import SlackError
from tests.workspace.limits import Tier
from tests.workspace.records import Json, Member
from tests.workspace.shapes import bot_json, member_json
from tests.workspace.webapi._call import Call, method
from tests.workspace.webapi._pages import page


@method("users.info", Tier.FOUR, "users:read")
def users_info(call: Call) -> Json:
    """Tell about a member, or about an outsider who shares a channel with the app."""
    member = call.state.members.get(call.text("user"))
    if member is None:
        raise SlackError("user_not_found")
    if not _is_visible(call, member):
        raise SlackError("user_not_visible")
    return {"user": member_json(call.state, member)}


@method("users.list", Tier.TWO, "users:read")
def users_list(call: Call) -> Json:
    """Tell about everybody the app can see."""
    visible = [one for one in call.state.members.values() if _is_visible(call, one)]
    shown, metadata = page(call, visible, default=100)
    members = [member_json(call.state, one) for one in shown]
    return {"members": members, "cache_ts": int(call.state.now)} | metadata


@method("bots.info", Tier.THREE, "users:read")
def bots_info(call: Call) -> Json:
    """Tell about the app's own bot."""
    if call.text("bot") != call.state.app.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": bot_json(call.state)}


def _is_visible(call: Call, member: Member) -> bool:
    if not call.state.is_external(member.id):
        return True
    bot = call.state.app.bot_user_id
    return any({member.id, bot} <= channel.member_ids for channel in call.state.channels.values())
