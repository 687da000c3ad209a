"""The closed vocabularies of the records; DESIGN section 3 says what each word means."""

from enum import StrEnum


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
    CANCELLED = "cancelled"
    """Somebody called it off before it came."""
    AMBIGUOUS = "ambiguous"
    """The engine was asked and its answer was lost; a person settles it (DESIGN 6.6)."""


UNDER_WAY = frozenset(
    {TakeState.ORDERED, TakeState.PLACING, TakeState.RENDERING, TakeState.PRESENTING}
)
"""The states of a take that somebody still works on; in every other it is at rest."""


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


class FileForm(StrEnum):
    """What a reference's file turned out to be, by its bytes."""

    PICTURE = "picture"
    CLIP = "clip"
    DOCUMENT = "document"


class ReleaseKind(StrEnum):
    """Which permission stands behind a reference."""

    RELEASE = "release"
    """Given by a person or for a place."""
    LICENCE = "licence"
    """Bought, or granted by an owner."""


class Ruling(StrEnum):
    """What a producer decided about a take that is held."""

    STANDS = "stands"
    """It may be approved, exported and shown as it is."""
    PULLED = "pulled"
    """It is not to be used any more."""


class Use(StrEnum):
    """What a placement is: the seven uses of the brief."""

    PITCH_CLIP = "pitch clip"
    BLOG_ASSET = "blog asset"
    SOCIAL_CUTDOWN = "social cutdown"
    LANDING_PAGE_HERO = "landing-page hero"
    DECK_INSERT = "deck insert"
    TEMPORARY_VFX_PLATE = "temporary VFX plate"
    FINAL_CAMPAIGN_ASSET = "final campaign asset"


class CardKind(StrEnum):
    """What a message of ours in Slack shows."""

    SCENE = "scene"
    TAKE = "take"
    CLIENT_TAKE = "client_take"
    VIDEO = "video"
    LINE = "line"
    BAKE_OFF = "bake_off"
    REFERENCE = "reference"
    HOLD = "hold"


class RunState(StrEnum):
    """How far the sending of one digest for one period has come."""

    SENDING = "sending"
    SENT = "sent"
    EMPTY = "empty"
    FAILED = "failed"
    UNKNOWN = "unknown"
