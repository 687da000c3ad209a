"""The web page of the small Slack: what a person would see, kept current by server-sent events.

`/` shows it; `as`, `channel` and `thread` in the address say who looks at what. `/_page/stream`
sends each region that changed, painted on the server. What a person does there goes to the JSON
driver under `/_drive/`, so a script and a hand do exactly the same.
"""

import asyncio
import contextlib
import json
from hashlib import blake2s
from typing import Any, Protocol

from aiohttp import web
from markupsafe import Markup

from tests.workspace.hub import Hub
from tests.workspace.pagedoors import PageDoors
from tests.workspace.regions import Memory, digest, regions, title
from tests.workspace.render import HERE, Painter
from tests.workspace.seat import Seat, reader_for, seated
from tests.workspace.state import SlackState

_STATIC = HERE / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_BREATH = 15.0
_GATHER = 0.03


class Slack(Protocol):
    """What the page asks of the server that carries it."""

    hub: Hub


def register(app: web.Application, slack: Slack) -> None:
    """Serve the page from this application."""
    page = _Page(slack.hub.state)
    PageDoors(slack.hub).register(app)
    app.add_routes(
        [
            web.get("/", page.whole),
            web.get("/_page/stream", page.stream),
            web.get("/_page/static/{name}", _static),
            web.get("/_page/direct", page.direct),
            web.get("/docs/{team_id}/{canvas_id}", page.document),
            web.get("/archives/{channel_id}/p{packed:\\d+}", page.permalink),
        ]
    )


class _Page:
    def __init__(self, state: SlackState) -> None:
        self.state = state
        self.memory = Memory()

    async def whole(self, request: web.Request) -> web.Response:
        seat = seated(self.state, request.query)
        painter = Painter(self.state, reader_for(self.state, seat.member))
        painted = regions(self.state, seat, self.memory)
        drawn = painter.draw("page.html", regions=painted, **_facts(self.state, seat))
        return web.Response(
            text=drawn, content_type="text/html", headers={"Cache-Control": "no-store"}
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        seat = seated(self.state, request.query)
        with self.state.following() as feed, contextlib.suppress(ConnectionResetError):
            await self._follow(response, seat, feed)
        return response

    async def _follow(
        self, response: web.StreamResponse, seat: Seat, feed: asyncio.Queue[dict[str, Any]]
    ) -> None:
        sent: dict[str, str] = {}
        while True:
            for name, painted in regions(self.state, seat, self.memory).items():
                mark = digest(painted)
                if sent.get(name) != mark:
                    await response.write(_event(name, painted))
                    sent[name] = mark
            while not await _something(feed):
                await response.write(b": still here\n\n")

    async def direct(self, request: web.Request) -> web.Response:
        me = self.state.members[request.query["as"]]
        channel = self.state.direct_channel(me.id, request.query["with"])
        raise web.HTTPFound(f"/?as={me.id}&channel={channel.id}")

    async def permalink(self, request: web.Request) -> web.Response:
        packed = request.match_info["packed"]
        ts = f"{packed[:-6]}.{packed[-6:]}"
        channel_id = request.match_info["channel_id"]
        message = self.state.message(channel_id, ts)
        thread = request.query.get("thread_ts") or (message.thread_ts if message else None)
        who = next(iter(self._readers(channel_id)), "")
        pane = f"&thread={thread}" if thread else ""
        raise web.HTTPFound(
            f"/?as={request.query.get('as', who)}&channel={channel_id}{pane}#c-{ts}"
        )

    async def document(self, request: web.Request) -> web.Response:
        canvas = self.state.canvases.get(request.match_info["canvas_id"])
        if canvas is None or canvas.channel_id is None:
            raise web.HTTPNotFound(text="This canvas is in no channel.")
        who = next(iter(self._readers(canvas.channel_id)), "")
        raise web.HTTPFound(
            f"/?as={request.query.get('as', who)}&channel={canvas.channel_id}&canvas={canvas.id}"
        )

    def _readers(self, channel_id: str) -> list[str]:
        channel = self.state.channels.get(channel_id)
        everybody = self.state.members.values()
        return [
            one.id
            for one in everybody
            if channel and one.id in channel.member_ids and not one.is_bot
        ]


def _facts(state: SlackState, seat: Seat) -> dict[str, Any]:
    external = state.is_external(seat.member.id)
    people = sorted(state.members.values(), key=lambda one: one.real_name)
    commands = () if external else state.app.commands.values()
    return {
        "seat": seat,
        "title": title(state, seat),
        "external": external,
        "tab": _tab(state, seat),
        "version": _version(),
        "stream": "/_page/stream" + seat.link(thread=seat.thread_ts, canvas=seat.canvas_id)[1:],
        "people": [{"id": one.id, "name": one.real_name, "user": one.name} for one in people],
        "rooms": [{"id": one.id, "name": one.name} for one in state.channels.values() if one.name],
        "commands": [
            {"name": one.command, "hint": one.usage_hint, "does": one.description}
            for one in commands
        ],
    }


def _tab(state: SlackState, seat: Seat) -> str:
    """Which tab of the app is open, so that the app can be told."""
    if seat.channel is None:
        return "home"
    return (
        "messages"
        if seat.channel.is_im and state.app.bot_user_id in seat.channel.member_ids
        else ""
    )


def _version() -> str:
    newest = b"".join(str(one.stat().st_mtime_ns).encode() for one in sorted(_STATIC.iterdir()))
    return blake2s(newest, digest_size=4).hexdigest()


def _event(name: str, painted: Markup) -> bytes:
    return f"event: {name}\ndata: {json.dumps(str(painted))}\n\n".encode()


async def _something(feed: asyncio.Queue[dict[str, Any]]) -> bool:
    """Wait for a change, and for the others that come with it; False if nothing happened."""
    try:
        await asyncio.wait_for(feed.get(), _BREATH)
    except TimeoutError:
        return False
    await asyncio.sleep(_GATHER)
    while not feed.empty():
        feed.get_nowait()
    return True


async def _static(request: web.Request) -> web.FileResponse:
    path = _STATIC / request.match_info["name"]
    if path.parent != _STATIC or path.suffix not in _KINDS or not path.exists():
        raise web.HTTPNotFound(text="No such file.")
    return web.FileResponse(path, headers={"Content-Type": f"{_KINDS[path.suffix]}; charset=utf-8"})
