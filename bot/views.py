"""What a card needs to be drawn: records gathered in one transaction, as frozen values."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.digest import Digest
from bot.gates import Rule, at_review
from bot.governed import Governed
from bot.holds import Trouble
from bot.intent import Ground
from bot.lookalikes import Lookalike
from bot.rights import Standing
from storage.held import HeldTake
from storage.models import (
    BakeOff,
    Decision,
    Production,
    Reference,
    Ruling,
    Scene,
    Setup,
    Shot,
    Take,
)


@dataclass(frozen=True)
class Circle:
    """A shot's circle take, and the approval that made it so."""

    take: Take
    decision: Decision | None


@dataclass(frozen=True)
class SceneView:
    """A scene as it stands."""

    production: Production
    scene: Scene
    shots: list[Shot]
    takes: list[Take]
    """Shot by shot, the newest of each first."""
    references: list[Governed]
    ground: Ground
    """What applies to it."""
    waived: set[str]
    """The rules that a producer has overridden for it, by their keys."""
    circles: list[Circle]
    """Of the shots that have one, in their order."""
    links: dict[str, str] = field(default_factory=dict[str, str])
    """Addresses of posted takes by take id."""
    troubles: dict[str, list[Trouble]] = field(default_factory=dict[str, list[Trouble]])
    """What takes used that is not in order any more, by take id, ruled on or not."""


@dataclass(frozen=True)
class TakeView:
    """A take with the intent it is judged against."""

    production: Production
    scene: Scene
    shot: Shot
    take: Take
    setup: Setup
    decisions: list[Decision]
    ground: Ground
    waived: set[str] = field(default_factory=set[str])
    superseded_by: Take | None = None
    engine_label: str = ""
    engine_console: str = ""
    """Where a person can see what was ordered of the engine."""
    engine_credit: str = ""
    """What the engine's terms want shown beside its work, as mrkdwn."""
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    """What it used that is not in order any more, ruled on or not."""

    @property
    def is_held(self) -> bool:
        """Whether a producer has to rule on it before it is approved."""
        return not all(each.is_lifted for each in self.troubles)

    @property
    def is_blocked(self) -> bool:
        """Whether a rule keeps it from being approved until a producer overrides that."""
        return bool(at_review(self.ground, self.waived).refusals)


@dataclass(frozen=True)
class ClientTakeView:
    """A take as the client may see it: nothing of prompts, prices or internal talk is in here."""

    production_name: str
    title: str
    purpose: str
    feeling: str
    take: Take
    label: str
    decisions: list[Decision]
    """The client's own."""
    rules: tuple[Rule, ...] = ()
    """What the production wants the client to read."""
    is_held: bool = False
    """Whether the team has to settle something first; what, is not for the client."""


@dataclass(frozen=True)
class BakeOffView:
    """One order for several engines, side by side."""

    scene: Scene
    bake_off: BakeOff
    takes: list[TakeView]


@dataclass(frozen=True)
class ReferenceView:
    """A reference as it stands."""

    production: Production
    member: Governed
    scenes: list[Scene]
    """Where it is cast."""
    lookalikes: list[Lookalike]
    """While it waits for approval: other references with the same or nearly the same picture."""


@dataclass(frozen=True)
class ProposalsView:
    """References that were proposed together and wait for one decision."""

    production: Production
    scene: Scene | None
    members: list[Governed]
    """Those that still wait."""


@dataclass(frozen=True)
class HoldView:
    """What one cause holds, and what was decided about it."""

    reference: Reference
    standing: Standing
    """As it is today, which may be in order again."""
    key: str
    """Of reference and cause, as the button carries it."""
    is_over: bool
    """Whether the cause is no more."""
    waiting: list[HeldTake]
    """The first of those that nobody ruled on, circle takes before others."""
    counts: dict[Ruling | None, int]


@dataclass(frozen=True)
class LineView:
    """One sentence."""

    text: str


@dataclass(frozen=True)
class WaitingTake:
    """A take that waits for somebody, as lists show it."""

    label: str
    title: str
    take: Take
    link: str
    is_held: bool = False


@dataclass(frozen=True)
class HomeView:
    """What one person finds in the Home tab."""

    productions: list["ProductionView"]
    zone: str
    at: datetime


@dataclass(frozen=True)
class ProductionView:
    """A production in a glance."""

    production: Production
    scenes: list[SceneView]
    waiting: list[WaitingTake]


@dataclass(frozen=True)
class DigestView:
    """A digest and whose it is."""

    digest: Digest
    subscription_id: str


View = (
    SceneView
    | TakeView
    | BakeOffView
    | ClientTakeView
    | ReferenceView
    | ProposalsView
    | HoldView
    | LineView
    | HomeView
    | DigestView
)
