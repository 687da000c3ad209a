"""The closed vocabularies that every engine and everybody who hires one share."""

from enum import StrEnum


class Mode(StrEnum):
    """What kind of work is ordered."""

    TEXT_TO_VIDEO = "t2v"
    IMAGE_TO_VIDEO = "i2v"
    """From a first frame, a last frame, or keyframes between them."""
    REFERENCE_TO_VIDEO = "r2v"
    """With pictures of who and what is to be seen, none of which is a frame."""
    EXTEND = "extend"
    EDIT = "edit"
    REFRAME = "reframe"
    PERFORMANCE = "performance"
    UPSCALE = "upscale"
    SOUND = "sound"
    """A soundtrack for a clip that has none."""
    TEXT_TO_IMAGE = "t2i"
    IMAGE_TO_IMAGE = "i2i"

    @property
    def makes_still(self) -> bool:
        """Whether what comes is a picture that does not move."""
        return self in {Mode.TEXT_TO_IMAGE, Mode.IMAGE_TO_IMAGE}

    @property
    def works_on_a_take(self) -> bool:
        """Whether there must be a clip or a still to work from."""
        return self in _FROM_A_TAKE

    @property
    def label(self) -> str:
        """Name it as people say it."""
        return _LABELS[self]


_FROM_A_TAKE = frozenset(
    {
        Mode.EXTEND,
        Mode.EDIT,
        Mode.REFRAME,
        Mode.PERFORMANCE,
        Mode.UPSCALE,
        Mode.SOUND,
        Mode.IMAGE_TO_IMAGE,
    }
)
_LABELS = {
    Mode.TEXT_TO_VIDEO: "Clip from words",
    Mode.IMAGE_TO_VIDEO: "Clip from frames",
    Mode.REFERENCE_TO_VIDEO: "Clip with references",
    Mode.EXTEND: "Extend a take",
    Mode.EDIT: "Edit a take",
    Mode.REFRAME: "Reframe a take",
    Mode.PERFORMANCE: "Performance onto a character",
    Mode.UPSCALE: "Upscale a take",
    Mode.SOUND: "Sound for a take",
    Mode.TEXT_TO_IMAGE: "Still from words",
    Mode.IMAGE_TO_IMAGE: "Still from a still",
}


class RefKind(StrEnum):
    """What a reference is made of."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class RefRole(StrEnum):
    """What a reference is for."""

    FIRST = "first"
    LAST = "last"
    REFERENCE = "reference"
    SOURCE = "source"
    KEYFRAME = "keyframe"
    STYLE = "style"
    STRUCTURE = "structure"


class JobState(StrEnum):
    """Where a job stands; a state nobody knows is UNKNOWN, and is polled further."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"

    @property
    def is_over(self) -> bool:
        """Whether polling again can bring nothing new."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED}


class Actor(StrEnum):
    """Who must act next."""

    ARTIST = "artist"
    PRODUCER = "producer"
    OPERATOR = "operator"
    NOBODY = "nobody"
    PERSON = "person"


class FailKind(StrEnum):
    """Why a job failed, in terms that lead to a next step."""

    MODERATION_INPUT = "moderation_input"
    MODERATION_OUTPUT = "moderation_output"
    BAD_INPUT = "bad_input"
    OUT_OF_CREDIT = "out_of_credit"
    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    CONCURRENCY = "concurrency"
    TRANSIENT = "transient"
    ENGINE = "engine"
    RETIRED = "retired"
    NOT_FOUND = "not_found"
    CANCELED = "canceled"
    AMBIGUOUS_SUBMIT = "ambiguous_submit"

    @property
    def next_actor(self) -> Actor:
        """Who must act before the work can go on."""
        return NEXT_ACTOR[self]


NEXT_ACTOR: dict[FailKind, Actor] = {
    FailKind.MODERATION_INPUT: Actor.ARTIST,
    FailKind.MODERATION_OUTPUT: Actor.ARTIST,
    FailKind.BAD_INPUT: Actor.ARTIST,
    FailKind.OUT_OF_CREDIT: Actor.PRODUCER,
    FailKind.AUTH: Actor.OPERATOR,
    FailKind.RETIRED: Actor.OPERATOR,
    FailKind.RATE_LIMIT: Actor.NOBODY,
    FailKind.CONCURRENCY: Actor.NOBODY,
    FailKind.TRANSIENT: Actor.NOBODY,
    FailKind.CANCELED: Actor.NOBODY,
    FailKind.ENGINE: Actor.PERSON,
    FailKind.NOT_FOUND: Actor.PERSON,
    FailKind.AMBIGUOUS_SUBMIT: Actor.PERSON,
}


class Cancellation(StrEnum):
    """What became of the wish to cancel."""

    DONE = "done"
    TOO_LATE = "too_late"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
