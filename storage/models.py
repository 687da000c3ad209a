"""The records: SQLModel tables and their enums. No queries, no decisions.

Every record carries the workspace it belongs to (Slack's team id of the installing workspace).
"""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Enum, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage._types import Utc, new_id


class Role(StrEnum):
    """What a person is to a production (DESIGN section 7)."""

    OWNER = "owner"
    PRODUCER = "producer"
    DIRECTOR = "director"
    EDITOR = "editor"
    CLIENT = "client"
    VIEWER = "viewer"


class TakeState(StrEnum):
    """Where a take is between its order and the last word on it."""

    ORDERED = "ordered"
    """The record is committed; no engine has been asked."""
    PLACING = "placing"
    """The intent to ask the engine is written; its answer is not."""
    RENDERING = "rendering"
    """The engine has accepted and its handle is kept."""
    PRESENTING = "presenting"
    """The original is kept; poster, sheet and proxy are being made."""
    WAITING = "waiting"
    """Posted to the team for its decision."""
    WITH_CLIENT = "with_client"
    """Approved by the team, posted to the client for theirs."""
    APPROVED = "approved"
    """The circle take of its shot."""
    SUPERSEDED = "superseded"
    """Was the circle take until a later one was approved."""
    RETAKE = "retake"
    REJECTED = "rejected"
    FAILED = "failed"
    """The engine, or the file that it sent, came to nothing; `problem` says why."""
    AMBIGUOUS = "ambiguous"
    """The engine was asked and its answer was lost; a person settles it (DESIGN 6.6)."""


class Verdict(StrEnum):
    """What a person may decide about a take."""

    APPROVE = "approve"
    RETAKE = "retake"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Reason(StrEnum):
    """Why a take was turned down."""

    OFF_BRIEF = "off brief"
    CONTINUITY = "continuity"
    ARTEFACTS = "artefacts"
    MOTION = "motion"
    LIKENESS = "likeness"
    RIGHTS = "rights"
    BRAND = "brand"
    SAFETY = "safety"
    OTHER = "other"


class Stage(StrEnum):
    """Whose decision it is."""

    TEAM = "team"
    CLIENT = "client"


class ReferenceKind(StrEnum):
    """What a reference shows."""

    CHARACTER = "character"
    LOCATION = "location"
    OBJECT = "object"
    BRAND = "brand"
    STYLE = "style"


class ReferenceStatus(StrEnum):
    """Whether a reference may be used."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RESTRICTED = "restricted"
    RETIRED = "retired"


class CardKind(StrEnum):
    """What a message of ours in Slack shows."""

    SCENE = "scene"
    TAKE = "take"
    CLIENT_TAKE = "client_take"
    VIDEO = "video"
    LINE = "line"


class RunState(StrEnum):
    """How far the sending of one digest for one period has come."""

    SENDING = "sending"
    SENT = "sent"
    EMPTY = "empty"
    FAILED = "failed"
    UNKNOWN = "unknown"


def _key() -> Any:
    return Field(default_factory=new_id, primary_key=True, max_length=24)


def _workspace(*, index: bool = False) -> Any:
    return Field(max_length=24, index=index)


def _text() -> Any:
    return Field(default="", sa_type=Text)


def _moment(*, default: None = None) -> Any:
    return Field(default=default, sa_type=Utc)


def _word(kind: type[StrEnum]) -> Enum:
    """Store an enum as its plain word: readable in SQL, and a new word is no migration."""
    return Enum(kind, native_enum=False, length=20, values_callable=_words)


def _words(kind: type[StrEnum]) -> list[str]:
    return [word.value for word in kind]


def _refers(here: str, there: str) -> ForeignKeyConstraint:
    """Tie a record to another of the same workspace; no other can be reached."""
    return ForeignKeyConstraint(["workspace_id", here], [f"{there}.workspace_id", f"{there}.id"])


def _whole(*columns: str) -> UniqueConstraint:
    return UniqueConstraint("workspace_id", *(columns or ("id",)))


class Person(SQLModel, table=True):
    """Somebody seen in Slack. The log knows only `id`; the name beside it can be erased."""

    __tablename__: ClassVar[Any] = "person"
    __table_args__ = (_whole(), _whole("user_id"))

    id: str = _key()
    workspace_id: str = _workspace()
    user_id: str = Field(max_length=24)
    team_id: str = Field(max_length=24)
    """The person's home workspace: differs from `workspace_id` for people of a client."""
    name: str = _text()
    zone: str = "UTC"
    read_at: datetime | None = _moment()
    """When name and zone were last read from Slack; None if they never were."""


