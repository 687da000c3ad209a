"""The parts of the page that change by themselves, each painted whole for one seat."""

from dataclasses import dataclass, field
from hashlib import blake2s

from markupsafe import Markup

from tests.workspace.paint.dates import full
from tests.workspace.records import Channel, Member, Message, Shortcut
from tests.workspace.render import Painter
from tests.workspace.seat import Seat, channels_of, directs_of, has_home, partner, reader_for
from tests.workspace.state import SlackState
from tests.workspace.timeline import line, lines

_SHOWN = 100


@dataclass
class Memory:
    """What the page remembers from one look to the next.

    `seen` is how far each member has read each channel, so that a name in the sidebar can stand
    out; `painted` is every message as it was painted last, since most of them stay as they are.
    """

    seen: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    painted: dict[object, Markup] = field(default_factory=dict[object, Markup])

    def read(self, member: Member, channel: Channel, ts: str) -> None:
        """Remember that somebody has seen everything up to here."""
        self.seen[member.id, channel.id] = max(ts, self.seen.get((member.id, channel.id), ""))

    def is_unread(self, member: Member, channel: Channel, last: Message | None) -> bool:
        """Tell whether something new by somebody else waits there."""
        if last is None or last.user_id == member.id:
            return False
        return last.ts > self.seen.get((member.id, channel.id), "")


def regions(state: SlackState, seat: Seat, memory: Memory) -> dict[str, Markup]:
    """Paint everything that this seat shows."""
    p = Painter(state, reader_for(state, seat.member), memory.painted)
    shown = dict.fromkeys(("tabs", "timeline", "canvas", "home", "thread"), Markup())
    if seat.channel is None:
        shown["home"] = p.draw("home.html", seat=seat, view=state.homes.get(seat.member.id))
    else:
        shown["tabs"] = _tabs(p, seat, seat.channel)
        if seat.canvas_id:
            shown["canvas"] = _canvas(p, seat.canvas_id)
        else:
            shown["timeline"] = _timeline(p, seat, seat.channel, memory)
        if seat.thread_ts:
            shown["thread"] = _thread(p, seat, seat.channel)
    stack = state.modals.get(seat.member.id, [])
    return {
        "sidebar": _sidebar(p, seat, memory),
        "header": _header(p, seat),
        **shown,
        "modals": p.draw("modals.html", stack=stack),
    }


def digest(painted: Markup) -> str:
    """Make a short name for exactly this picture of a region."""
    return blake2s(painted.encode(), digest_size=8).hexdigest()


def title(state: SlackState, seat: Seat) -> str:
    """Say what the place is called."""
    if seat.channel is None:
        return state.app.name
    if seat.channel.is_im:
        return partner(state, seat.channel, seat.member).real_name
    return f"#{seat.channel.name}"


def shortcuts_for(state: SlackState, member: Member) -> list[Shortcut]:
    """List the message shortcuts somebody may use: only the installing workspace has them."""
    if state.is_external(member.id):
        return []
    return [one for one in state.app.shortcuts.values() if one.type == "message"]


def _timeline(p: Painter, seat: Seat, channel: Channel, memory: Memory) -> Markup:
    everything = list(p.state.timeline(channel.id, user_id=seat.member.id))
    if everything:
        memory.read(seat.member, channel, everything[-1].ts)
    seen = lines(p.state, everything[-_SHOWN:], p.reader)
    if not seen:
        return p.draw("empty.html", seat=seat)
    return p.lines(seen, "c", seat, shortcuts_for(p.state, seat.member))


def _tabs(p: Painter, seat: Seat, channel: Channel) -> Markup:
    painted = p.draw("tabs.html", seat=seat, canvases=p.state.canvases_of(channel.id))
    return Markup(painted.strip())  # noqa: S704 -- the template escaped it


def _canvas(p: Painter, canvas_id: str) -> Markup:
    found = p.state.canvases.get(canvas_id)
    if found is None or found.deleted:
        return p.draw("canvas.html", canvas=None)
    return p.draw(
        "canvas.html",
        canvas=found,
        who=p.state.members[found.user_id],
        edited=full(p.reader.moment(found.updated)),
        body=p.canvas(found),
    )


def _thread(p: Painter, seat: Seat, channel: Channel) -> Markup:
    parent = p.state.message(channel.id, seat.thread_ts)
    replies = p.state.replies(channel.id, seat.thread_ts, user_id=seat.member.id)
    return p.draw(
        "thread.html",
        seat=seat,
        thread_ts=seat.thread_ts,
        parent=line(p.state, parent, p.reader, before=None) if parent else None,
        lines=lines(p.state, replies, p.reader, threads=False),
        shortcuts=shortcuts_for(p.state, seat.member),
    )


def _sidebar(p: Painter, seat: Seat, memory: Memory) -> Markup:
    state, me = p.state, seat.member
    rooms, directs = channels_of(state, me), directs_of(state, me)
    return p.draw(
        "sidebar.html",
        seat=seat,
        has_home=has_home(state, me),
        channels=rooms,
        directs=_directs(state, me, directs),
        unread={
            one.id for one in (*rooms, *directs) if memory.is_unread(me, one, _last(state, me, one))
        },
        teams=[(team, _people_of(state, team.id)) for team in state.teams.values()],
    )


def _directs(
    state: SlackState, me: Member, open_ones: list[Channel]
) -> list[tuple[Channel | None, Member]]:
    """List open conversations, then the people (and the app) one could write to."""
    listed: list[tuple[Channel | None, Member]] = [
        (one, partner(state, one, me)) for one in open_ones
    ]
    known = {who.id for _, who in listed} | {me.id}
    others = [one for one in state.members.values() if one.team_id == me.team_id]
    return listed + [(None, one) for one in others if one.id not in known and not one.is_deleted]


def _people_of(state: SlackState, team_id: str) -> list[Member]:
    everybody = state.members.values()
    return [
        one for one in everybody if one.team_id == team_id and not one.is_bot and not one.is_deleted
    ]


def _last(state: SlackState, me: Member, channel: Channel) -> Message | None:
    seen = list(state.timeline(channel.id, user_id=me.id))
    return seen[-1] if seen else None


def _header(p: Painter, seat: Seat) -> Markup:
    state, channel = p.state, seat.channel
    app = state.members[state.app.bot_user_id]
    others = [
        one for one in (channel.connected_team_ids if channel else []) if one != seat.member.team_id
    ]
    return p.draw(
        "header.html",
        seat=seat,
        who=partner(state, channel, seat.member) if channel else app,
        others=[state.teams[one].name for one in others if one in state.teams],
        heads=[state.members[one] for one in sorted(channel.member_ids)] if channel else [],
    )
