"""Setups, takes, and what was said and decided about them."""

import json
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field, SQLModel

from storage._types import Utc
from storage.models import _columns as make
from storage.models.words import (
    Reason,
    Role,
    Stage,
    TakeState,
    Verdict,
)


class Setup(SQLModel, table=True):
    """What is sent to an engine. Never changes; the same content is the same record."""

    __tablename__: ClassVar[Any] = "setup"
    __table_args__ = (make.whole(), make.whole("sha256"))

    id: str = make.key()
    workspace_id: str = make.workspace()
    sha256: str = Field(max_length=64)
    """SHA-256 of `body`."""
    body: str = Field(sa_type=Text)
    """The whole setup as canonical JSON (RFC 8785)."""
    engine: str
    model: str = ""
    prompt: str = make.text()
    family: str = Field(default="", index=True)

    def content(self) -> dict[str, Any]:
        """Read `body` back."""
        return json.loads(self.body)


class Take(SQLModel, table=True):
    """One output of a setup, numbered per shot; its bytes are never changed."""

    __tablename__: ClassVar[Any] = "take"
    __table_args__ = (
        make.whole(),
        make.whole("shot_id", "number"),
        make.refers("production_id", "production"),
        make.refers("scene_id", "scene"),
        make.refers("shot_id", "shot"),
        make.refers("setup_id", "setup"),
        Index("take_by_state", "workspace_id", "production_id", "state", "ready_at"),
        Index("take_by_ready", "workspace_id", "production_id", "ready_at"),
        Index("take_by_order", "state", "ordered_at"),
        Index("take_by_placing", "engine", "placed_at"),
        Index(
            "take_by_spending",
            "workspace_id",
            "production_id",
            "spent_at",
            "cost_told",
            "cost_cents",
        ),
        Index("take_by_bytes", "workspace_id", "production_id", "sha256"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    scene_id: str = Field(max_length=24)
    shot_id: str = Field(max_length=24)
    setup_id: str = Field(max_length=24)
    number: int
    state: TakeState = Field(default=TakeState.ORDERED, sa_type=make.word(TakeState))
    engine: str
    ordered_by: str = Field(max_length=24)
    """Slack's user id of who ordered it."""
    ordered_at: datetime = Field(sa_type=Utc)
    bake_off_id: str | None = Field(default=None, max_length=24, index=True)
    """The order it was one take of, if that was for several engines."""
    estimate_cents: int | None = None
    cost_cents: int = 0
    cost_told: bool = False
    """Whether the engine itself said what it cost; else it is by the engine's price table."""
    spent_at: datetime | None = make.moment()
    """When the cost was due, whatever became of the take afterwards."""
    attempt: int = 0
    """How often a person has settled an ambiguous order; each begins the work anew."""
    placed_at: datetime | None = make.moment()
    """When the engine accepted the order."""
    handle: str = make.text()
    """The engine's handle as JSON, once it has accepted."""
    answer: str = make.text()
    """The engine's last word on the job as JSON: provenance, and proof in a billing dispute."""
    progress: int = 0
    """Percent, as far as the engine tells."""
    problem: str = make.text()
    fail_kind: str = Field(default="", max_length=24)
    """Why it came to nothing, in the engines' vocabulary, which says who acts next."""
    still: bool = False
    """Whether it is a picture that does not move."""
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
    ready_at: datetime | None = make.moment()
    decided_at: datetime | None = make.moment()

    @property
    def code(self) -> str:
        """`T3` and so on."""
        return f"T{self.number}"


class BakeOff(SQLModel, table=True):
    """One order for several engines, judged side by side."""

    __tablename__: ClassVar[Any] = "bake_off"
    __table_args__ = (make.whole(), make.refers("scene_id", "scene"))

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    scene_id: str = Field(max_length=24, index=True)
    ordered_by: str = Field(max_length=24)
    ordered_at: datetime = Field(sa_type=Utc)
    sheet_sha256: str | None = Field(default=None, max_length=64)
    """The comparison sheet; None until every take has come or has failed."""
    sheet_due_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    """From when on the sheet may be made anew; None while it shows what there is."""
    sheet_file_id: str | None = Field(default=None, max_length=24)


class Decision(SQLModel, table=True):
    """What somebody with the authority said about exact bytes."""

    __tablename__: ClassVar[Any] = "decision"
    __table_args__ = (
        make.whole(),
        make.refers("take_id", "take"),
        Index("decision_by_day", "workspace_id", "production_id", "at"),
        Index("decision_by_take", "workspace_id", "take_id", "at"),
    )

    id: str = make.key()
    workspace_id: str = make.workspace()
    production_id: str = Field(max_length=24)
    take_id: str = Field(max_length=24)
    stage: Stage = Field(sa_type=make.word(Stage))
    verdict: Verdict = Field(sa_type=make.word(Verdict))
    reason: Reason | None = Field(default=None, sa_type=make.word(Reason))
    note: str = make.text()
    salt: str = ""
    """Commits the log to `note` without containing it, so that the note can be erased."""
    by: str = Field(max_length=24)
    """Slack's user id."""
    team_id: str = Field(max_length=24)
    role: Role = Field(sa_type=make.word(Role))
    sha256: str = Field(max_length=64)
    at: datetime = Field(sa_type=Utc)


class Note(SQLModel, table=True):
    """Feedback in a scene's thread."""

    __tablename__: ClassVar[Any] = "note"
    __table_args__ = (make.whole(), make.refers("scene_id", "scene"))

    id: str = make.key()
    workspace_id: str = make.workspace()
    scene_id: str = Field(max_length=24, index=True)
    take_id: str | None = Field(default=None, max_length=24)
    text: str = make.text()
    salt: str = ""
    by: str = Field(max_length=24)
    at: datetime = Field(sa_type=Utc)
