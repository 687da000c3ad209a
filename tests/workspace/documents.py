"""What people do with canvases: look at them, write in them, throw them away."""

from tests.workspace import canvases
from tests.workspace.canvas_text import said_in
from tests.workspace.errors import SlackError
from tests.workspace.records import Canvas, Plan
from tests.workspace.submitting import Submitting


class Documents(Submitting):
    """Canvases, from the side of whoever reads them."""

    def allow_canvases(self, plan: Plan) -> None:
        """Be on a paid plan, on the free one, or have an administrator who wants no canvases."""
        self.hub.state.canvas_rules.plan = plan

    def canvases(self, channel: str) -> list[Canvas]:
        """Return the canvases that are tabs of a channel, oldest first."""
        return self.hub.state.canvases_of(self.room(channel).id)

    def canvas(self, canvas_id: str) -> Canvas:
        """Return a canvas that is still there; its `markdown` is all that it says."""
        found = self.hub.state.canvases.get(canvas_id)
        if found is None or found.deleted:
            raise SlackError("canvas_not_found")
        return found

    def delete_canvas(self, canvas_id: str) -> None:
        """Remove a canvas by hand."""
        canvases.remove(self.hub, self.canvas(canvas_id))

    def write_in_canvas(self, canvas_id: str, markdown: str, *, below: str = "") -> None:
        """Write something by hand: below the first section that says this, or at the end."""
        canvas = self.canvas(canvas_id)
        where = {"operation": "insert_at_end"}
        if below:
            where = {"operation": "insert_after", "section_id": _saying(canvas, below)}
        content = {"document_content": {"type": "markdown", "markdown": markdown}}
        canvases.edit(self.hub, canvas, where | content)

    def rewrite_in_canvas(self, canvas_id: str, old: str, markdown: str = "") -> None:
        """Rewrite by hand the first section that says this, or with nothing take it away."""
        canvas = self.canvas(canvas_id)
        where = {"operation": "replace" if markdown else "delete"}
        where["section_id"] = _saying(canvas, old)
        content = {"document_content": {"type": "markdown", "markdown": markdown}}
        canvases.edit(self.hub, canvas, where | content)


def _saying(canvas: Canvas, words: str) -> str:
    found = (one.id for one in canvas.sections if words in said_in(one.markdown))
    try:
        return next(found)
    except StopIteration:
        raise LookupError(f"No section of {canvas.title} says {words!r}.") from None
