"""The records: SQLModel tables and their enums. No queries, no decisions.

Every record carries the workspace it belongs to (Slack's team id of the installing workspace).
"""

from storage.models.cards import Card, DigestRun, Subscription
from storage.models.engines import Outage
from storage.models.exports import Export, Page, Placement
from storage.models.log import Delivery, Entry, LogHead
from storage.models.productions import CrewMember, Person, Production
from storage.models.references import (
    Casting,
    Reference,
    ReferenceFile,
    ReferenceUse,
    ReferenceVersion,
)
from storage.models.replicas import Replica
from storage.models.rights import Hold, Release, ReleaseCover, RightsNotice
from storage.models.rules import RuleBook, Waiver
from storage.models.scenes import Draft, Scene, Sequence, Shot
from storage.models.takes import BakeOff, Decision, Note, Setup, Take
from storage.models.words import (
    UNDER_WAY,
    CardKind,
    FileForm,
    Reason,
    ReferenceKind,
    ReferenceStatus,
    ReleaseKind,
    Role,
    Ruling,
    RunState,
    Stage,
    TakeState,
    Use,
    Verdict,
)

__all__ = [
    "UNDER_WAY",
    "BakeOff",
    "Card",
    "CardKind",
    "Casting",
    "CrewMember",
    "Decision",
    "Delivery",
    "DigestRun",
    "Draft",
    "Entry",
    "Export",
    "FileForm",
    "Hold",
    "LogHead",
    "Note",
    "Outage",
    "Page",
    "Person",
    "Placement",
    "Production",
    "Reason",
    "Reference",
    "ReferenceFile",
    "ReferenceKind",
    "ReferenceStatus",
    "ReferenceUse",
    "ReferenceVersion",
    "Release",
    "ReleaseCover",
    "ReleaseKind",
    "Replica",
    "RightsNotice",
    "Role",
    "RuleBook",
    "Ruling",
    "RunState",
    "Scene",
    "Sequence",
    "Setup",
    "Shot",
    "Stage",
    "Subscription",
    "Take",
    "TakeState",
    "Use",
    "Verdict",
    "Waiver",
]