class Production(SQLModel, table=True):
    """The job: bound to a team channel and, if there is one, a client channel."""

    __tablename__: ClassVar[Any] = "production"
    __table_args__ = (_whole(), _whole("channel_id"), _whole("client_channel_id"))

    id: str = _key()
    workspace_id: str = _workspace()
    name: str
    channel_id: str = Field(max_length=24)
    client_channel_id: str | None = Field(default=None, max_length=24)
    client_team_id: str | None = Field(default=None, max_length=24)
    client_open: bool = True
    """Anybody of the client's workspace decides; otherwise only named clients."""
    zone: str = "UTC"
    opened_by: str = Field(max_length=24)
    opened_at: datetime = Field(sa_type=Utc)


class CrewMember(SQLModel, table=True):
    """One role of one person in a production."""

    __tablename__: ClassVar[Any] = "crew"
    __table_args__ = (_refers("production_id", "production"),)

    workspace_id: str = Field(primary_key=True, max_length=24)
    production_id: str = Field(primary_key=True, max_length=24)
    user_id: str = Field(primary_key=True, max_length=24)
    role: Role = Field(primary_key=True, sa_type=_word(Role))


class Sequence(SQLModel, table=True):
    """Ordered scenes with one story job."""

    __tablename__: ClassVar[Any] = "sequence"
    __table_args__ = (
        _whole(),
        _whole("production_id", "number"),
        _refers("production_id", "production"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    production_id: str = Field(max_length=24)
    number: int
    title: str = _text()

    @property
    def code(self) -> str:
        """`SQ010` and so on, in tens as the trade counts."""
        return f"SQ{self.number:03d}"


class Scene(SQLModel, table=True):
    """The production object. Its Slack thread is its record."""

    __tablename__: ClassVar[Any] = "scene"
    __table_args__ = (
        _whole(),
        _whole("production_id", "number"),
        _refers("production_id", "production"),
        _refers("sequence_id", "sequence"),
        Index("scene_by_thread", "workspace_id", "channel_id", "thread_ts"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    production_id: str = Field(max_length=24)
    sequence_id: str = Field(max_length=24)
    number: int
    title: str
    purpose: str = _text()
    change: str = _text()
    feeling: str = _text()
    must_carry: str = _text()
    must_not_show: str = _text()
    constraints: str = _text()
    """Rights, brand, safety and disclosure as people wrote them, one a line."""
    brief: str = _text()
    source_text: str = _text()
    """The thread the scene was made from, whole, as it was read."""
    source_link: str = _text()
    salt: str = ""
    """Commits the log to `purpose` without containing it."""
    channel_id: str = Field(max_length=24)
    thread_ts: str | None = Field(default=None, max_length=24)
    """None until the scene's card is posted, unless it was made from a thread."""
    opened_by: str = Field(max_length=24)
    opened_at: datetime = Field(sa_type=Utc)

    @property
    def code(self) -> str:
        """`SC010` and so on."""
        return f"SC{self.number:03d}"


class Shot(SQLModel, table=True):
    """The smallest planned unit."""

    __tablename__: ClassVar[Any] = "shot"
    __table_args__ = (_whole(), _whole("scene_id", "number"), _refers("scene_id", "scene"))

    id: str = _key()
    workspace_id: str = _workspace()
    scene_id: str = Field(max_length=24)
    number: int
    action: str = _text()
    framing: str = _text()
    camera: str = _text()
    seconds: float = 5
    ratio: str = "16:9"
    takes_made: int = 0
    """The highest take number given out so far."""
    circle_take_id: str | None = Field(default=None, max_length=24)
    """The approved take; at most one, and always findable here."""

    @property
    def code(self) -> str:
        """`SH010` and so on."""
        return f"SH{self.number:03d}"


class Reference(SQLModel, table=True):
    """A versioned asset that a scene is made after."""

    __tablename__: ClassVar[Any] = "reference"
    __table_args__ = (_whole(), _refers("scene_id", "scene"))

    id: str = _key()
    workspace_id: str = _workspace(index=True)
    scene_id: str = Field(max_length=24, index=True)
    version: int = 1
    kind: ReferenceKind = Field(default=ReferenceKind.STYLE, sa_type=_word(ReferenceKind))
    status: ReferenceStatus = Field(
        default=ReferenceStatus.PROPOSED, sa_type=_word(ReferenceStatus)
    )
    title: str = _text()
    file_id: str | None = Field(default=None, max_length=24)
    """Slack's file, if it came from a thread."""
    sha256: str | None = Field(default=None, max_length=64)
    """None until the file has been fetched and found to be a picture."""
    problem: str = _text()
    """Why the file could not be used, in a sentence; empty if it can."""
    proposed_by: str = Field(max_length=24)
    proposed_at: datetime = Field(sa_type=Utc)


class Setup(SQLModel, table=True):
    """What is sent to an engine. Never changes; the same content is the same record."""

    __tablename__: ClassVar[Any] = "setup"
    __table_args__ = (_whole(), _whole("sha256"))

    id: str = _key()
    workspace_id: str = _workspace()
    sha256: str = Field(max_length=64)
    """SHA-256 of `body`."""
    body: str = Field(sa_type=Text)
    """The whole setup as canonical JSON (RFC 8785)."""
    engine: str
    model: str = ""
    prompt: str = _text()
    family: str = Field(default="", index=True)

    def content(self) -> dict[str, Any]:
        """Read `body` back."""
        return json.loads(self.body)


class Take(SQLModel, table=True):
    """One output of a setup, numbered per shot; its bytes are never changed."""

    __tablename__: ClassVar[Any] = "take"
    __table_args__ = (
        _whole(),
        _whole("shot_id", "number"),
        _refers("production_id", "production"),
        _refers("scene_id", "scene"),
        _refers("shot_id", "shot"),
        _refers("setup_id", "setup"),
        Index("take_by_state", "workspace_id", "production_id", "state", "ready_at"),
        Index("take_by_ready", "workspace_id", "production_id", "ready_at"),
        Index("take_by_order", "state", "ordered_at"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    production_id: str = Field(max_length=24)
    scene_id: str = Field(max_length=24)
    shot_id: str = Field(max_length=24)
    setup_id: str = Field(max_length=24)
    number: int
    state: TakeState = Field(default=TakeState.ORDERED, sa_type=_word(TakeState))
    engine: str
    ordered_by: str = Field(max_length=24)
    """Slack's user id of who ordered it."""
    ordered_at: datetime = Field(sa_type=Utc)
    estimate_cents: int | None = None
    cost_cents: int = 0
    handle: str = _text()
    """The engine's handle as JSON, once it has accepted."""
    progress: int = 0
    """Percent, as far as the engine tells."""
    problem: str = _text()
    sha256: str | None = Field(default=None, max_length=64)
    """Of the original, as the engine sent it."""
    size: int = 0
    seconds: float = 0
    width: int = 0
    height: int = 0
    probe: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    poster_sha256: str | None = Field(default=None, max_length=64)
    sheet_sha256: str | None = Field(default=None, max_length=64)
    proxy_sha256: str | None = Field(default=None, max_length=64)
    poster_file_id: str | None = Field(default=None, max_length=24)
    """Slack's copies, for image blocks."""
    sheet_file_id: str | None = Field(default=None, max_length=24)
    ready_at: datetime | None = _moment()
    decided_at: datetime | None = _moment()

    @property
    def code(self) -> str:
        """`T3` and so on."""
        return f"T{self.number}"


class Decision(SQLModel, table=True):
    """What somebody with the authority said about exact bytes."""

    __tablename__: ClassVar[Any] = "decision"
    __table_args__ = (
        _whole(),
        _refers("take_id", "take"),
        Index("decision_by_day", "workspace_id", "production_id", "at"),
        Index("decision_by_take", "workspace_id", "take_id", "at"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    production_id: str = Field(max_length=24)
    take_id: str = Field(max_length=24)
    stage: Stage = Field(sa_type=_word(Stage))
    verdict: Verdict = Field(sa_type=_word(Verdict))
    reason: Reason | None = Field(default=None, sa_type=_word(Reason))
    note: str = _text()
    salt: str = ""
    """Commits the log to `note` without containing it, so that the note can be erased."""
    by: str = Field(max_length=24)
    """Slack's user id."""
    team_id: str = Field(max_length=24)
    role: Role = Field(sa_type=_word(Role))
    sha256: str = Field(max_length=64)
    at: datetime = Field(sa_type=Utc)


class Note(SQLModel, table=True):
    """Feedback in a scene's thread."""

    __tablename__: ClassVar[Any] = "note"
    __table_args__ = (_whole(), _refers("scene_id", "scene"))

    id: str = _key()
    workspace_id: str = _workspace()
    scene_id: str = Field(max_length=24, index=True)
    take_id: str | None = Field(default=None, max_length=24)
    text: str = _text()
    salt: str = ""
    by: str = Field(max_length=24)
    at: datetime = Field(sa_type=Utc)


class Entry(SQLModel, table=True):
    """One row of the log. The database refuses to change or remove it."""

    __tablename__: ClassVar[Any] = "entry"
    __table_args__ = (
        Index("entry_by_scene", "workspace_id", "scene_id", "seq"),
        Index("entry_by_day", "workspace_id", "production_id", "at"),
    )

    workspace_id: str = Field(primary_key=True, max_length=24)
    seq: int = Field(primary_key=True)
    """1, 2, 3 … without a gap in each workspace."""
    at: datetime = Field(sa_type=Utc)
    kind: str = Field(max_length=40)
    """`noun.past_tense`, such as `take.approved`."""
    production_id: str | None = Field(default=None, max_length=24)
    scene_id: str | None = Field(default=None, max_length=24)
    take_id: str | None = Field(default=None, max_length=24)
    actor: str = Field(max_length=24)
    """A `Person.id`, or `circletake` for what the app did by itself."""
    body: str = Field(sa_type=Text)
    """The whole entry as canonical JSON, with the hash of the one before it."""
    hash: str = Field(max_length=64)
    """SHA-256 of a zero byte and `body` (an RFC 9162 leaf)."""


class LogHead(SQLModel, table=True):
    """The last entry of a workspace's log: locked while the next one is written."""

    __tablename__: ClassVar[Any] = "log_head"

    workspace_id: str = Field(primary_key=True, max_length=24)
    seq: int = 0
    hash: str = Field(default="0" * 64, max_length=64)


class Delivery(SQLModel, table=True):
    """A delivery of Slack's that has had its effect; a second one has none."""

    __tablename__: ClassVar[Any] = "delivery"

    workspace_id: str = Field(primary_key=True, max_length=24)
    key: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_type=Utc, index=True)


class Draft(SQLModel, table=True):
    """What was read of a thread while its form is open: more than Slack's forms can carry."""

    __tablename__: ClassVar[Any] = "draft"

    workspace_id: str = Field(primary_key=True, max_length=24)
    id: str = _key()
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Utc, index=True)


class Card(SQLModel, table=True):
    """A message of ours in Slack, and whether it shows what the records say: the outbox."""

    __tablename__: ClassVar[Any] = "card"
    __table_args__ = (
        _whole(),
        _whole("kind", "subject_id", "channel_id"),
        Index("card_by_due", "stale", "due_at"),
        Index("card_by_message", "workspace_id", "channel_id", "message_ts"),
        Index("card_by_file", "workspace_id", "file_id"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    kind: CardKind = Field(sa_type=_word(CardKind))
    subject_id: str = Field(max_length=24)
    """The scene, the take, or for a line its own id."""
    channel_id: str = Field(max_length=24)
    thread_card_id: str | None = Field(default=None, max_length=24)
    """The card whose thread this one stands in, if that is not known as `thread_ts` yet."""
    thread_ts: str | None = Field(default=None, max_length=24)
    message_ts: str | None = Field(default=None, max_length=24)
    file_id: str | None = Field(default=None, max_length=24)
    """For a video: Slack's id, kept before the upload, so that none is posted twice."""
    text: str = _text()
    """What a line says."""
    wanted: int = 1
    """Counts the changes of the records it shows."""
    shown: int = 0
    """The count that Slack shows."""
    stale: bool = True
    """`shown < wanted`, kept as a column so that the sender's index is small."""
    posting: bool = False
    """Set before the first post and cleared by its answer: after a crash, look before posting."""
    attempts: int = 0
    due_at: datetime = Field(sa_type=Utc)
    problem: str = _text()


class Subscription(SQLModel, table=True):
    """Somebody, or a channel, who wants a production's digests."""

    __tablename__: ClassVar[Any] = "subscription"
    __table_args__ = (
        _whole(),
        _whole("production_id", "channel_id"),
        _refers("production_id", "production"),
    )

    id: str = _key()
    workspace_id: str = _workspace()
    production_id: str = Field(max_length=24)
    channel_id: str = Field(max_length=24)
    """A channel, or a person's user id, which Slack takes as their direct message."""
    zone: str = "UTC"
    hour: int = 9
    minute: int = 0
    weekday: int = 0
    """Of the weekly digest; Monday is 0."""
    daily: bool = True
    weekly: bool = True
    paused_until: datetime | None = _moment()
    started_at: datetime = Field(sa_type=Utc)
    """No period that ended before this is owed."""


class DigestRun(SQLModel, table=True):
    """The claim on one digest for one period: whoever inserts it, sends it."""

    __tablename__: ClassVar[Any] = "digest_run"

    subscription_id: str = Field(primary_key=True, max_length=24)
    kind: str = Field(primary_key=True, max_length=8)
    period: str = Field(primary_key=True, max_length=12)
    workspace_id: str = _workspace()
    run_id: str = Field(default_factory=new_id, max_length=24)
    state: RunState = Field(default=RunState.SENDING, sa_type=_word(RunState))
    at: datetime = Field(sa_type=Utc)
    problem: str = _text()
