"""The parts of the small Slack that everything else is given."""

from dataclasses import dataclass, field

from tests.workspace.delivery import Delivery
from tests.workspace.faults import Faults
from tests.workspace.grants import Grants
from tests.workspace.limits import Limits
from tests.workspace.records import Json
from tests.workspace.state import SlackState

Offered = dict[tuple[str, str], list[Json]]


@dataclass(slots=True, eq=False)
class Hub:
    """`origin` is where this Slack is reached, known once it listens.

    `selections` holds what a person has picked in a message or view: by its id and theirs.
    `offered` holds what external selects of a message have listed, likewise.
    """

    state: SlackState
    delivery: Delivery
    grants: Grants
    limits: Limits
    faults: Faults
    origin: str = "http://127.0.0.1"
    probes_media: bool = True
    selections: dict[tuple[str, str], Json] = field(default_factory=dict[tuple[str, str], Json])
    offered: dict[tuple[str, str], Offered] = field(default_factory=dict[tuple[str, str], Offered])
