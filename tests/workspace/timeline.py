"""How a channel reads: messages grouped by person, days apart, threads summed up below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tests.workspace.paint.dates import clock, day, full
from tests.workspace.paint.inline import emoji
from tests.workspace.paint.reader import Reader
from tests.workspace.records import File, Json, Member, Message
from tests.workspace.state import SlackState

_APART = 300
_FACES = 5
_QUIET = frozenset(
    {"channel_join", "channel_leave", "channel_topic", "channel_name", "channel_purpose"}
)


@dataclass(frozen=True)
class Pill:
    """One emoji below a message, and who put it there."""

    name: str
    drawn: object
    count: int
    is_mine: bool
    words: str


@dataclass(frozen=True)
class Thread:
    """The line below a message that opens its thread."""

    count: int
    faces: tuple[Member, ...]
    last: str


@dataclass(frozen=True)
class Line:
    """One message as a reader sees it, with what the page must know to show and act on it."""

    message: Message
    author: Member
    moment: datetime
    reader: Reader
    is_first: bool
    is_new_day: bool
    pills: tuple[Pill, ...]
    thread: Thread | None
    files: tuple[File, ...]
    team_name: str
    is_mine: bool

    @property
    def clock(self) -> str:
        """When, on the reader's clock."""
        return clock(self.moment)

    @property
    def full_time(self) -> str:
        """When, in full."""
        return full(self.moment)

    @property
    def day(self) -> str:
        """The line above the first message of a day."""
        return day(self.moment, self.reader)

    @property
    def likeness(self) -> object:
        """Everything that its picture depends on; two lines that agree in it look the same."""
        files = tuple((one.id, one.deleted, one.width, one.is_complete) for one in self.files)
        said = repr((self.message, self.thread and self.thread.last, self.is_first))
        return said, files, self.is_new_day, self.day, self.thread and self.thread.count

    @property
    def is_quiet(self) -> bool:
        """Tell whether it only says that somebody came or went."""
        return self.message.subtype in _QUIET

    @property
    def is_typed(self) -> bool:
        """Tell whether its blocks only repeat what a person typed."""
        kinds = [one["type"] for one in self.message.blocks]
        return not self.message.bot_id and kinds == ["rich_text"] and bool(self.message.text)

    @property
    def attachments(self) -> list[Json]:
        """What the app hung below the text."""
        return self.message.attachments


def lines(
    state: SlackState, messages: Iterable[Message], reader: Reader, *, threads: bool = True
) -> list[Line]:
    """Turn messages, oldest first, into lines; consecutive ones of one person form a group."""
    out: list[Line] = []
    for message in messages:
        out.append(line(state, message, reader, before=out[-1] if out else None, threads=threads))
    return out


def line(
    state: SlackState,
    message: Message,
    reader: Reader,
    *,
    before: Line | None,
    threads: bool = True,
) -> Line:
    """Turn one message into a line that follows another."""
    author = state.members.get(message.user_id) or _stranger(message)
    moment = reader.moment(float(message.ts))
    is_new_day = before is None or before.moment.date() != moment.date()
    return Line(
        message=message,
        author=author,
        moment=moment,
        reader=reader,
        is_first=is_new_day or not _continues(before, message, moment),
        is_new_day=is_new_day,
        pills=tuple(
            _pill(name, people, reader) for name, people in message.reactions.items() if people
        ),
        thread=_thread(state, message, reader) if threads and not message.is_reply else None,
        files=tuple(state.files[one] for one in message.files if one in state.files),
        team_name=_team_name(state, author, reader),
        is_mine=author.id == reader.user_id,
    )


def _stranger(message: Message) -> Member:
    return Member(message.user_id, "unknown", "Somebody", message.team_id)


def _continues(before: Line | None, message: Message, moment: datetime) -> bool:
    if before is None or before.thread is not None or before.is_quiet:
        return False
    then = before.message
    same = then.user_id == message.user_id and then.ephemeral_to == message.ephemeral_to
    is_card = message.bot_id is not None and bool(message.blocks)
    plain = message.subtype not in _QUIET and not message.is_broadcast and not is_card
    return same and plain and (moment - before.moment).total_seconds() < _APART


def _pill(name: str, people: list[str], reader: Reader) -> Pill:
    named = ["you" if one == reader.user_id else reader.names.get(one, one) for one in people]
    words = f"{', '.join(named)} reacted with :{name}:"
    drawn = emoji(name) or f":{name}:"
    return Pill(name, drawn, len(people), reader.user_id in people, words[:1].upper() + words[1:])


def _thread(state: SlackState, message: Message, reader: Reader) -> Thread | None:
    replies = state.replies(message.channel_id, message.ts, user_id=reader.user_id)
    if not replies:
        return None
    people = dict.fromkeys(one.user_id for one in replies)
    faces = [state.members[one] for one in people if one in state.members][:_FACES]
    last = reader.moment(float(replies[-1].ts))
    words = f"{day(last, reader).lower()} at {clock(last)}" if reader.now else clock(last)
    return Thread(len(replies), tuple(faces), words)


def _team_name(state: SlackState, author: Member, reader: Reader) -> str:
    me = state.members.get(reader.user_id)
    if me is None or me.team_id == author.team_id or author.team_id not in state.teams:
        return ""
    return state.teams[author.team_id].name
