"""Where somebody sits: who they are, and which channel and thread they look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.workspace.paint.reader import Reader
from tests.workspace.records import Channel, Member
from tests.workspace.state import SlackState


@dataclass(frozen=True)
class Seat:
    """A member, a channel they may see (None at the app's Home), and the thread or canvas open."""

    member: Member
    channel: Channel | None
    thread_ts: str = ""
    canvas_id: str = ""

    def link(self, **changes: str) -> str:
        """Return the address of the page from this seat, with something changed."""
        here = {"as": self.member.id, "channel": self.channel.id if self.channel else "home"}
        return "/?" + urlencode({key: value for key, value in {**here, **changes}.items() if value})


def seated(state: SlackState, query: Mapping[str, str]) -> Seat:
    """Read a seat from the address; what it may not see falls back to what it may."""
    people = [one for one in state.members.values() if not one.is_bot and not one.is_deleted]
    member = next((one for one in people if one.id == query.get("as")), people[0])
    asked = query.get("channel", "")
    if asked == "home" and has_home(state, member):
        return Seat(member, None)
    mine = [*channels_of(state, member), *directs_of(state, member)]
    channel = next((one for one in mine if asked in {one.id, one.name}), mine[0] if mine else None)
    if channel is None or asked not in {channel.id, channel.name}:
        return Seat(member, channel)
    return Seat(member, channel, query.get("thread", ""), query.get("canvas", ""))


def has_home(state: SlackState, member: Member) -> bool:
    """Only the workspace that installed the app has the app's Home in its sidebar."""
    return not state.is_external(member.id)


def channels_of(state: SlackState, member: Member) -> list[Channel]:
    """List the channels in somebody's sidebar, by name."""
    seen = [
        one
        for one in state.channels.values()
        if not one.is_im
        and not one.is_archived
        and member.id in one.member_ids
        and (member.team_id in one.connected_team_ids or member.team_id == one.team_id)
    ]
    return sorted(seen, key=lambda one: one.name)


def directs_of(state: SlackState, member: Member) -> list[Channel]:
    """List the direct messages in somebody's sidebar, by the other person's name."""
    mine = [one for one in state.channels.values() if one.is_im and member.id in one.member_ids]
    return sorted(mine, key=lambda one: partner(state, one, member).real_name)


def partner(state: SlackState, channel: Channel, member: Member) -> Member:
    """Find the other person of a direct message, or oneself."""
    others = [one for one in sorted(channel.member_ids) if one != member.id]
    return state.members.get(others[0], member) if others else member


def reader_for(state: SlackState, member: Member) -> Reader:
    """Read the page as this person: their clock, and everybody's names."""
    return Reader(
        user_id=member.id,
        zone=ZoneInfo(member.tz),
        now=datetime.fromtimestamp(state.now, UTC),
        names={one.id: one.real_name or one.name for one in state.members.values()},
        channels={one.id: one.name for one in state.channels.values()},
    )
