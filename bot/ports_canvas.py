"""A page that people read beside their channel: a canvas, as far as the office is concerned."""

from typing import Protocol


class CanvasGone(Exception):  # noqa: N818 - reads as the sentence it is
    """Somebody has removed the page by hand."""


class CanvasRefused(Exception):  # noqa: N818 - reads as the sentence it is
    """There can be no page here, or not this one; the text says why, for a person."""


class Canvases(Protocol):
    """Pages in Markdown, of the kind that canvases take.

    Headings go down to `###`, a table has at most 300 cells, a quote holds no list; people are
    named `![](@U1)`, channels `![](#C1)`, pictures `![what it shows](address)`. Everything may
    raise CanvasRefused or RoomBusy (try later), and all but `create` CanvasGone.
    """

    async def create(self, channel_id: str, title: str, markdown: str) -> str:
        """Make a page that is a tab of the channel; give its id.

        Never repeated by itself: after RoomBusy there may be a page whose id nobody knows.
        """
        ...

    async def update(self, canvas_id: str, before: str, after: str) -> bool:
        """Bring a page up to date; `before` is what was last written to it, whole.

        Only the blocks that differ are touched, in two calls each, so what people wrote between
        them stays. True if the page had to be written anew instead: our blocks were not found as
        we left them, or an update was cut short before. Repeating it is harmless.
        """
        ...

    async def rename(self, canvas_id: str, title: str) -> None:
        """Give a page another title."""
        ...

    async def link_to(self, canvas_id: str) -> str:
        """Give a page's address."""
        ...
