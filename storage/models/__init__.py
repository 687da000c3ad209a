"""The records: SQLModel tables and their enums. No queries, no decisions.

Every record carries the workspace it belongs to (Slack's team id of the installing workspace).
"""

from storage.models.cards import Card, DigestRun, Subscription
from storage.models.engines import Outage
from storage.models.log import Delivery, Entry, LogHead
from storage.models.productions import CrewMember, Person, Production
from storage.models.replicas import Replica
from storage.models.scenes import Draft, Reference, Scene, Sequence, Shot
from storage.models.takes import BakeOff, Decision, Note, Setup, Take
from storage.models.words import (
    UNDER_WAY,
    CardKind,
    Reason,
    ReferenceKind,
    ReferenceStatus,
    Role,
    RunState,
    Stage,
    TakeState,
    Verdict,
)

__all__ = [
    "UNDER_WAY",
    "BakeOff",
    "Card",
    "CardKind",
    "CrewMember",
    "Decision",
    "Delivery",
    "DigestRun",
    "Draft",
    "Entry",
    "LogHead",
    "Note",
    "Outage",
    "Person",
    "Production",
    "Reason",
    "Reference",
    "ReferenceKind",
    "ReferenceStatus",
    "Replica",
    "Role",
    "RunState",
    "Scene",
    "Sequence",
    "Setup",
    "Shot",
    "Stage",
    "Subscription",
    "Take",
    "TakeState",
    "Verdict",
]
