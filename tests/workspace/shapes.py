"""How records look as Slack's JSON."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.workspace.records import Channel, Json, Member, Team, View
from tests.workspace.state import SlackState

_CONTROL = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def team_json(team: Team) -> Json:
    """Return what team.info says."""
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "url": f"https://{team.domain}.slack.com/",
        "email_domain": "",
        "icon": {"image_default": True},
    }


def member_json(state: SlackState, member: Member) -> Json:
    """Return what users.info says; the address only with its scope, and never of outsiders."""
    is_external = state.is_external(member.id)
    moment = datetime.fromtimestamp(state.now, UTC).astimezone(ZoneInfo(member.tz))
    offset = moment.utcoffset()
    told: Json = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.name,
        "deleted": member.is_deleted,
        "color": member.avatar_color.removeprefix("#"),
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": moment.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(state, member, is_external=is_external),
        "is_admin": member.is_admin,
        "is_owner": False,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 1_760_000_000,
    }
    return told | {"is_stranger": False} if is_external else told | {"locale": "en-US"}


def _profile(state: SlackState, member: Member, *, is_external: bool) -> Json:
    profile: Json = {
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": member.name,
        "display_name_normalized": member.name,
        "team": member.team_id,
    }
    if member.is_bot:
        profile |= {"bot_id": state.app.bot_id, "api_app_id": state.app.id}
    elif member.email and not is_external and "users:read.email" in state.app.scopes:
        profile["email"] = member.email
    return profile


def channel_json(state: SlackState, channel: Channel) -> Json:
    """Return what conversations.info says to the app."""
    if channel.is_im:
        return _direct_json(state, channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": state.app.bot_user_id in channel.member_ids,
        "created": channel.created,
        "creator": channel.creator_id,
        "context_team_id": state.app.team_id,
        "shared_team_ids": list(channel.connected_team_ids),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.member_ids),
        "properties": _properties(state, channel),
    }


def _properties(state: SlackState, channel: Channel) -> Json:
    """Return a channel's tabs; its own canvas is named apart from them."""
    there = state.canvases_of(channel.id)
    own = [
        {"canvas": {"file_id": one.id, "is_empty": not one.sections}}
        for one in there
        if one.is_channels_own
    ]
    tabs = [
        {"id": one.id, "type": "canvas", "label": one.title, "data": {"file_id": one.id}}
        for one in there
    ]
    return {"tabs": tabs} | (own[0] if own else {})


def _direct_json(state: SlackState, channel: Channel) -> Json:
    other = next(iter(channel.member_ids - {state.app.bot_user_id}), "")
    return {
        "id": channel.id,
        "is_im": True,
        "is_channel": False,
        "is_group": False,
        "is_mpim": False,
        "is_archived": False,
        "is_ext_shared": state.is_external(other),
        "user": other,
        "created": channel.created,
        "context_team_id": state.app.team_id,
    }


def channel_type(channel: Channel) -> str:
    """Return the word that events use for the kind of conversation."""
    if channel.is_im:
        return "im"
    return "group" if channel.is_private else "channel"


def bot_json(state: SlackState) -> Json:
    """Return the app's bot as bots.info and bot_profile tell it."""
    app = state.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "deleted": False,
        "updated": 1_760_000_000,
        "team_id": app.team_id,
        "icons": {},
    }


def view_json(state: SlackState, view: View, *, values: Json | None = None) -> Json:
    """Return a view as the Web API answers it and interactions carry it."""
    sent = view.view
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": view.type,
        "blocks": sent.get("blocks", []),
        "private_metadata": sent.get("private_metadata", ""),
        "callback_id": sent.get("callback_id", ""),
        "state": {"values": values or {}},
        "hash": view.hash,
        "title": sent.get("title"),
        "clear_on_close": sent.get("clear_on_close", False),
        "notify_on_close": sent.get("notify_on_close", False),
        "close": sent.get("close"),
        "submit": sent.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": state.app.id,
        "external_id": view.external_id,
        "app_installed_team_id": state.app.team_id,
        "bot_id": state.app.bot_id,
    }


def rich_text(text: str) -> Json:
    """Return the rich_text block that Slack makes of what somebody typed."""
    elements: list[Json] = []
    position = 0
    for match in _CONTROL.finditer(text):
        elements += _plain(text[position : match.start()])
        elements.append(_control(match))
        position = match.end()
    elements += _plain(text[position:])
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": "rt", "elements": [section]}


def _plain(text: str) -> list[Json]:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": plain}] if plain else []


def _control(match: re.Match[str]) -> Json:
    kind, target, label = match.groups()
    if kind == "@":
        return {"type": "user", "user_id": target}
    if kind == "#":
        return {"type": "channel", "channel_id": target}
    if kind == "!":
        return {"type": "broadcast", "range": target}
    link: Json = {"type": "link", "url": target}
    return link | {"text": label} if label else link
