"""Records to Block Kit: pure functions from a view to a message."""

from collections.abc import Callable
from typing import Any

from bot.views import (
    BakeOffView,
    ClientTakeView,
    DigestView,
    HoldView,
    HomeView,
    LineView,
    ProposalsView,
    ReferenceView,
    SceneView,
    TakeView,
    View,
)
from handlers.cards._parts import Drawn, section
from handlers.cards.bake_off import bake_off_card
from handlers.cards.client import client_card
from handlers.cards.digest import digest_card, digest_text
from handlers.cards.hold import hold_card
from handlers.cards.home import home_tab
from handlers.cards.reference import proposals_card, reference_card
from handlers.cards.scene import scene_card
from handlers.cards.take import take_card

__all__ = ["Drawn", "drawn"]


_CARDS: dict[type[View], Callable[[Any], Drawn]] = {
    SceneView: scene_card,
    TakeView: take_card,
    BakeOffView: bake_off_card,
    ClientTakeView: client_card,
    ReferenceView: reference_card,
    ProposalsView: proposals_card,
    HoldView: hold_card,
    LineView: lambda view: Drawn(view.text, [section(view.text)]),
    HomeView: home_tab,
}


def drawn(view: View, *, classic: bool = False) -> Drawn:
    """Draw a view; `classic` leaves out the blocks that not every Slack knows."""
    if isinstance(view, DigestView):
        blocks = digest_card(view.digest, subscription_id=view.subscription_id, classic=classic)
        return Drawn(digest_text(view.digest), blocks)
    return _CARDS[type(view)](view)
