"""What can go wrong at a vendor, as a closed list of words, and what is planned to go wrong next.

A person who tries the demo writes the word into the prompt: `a paper boat [[moderation]]`.
"""

import re
from collections import deque
from enum import StrEnum

_WORD = re.compile(r"\[\[([a-z0-9-]+)\]\]")


class Fault(StrEnum):
    """One way to fail. The first group answers a call, the second befalls a job, the last a file.

    A vendor's own file decides whether it says moderation, bad input and the like at once (its
    `refusals`) or by a job that fails (its `failures`).
    """

    MODERATION = "moderation"  # of what was sent
    MODERATION_OUTPUT = "moderation-output"  # of what was made
    BAD_INPUT = "bad-input"
    OUT_OF_CREDIT = "no-credit"
    AUTH = "auth"
    RATE_LIMIT = "rate-limit"  # Retry-After in seconds
    RATE_LIMIT_DATE = "rate-limit-date"  # Retry-After as an HTTP date
    RATE_LIMIT_BARE = "rate-limit-bare"  # no Retry-After
    CONCURRENCY = "concurrency"
    UNAVAILABLE = "unavailable"  # 503, nothing accepted
    BAD_GATEWAY = "bad-gateway"  # 502, in JSON
    SUSPENDED = "suspended"  # the account may no longer order
    TOO_LARGE = "too-large"  # what was sent is over a limit of size
    SERVER_ERROR = "server-error"  # 500: nothing accepted, but the client cannot know that
    HTML = "html"  # a proxy's 502 page where JSON was due
    RETIRED = "retired"  # the model is gone
    ERROR_IN_200 = "error-in-200"
    DROPPED = "dropped"  # hung up before anything was accepted
    ANSWER_LOST = "answer-lost"  # accepted, then hung up before a byte was answered
    HANGS = "hangs"  # accepted, and never answered
    CLOCK_SKEW = "clock-skew"  # the Date header is a day ahead

    ENGINE = "engine"  # the job failed, and the same order may fail again
    TRANSIENT = "transient"  # the job failed, and the same order may succeed
    BAD_ASSET = "bad-asset"  # the job failed on a picture or film that came with the order
    LOST = "lost"  # the vendor no longer knows the job
    UNKNOWN_STATUS = "unknown-status"  # a word that nobody has heard of, for the middle third
    BACKWARDS = "backwards"  # progress falls from 50 to 15 per cent
    NEVER_ENDS = "never-ends"
    NO_OUTPUT = "no-output"  # succeeded, with nothing to show
    SAME_OUTPUT = "same-output"  # two jobs, one address

    EMPTY_FILE = "empty-file"
    TRUNCATED_FILE = "truncated-file"  # Content-Length promises twice what comes
    ENDLESS_FILE = "endless-file"
    NOT_A_FILM = "not-a-film"  # an HTML page, named as a film
    REDIRECT_INSIDE = "redirect-inside"  # to the cloud's metadata address
    LINK_EXPIRES = "link-expires"  # 403 soon after; another poll mints a new one


class Stage(StrEnum):
    """Which call runs into a planned fault."""

    CREATE = "create"
    POLL = "poll"
    UPLOAD = "upload"
    DOOR = "door"  # any call of the vendor, before anything else is looked at


ANSWERED_BY_ALL = frozenset(
    {
        Fault.HTML,
        Fault.DROPPED,
        Fault.ANSWER_LOST,
        Fault.HANGS,
        Fault.CLOCK_SKEW,
        Fault.LOST,
        Fault.UNKNOWN_STATUS,
        Fault.BACKWARDS,
        Fault.NEVER_ENDS,
        Fault.NO_OUTPUT,
        Fault.SAME_OUTPUT,
        Fault.EMPTY_FILE,
        Fault.TRUNCATED_FILE,
        Fault.ENDLESS_FILE,
        Fault.NOT_A_FILM,
        Fault.REDIRECT_INSIDE,
        Fault.LINK_EXPIRES,
    }
)
LIKE = {Fault.RATE_LIMIT_DATE: Fault.RATE_LIMIT, Fault.RATE_LIMIT_BARE: Fault.RATE_LIMIT}
"""Faults that a vendor words as it words another one."""


class Faults:
    """What is going to fail, by vendor and stage."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, Stage], deque[Fault]] = {}
        self._always: dict[tuple[str, Stage], set[Fault]] = {}

    def plan(self, vendor: str, fault: Fault, *, times: int, on: Stage) -> None:
        """Let the next `times` calls of this stage run into the fault, one after the other."""
        self._next.setdefault((vendor, on), deque()).extend([fault] * times)

    def keep(self, vendor: str, fault: Fault, *, on: Stage) -> None:
        """Let every call of this stage run into the fault, until `forget`."""
        self._always.setdefault((vendor, on), set()).add(fault)

    def forget(self, vendor: str) -> None:
        """Let everything go well again at this vendor; jobs keep what they were given."""
        for stage in Stage:
            self._next.pop((vendor, stage), None)
            self._always.pop((vendor, stage), None)

    def kept(self, vendor: str) -> frozenset[Fault]:
        """Return what stays at any stage of this vendor, such as its clock's skew."""
        stages = (self._always.get((vendor, stage), set[Fault]()) for stage in Stage)
        return frozenset[Fault]().union(*stages)

    def due(self, vendor: str, stage: Stage, prompt: str = "") -> frozenset[Fault]:
        """Return what this call runs into; a planned fault is used up by being returned."""
        found = set(self._always.get((vendor, stage), ()))
        if planned := self._next.get((vendor, stage)):
            found.add(planned.popleft())
        if "[[" in prompt:
            found.update(Fault(word) for word in _WORD.findall(prompt) if word in _WORDS)
        return frozenset(found)


_WORDS = frozenset(str(fault) for fault in Fault)
