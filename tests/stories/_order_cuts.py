"""Every point between two steps of an order at an engine behind HTTP, in the order of the steps."""

from dataclasses import dataclass

from tests.stories._doomed import Point, When


@dataclass(frozen=True)
class OrderCut:
    """A point, and what stands in the vendor's ledger right after it."""

    name: str
    told: str
    point: Point | None
    """None: the app is killed from outside while the vendor has the order and says nothing."""
    placed: int = 1
    is_open: bool = False
    """Whether the answer may have been lost, so that a person settles it."""
    is_large: bool = False
    """Whether the film is to be large enough to be cut in the middle."""


def _cut(name: str, told: str, where: str, when: When, **more: object) -> OrderCut:
    among, nth = str(more.pop("among", "")), int(str(more.pop("nth", 1)))
    return OrderCut(name, told, Point(name, where, when, among, nth), **more)  # pyright: ignore[reportArgumentType] - checked by the tests that read them


_MOVE, _RECORD, _CREATING = "storage.takes:move", "bot.log:record", r"True\]$"
_OPEN = {"is_open": True}
_UNPLACED = {"is_open": True, "placed": 0}
_SILENT = "The vendor has the order and the money, and has not answered."

PLACING = (
    _cut("recorded", "The order is committed; no work was started.",
         _RECORD, "committed", among="take.ordered", placed=0),
    _cut("begun", "Everything for the order is laid out; the intent is not written.",
         "bot.generation:spec_for", "after", placed=0),
    _cut("intent-uncommitted", "The intent is written, but not committed.",
         _MOVE, "uncommitted", among="TakeState.PLACING", placed=0),
    _cut("intent-committed", "The intent is committed; the order was not sent.",
         _MOVE, "committed", among="TakeState.PLACING", **_UNPLACED),
    _cut("before-the-post", "The order is a request, and not a byte of it was sent.",
         "engines._wire:Wire.ask", "before", among=_CREATING, **_UNPLACED),
    OrderCut("not-answered", _SILENT, None, is_open=True),
    _cut("answer-unread", "The answer has arrived and was not read.",
         "engines._wire:Wire._body", "before", **_OPEN),
    _cut("ticket-read", "The ticket is known, and nothing of it is written.",
         "engines._http:HttpEngine.submit", "after", **_OPEN),
    _cut("ticket-uncommitted", "The ticket is written, but not committed.",
         _MOVE, "uncommitted", among="TakeState.RENDERING", **_OPEN),
    _cut("ticket-committed", "The ticket is committed.",
         _MOVE, "committed", among="TakeState.RENDERING"),
    _cut("place-done", "The step is done, and its checkpoint is not written.",
         "bot.durable:place", "after"),
)  # fmt: skip
WAITING = (
    _cut("waiting", "The engine works, and has been looked at.",
         "engines._http:HttpEngine.poll", "before", nth=2),
    _cut("job-over", "The last look found the job over; nothing knows of it.",
         "bot.waiting:until_over", "after"),
    _cut("wait-done", "The wait is over, and its checkpoint is not written.",
         "bot.durable:wait", "after"),
    _cut("link-minted", "A link to the file is at hand; it was not used.",
         "bot.fetching:until_over", "after"),
    _cut("mid-download", "Some of the file has come.",
         "engines._fetch:_take", "before", nth=3, is_large=True),
    _cut("downloaded", "The file is here, whole; it is not kept.",
         "engines._http:HttpEngine.download", "after"),
    _cut("original-kept", "The file is kept; the records do not know it.",
         "storage.files:Files.keep", "after"),
    _cut("kept-uncommitted", "The records know the file and its cost, uncommitted.",
         _RECORD, "uncommitted", among="take.kept"),
    _cut("kept-committed", "The records know the file and its cost.",
         _RECORD, "committed", among="take.kept"),
    _cut("fetch-done", "The file is fetched, and that checkpoint is not written.",
         "bot.durable:fetch", "after"),
)  # fmt: skip
PRESENTING = (
    _cut("media-made", "Poster, sheet and proxy are made, and not kept.",
         "bot.media:process", "after"),
    _cut("proxy-kept", "What people look at is kept; the records do not know it.",
         "storage.files:Files.keep", "after", nth=4),
    _cut("shown-uncommitted", "The take is ready, uncommitted.",
         _RECORD, "uncommitted", among="take.shown"),
    _cut("present-done", "All is done, and the last checkpoint is not written.",
         "bot.durable:present", "after"),
)  # fmt: skip
NOT_REPEATABLE = (*PLACING, *WAITING, *PRESENTING)
REPEATABLE = (
    _cut("intent-committed", "The intent is committed; the order was not sent.",
         _MOVE, "committed", among="TakeState.PLACING", placed=0),
    _cut("before-the-post", "It was asked for by its own id; nothing was sent.",
         "engines._wire:Wire.ask", "before", among=_CREATING, placed=0),
    OrderCut("not-answered", _SILENT, None),
    _cut("answer-unread", "The answer has come, and nothing was made of it.",
         "engines._wire:Wire.ask", "after", among=_CREATING),
    _cut("ticket-read", "The ticket is known, and nothing of it is written.",
         "engines.comfyui:ComfyUI.submit", "after"),
    _cut("ticket-uncommitted", "The ticket is written, but not committed.",
         _MOVE, "uncommitted", among="TakeState.RENDERING"),
    _cut("waiting", "The engine works, and has been looked at.",
         "engines.comfyui:ComfyUI.poll", "before", nth=2),
    _cut("mid-download", "Some of the file has come.",
         "engines._fetch:_take", "before", nth=3, is_large=True),
)  # fmt: skip
UPLOADING = (
    _cut("mid-upload", "A place for the picture is announced; the picture is not there.",
         "engines._http:HttpEngine._answered", "after", placed=0),
    _cut("uploaded", "The picture lies with the vendor; the intent is not written.",
         "engines._http:HttpEngine.prepare", "after", placed=0),
    _cut("before-the-post", "The order names the picture, and not a byte of it was sent.",
         "engines._wire:Wire.ask", "before", among=_CREATING, **_UNPLACED),
    _cut("ticket-read", "The ticket is known, and nothing of it is written.",
         "engines._http:HttpEngine.submit", "after", **_OPEN),
)  # fmt: skip
_ON_POSTGRES = {"recorded", "intent-committed", "not-answered", "mid-download", "kept-committed"}
ON_POSTGRES = tuple(cut for cut in NOT_REPEATABLE if cut.name in _ON_POSTGRES)
