"""What is shown in Slack: cards, and the digests that readers want."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage._types import Utc, new_id
from storage.models import _columns as make
from storage.models.words import CardKind, RunState


class Card(SQLModel, table=True):
    """A message of ours in Slack, and whether it shows what the records say: the outbox."""

    __tablename__: ClassVar[Any] = "card"
    __table_args__ = (
        make.whole(),
        make.whole("kind", "subject_id", "channel_id"),
        Index("card_by_due", "stale", "due_at"),
        Index("card_by_message", "workspace_id", "channel_id", "message_ts"),
        Index("card_by_file", "workspace_id", "file_id"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    kind: CardKind = Field(sa_type=make.word(CardKind))
    subject_id: str = Field(max_length=24)
    """The scene, the take, or for a line its own id."""
    channel_id: str = Field(max_length=24)
    thread_card_id: str | None = Field(default=None, max_length=24)
    """The card whose thread this one stands in, if that is not known as `thread_ts` yet."""
    thread_ts: str | None = Field(default=None, max_length=24)
    message_ts: str | None = Field(default=None, max_length=24)
    file_id: str | None = Field(default=None, max_length=24)
    """For a video: Slack's id, kept before the upload, so that none is posted twice."""
    text: str = make.text()
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
    problem: str = make.text()


class Subscription(SQLModel, table=True):
    """Somebody, or a channel, who wants a production's digests."""

    __tablename__: ClassVar[Any] = "subscription"
    __table_args__ = (
        make.whole(),
        make.whole("production_id", "channel_id"),
        make.refers("production_id", "production"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
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
    paused_until: datetime | None = make.moment()
    started_at: datetime = Field(sa_type=Utc)
    """No period that ended before this is owed."""


class DigestRun(SQLModel, table=True):
    """The claim on one digest for one period: whoever inserts it, sends it."""

    __tablename__: ClassVar[Any] = "digest_run"
    __table_args__ = (Index("digest_run_by_state", "state", "at"),)

    subscription_id: str = Field(primary_key=True, max_length=24)
    kind: str = Field(primary_key=True, max_length=8)
    period: str = Field(primary_key=True, max_length=12)
    workspace_id: str = make.workspace()
    run_id: str = Field(default_factory=new_id, max_length=24)
    state: RunState = Field(default=RunState.SENDING, sa_type=make.word(RunState))
    at: datetime = Field(sa_type=Utc)
    problem: str = make.text()
