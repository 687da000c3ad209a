"""Records to Block Kit: pure functions from a view to a message."""

from bot.views import (
    BakeOffView,
    ClientTakeView,
    DigestView,
    HomeView,
    LineView,
    SceneView,
    TakeView,
    View,
)
from handlers.cards._parts import Drawn, section
from handlers.cards.bake_off import bake_off_card
from handlers.cards.client import client_card
from handlers.cards.digest import digest_card, digest_text
from handlers.cards.home import home_tab
from handlers.cards.scene import scene_card
from handlers.cards.take import take_card

__all__ = ["Drawn", "drawn"]


def drawn(view: View, *, classic: bool = False) -> Drawn:  # noqa: PLR0911 - one for each view
    """Draw a view; `classic` leaves out the blocks that not every Slack knows."""
    match view:
        case SceneView():
            return scene_card(view)
        case TakeView():
            return take_card(view)
        case BakeOffView():
            return bake_off_card(view)
        case ClientTakeView():
            return client_card(view)
        case LineView(text):
            return Drawn(text, [section(text)])
        case HomeView():
            return home_tab(view)
        case DigestView(digest, subscription_id):
            blocks = digest_card(digest, subscription_id=subscription_id, classic=classic)
            return Drawn(digest_text(digest), blocks)
