"""A sequence's page as values: what every form of it is drawn from, and nothing else.

Moments are aware and are written in the page's zone; names are what people are called, never ids.
Pictures are named by the SHA-256 of a small copy, whose bytes are handed over beside the view.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Pictures = Mapping[str, tuple[str, bytes]]
"""MIME type and bytes by SHA-256. A picture that is not in here, or is of a type that pages do not
take, is drawn as missing."""


@dataclass(frozen=True)
class PagePicture:
    """A picture, and what it shows for whoever cannot see it."""

    sha256: str
    alt: str


@dataclass(frozen=True)
class PageConstraint:
    """A rule that applies somewhere on the page."""

    kind: str
    effect: str
    text: str
    source: str
    level: str
    """Where it was written: the production, the sequence, or a scene's code."""
    waived: str = ""
    """Who has waived it and why, if somebody has."""


@dataclass(frozen=True)
class PageCircle:
    """The approved take of a shot, on exactly these bytes."""

    code: str
    sha256: str
    approved_by: tuple[str, ...]
    approved_at: datetime
    poster: PagePicture | None = None
    link: str = ""
    """The address of its message."""


@dataclass(frozen=True)
class PageShot:
    """A shot as planned, and how far it is."""

    code: str
    action: str
    framing: str
    camera: str
    seconds: float
    ratio: str
    state: str
    """Where it stands while there is no circle take, in a sentence."""
    circle: PageCircle | None = None


@dataclass(frozen=True)
class PagePrompt:
    """What was once ordered for a scene."""

    take: str
    engine: str
    model: str
    at: datetime
    state: str
    prompt: str
    references: tuple[str, ...] = ()
    """Codes with the versions used: `R12 v3`."""


@dataclass(frozen=True)
class PageScene:
    """A scene with its own intent."""

    code: str
    title: str
    purpose: str
    change: str
    feeling: str
    must_carry: str
    must_not_show: str
    shots: tuple[PageShot, ...] = ()
    prompts: tuple[PagePrompt, ...] = ()
    """Newest first."""


@dataclass(frozen=True)
class PageReference:
    """A reference that the sequence is made after."""

    code: str
    title: str
    kind: str
    status: str
    version: int
    rights: str = ""
    """Until when and for what it may be used, in a few words."""
    picture: PagePicture | None = None
    link: str = ""


@dataclass(frozen=True)
class PageApproval:
    """A decision by a named person."""

    take: str
    by: str
    at: datetime
    stage: str
    note: str = ""


@dataclass(frozen=True)
class PageHold:
    """A take that waits for a producer's decision about a reference."""

    take: str
    reference: str
    cause: str
    since: datetime


@dataclass(frozen=True)
class PagePlacement:
    """Where an export is shown."""

    use: str
    title: str
    url: str
    placed_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class PageExport:
    """A deliverable."""

    code: str
    take: str
    preset: str
    path: str
    sha256: str
    at: datetime
    placements: tuple[PagePlacement, ...] = ()


@dataclass(frozen=True)
class PageView:
    """A sequence on one page, as it stood at one moment."""

    production: str
    code: str
    title: str
    as_of: datetime
    zone: str
    story_job: str = ""
    visual_rules: str = ""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    constraints: tuple[PageConstraint, ...] = ()
    scenes: tuple[PageScene, ...] = ()
    references: tuple[PageReference, ...] = ()
    approvals: tuple[PageApproval, ...] = ()
    """Newest first."""
    holds: tuple[PageHold, ...] = ()
    exports: tuple[PageExport, ...] = ()
