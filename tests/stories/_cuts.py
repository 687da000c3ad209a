"""Every point at which the power is cut, in the order of the journey."""

from dataclasses import dataclass

from storage.models import TakeState
from tests.stories._doomed import Point, When


@dataclass(frozen=True)
class Cut:
    """A point, and what it leaves behind; `paid` is how often the paid engine was asked."""

    point: Point
    told: str
    engine: str = "paid"
    ends: TakeState = TakeState.APPROVED
    paid: int = 1


ANIMATIC = {"engine": "animatic", "paid": 0}
UNPAID = {"ends": TakeState.AMBIGUOUS, "paid": 0}
PAID = {"ends": TakeState.AMBIGUOUS, "paid": 1}
_ROOM = "handlers.room:SlackRoom"
_ACK = "slack_bolt.adapter.socket_mode.aiohttp:send_async_response"


def _cut(name: str, told: str, where: str, when: When, **more: object) -> Cut:
    among, nth = str(more.pop("among", "")), int(str(more.pop("nth", 1)))
    return Cut(Point(name, where, when, among, nth), told, **more)  # pyright: ignore[reportArgumentType] - checked by the tests that read them


ORDERING = (
    _cut("scene-posted", "The scene's card is in Slack, and we never heard.",
         f"{_ROOM}.post", "after", among="CardKind.SCENE"),
    _cut("order-uncommitted", "The order is written, but not committed.",
         "bot.log:record", "uncommitted", among="take.ordered"),
    _cut("order-committed", "The order is committed; no work was started.",
         "bot.log:record", "committed", among="take.ordered"),
    _cut("order-answered", "The form was answered.",
         _ACK, "after", among="'type': 'view_submission'.*order_form"),
    _cut("intent-of-paid", "The intent is committed; a paid engine is not asked any more.",
         "storage.takes:move", "committed", among="TakeState.PLACING", **UNPAID),
    _cut("animatic-asked", "The animatic has the order; its answer was not written.",
         "engines.animatic:Animatic.submit", "after", **ANIMATIC),
    _cut("paid-asked", "The paid engine has the order and the money; its answer was not written.",
         "tests.stories._paid:Paid.submit", "after", **PAID),
    _cut("answer-uncommitted", "The paid engine's answer is written, but not committed.",
         "storage.takes:move", "uncommitted", among="TakeState.RENDERING", **PAID),
    _cut("place-done", "The first step is done, and its checkpoint is not written.",
         "bot.durable:place", "after"),
)  # fmt: skip
MAKING = (
    _cut("while-drawing", "The animatic is being drawn, by a child that must not stay behind.",
         "engines.animatic:Animatic.poll", "before", nth=2, **ANIMATIC),
    _cut("wait-done", "The engine is done, and that checkpoint is not written.",
         "bot.durable:wait", "after"),
    _cut("original-kept", "The file is kept; the records do not know it.",
         "storage.files:Files.keep", "after"),
    _cut("kept-uncommitted", "The records know the file, uncommitted.",
         "bot.log:record", "uncommitted", among="take.kept"),
    _cut("kept-committed", "The records know the file.",
         "bot.log:record", "committed", among="take.kept"),
    _cut("media-at-work", "A child has begun to make poster, sheet and proxy.",
         "bot._media_run:asyncio.create_subprocess_exec", "after", among="_media_child"),
    _cut("media-made", "Poster, sheet and proxy are made and not kept.",
         "bot.media:process", "after"),
    _cut("shown-committed", "The take is ready, its cards are wanted.",
         "bot.log:record", "committed", among="take.shown"),
)  # fmt: skip
SHOWING = (
    _cut("card-claimed", "The take's card is claimed by a sender that is no more.",
         "storage.cards:take_up", "committed", among="CardKind.TAKE"),
    _cut("card-posted", "The take's card is in Slack, and we never heard.",
         f"{_ROOM}.post", "after", among="CardKind.TAKE"),
    _cut("poster-sent", "The poster is in Slack; its id is not kept.",
         f"{_ROOM}.upload", "after"),
    _cut("card-redrawn", "The take's buttons are in Slack, and we never heard.",
         f"{_ROOM}.redraw", "after", among="CardKind.TAKE"),
    _cut("video-noted", "The video's id is kept; nothing was sent.",
         "storage.cards:keep_file", "committed"),
    _cut("video-sent", "The video's bytes are sent, and not shared.",
         f"{_ROOM}._send", "after", among=r"\.mp4"),
    _cut("video-shared", "The video is in the thread, and we never heard.",
         f"{_ROOM}.share", "after"),
)  # fmt: skip
DECIDING = (
    _cut("team-uncommitted", "The director's decision is written, but not committed.",
         "bot.log:record", "uncommitted", among="take.approved"),
    _cut("team-committed", "The director's decision is committed and not acknowledged.",
         "bot.log:record", "committed", among="take.approved"),
    _cut("team-answered", "The director's press is acknowledged.",
         _ACK, "after", among="'type': 'block_actions'.*'action_id': 'take_approve'"),
    _cut("client-card-posted", "The client's card is in Slack, and we never heard.",
         f"{_ROOM}.post", "after", among="CardKind.CLIENT_TAKE"),
    _cut("client-video-shared", "The client's video is in Slack, and we never heard.",
         f"{_ROOM}.share", "after", nth=2),
    _cut("client-uncommitted", "The client's decision is written, but not committed.",
         "bot.log:record", "uncommitted", among="take.approved", nth=2),
    _cut("client-committed", "The client's decision is committed and not acknowledged.",
         "bot.log:record", "committed", among="take.approved", nth=2),
    _cut("client-answered", "The client's press is acknowledged; no card shows it.",
         _ACK, "after", among="'type': 'block_actions'.*client_approve"),
)  # fmt: skip
CUTS = (*ORDERING, *MAKING, *SHOWING, *DECIDING)
