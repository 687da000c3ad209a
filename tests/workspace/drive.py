"""The JSON driver: act in the small Slack from a script.

Every path takes a POST with a JSON object and answers with what the person sees (`seen.Seen`):
`ok`, `error`, `errors` (by block id of a modal), `via`, `status`, `ms`, `view` (the open modal),
`home`, `ts`, `messages`, `ephemerals`, `changed`, `deleted`, `is_closed`, `options` and their
`option_groups`. `user` and `channel` are ids or names. `wait` is how many seconds to look for an
answer after the app's acknowledgement; the reply comes as soon as something shows. An act that
Slack refuses is answered with status 400 and `{"ok": false, "error": CODE}`.

    /_drive/command    command, text, user, channel, thread_ts?
    /_drive/message    text, user, channel, thread_ts?, broadcast?,
                       files? [{name, data (base64), title?}]
                       with `edit`: TS   edits that message; with `delete`: TS   deletes it
    /_drive/shortcut   callback_id, user, and for a message: channel, ts
    /_drive/press      action_id, user, and channel + ts, or view_id, or neither for what is open;
                       block_id?, value? (what to pick: an option's value or text, a date,
                       a user id, a list for several)
    /_drive/suggest    action_id (or block id), typed, user, where as for press, block_id?
                       what an external select offers
    /_drive/submit     values (by label, action id or block id), user, view_id?
    /_drive/close      user, view_id?, clear?
    /_drive/reaction   emoji, ts, channel, user, remove?
    /_drive/home       user, tab?
    /_drive/join       user, channel
    /_drive/redeliver  index? (-1 is the last delivery), times?
    /_drive/fail       method, fault (HTTP status, Slack error code, "timeout", "dropped"), times?,
                       retry_after?
    /_drive/disconnect reason?   tells the app's sockets to go
    /_drive/request_url url   where HTTP deliveries go
    GET /_drive/state  everything as JSON; ?channel=NAME for one channel's messages
"""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from tests.workspace.errors import SlackError
from tests.workspace.records import Json
from tests.workspace.talking import Attached

if TYPE_CHECKING:
    from tests.workspace.server import SmallSlack

Act = Callable[[Json], Awaitable[Json]]


class DriveDoor:
    """The routes under `/_drive/`."""

    def __init__(self, slack: "SmallSlack") -> None:
        self._slack = slack
        self._acts: dict[str, Act] = {
            "message": self._message,
            "reaction": self._reaction,
            "redeliver": self._redeliver,
            "fail": self._fail,
            "disconnect": self._disconnect,
            "request_url": self._request_url,
        }
        for name in ("command", "shortcut", "press", "suggest", "submit", "close", "home", "join"):
            self._acts[name] = self._plainly(getattr(slack, name))

    def register(self, app: web.Application) -> None:
        """Open the door."""
        app.router.add_get("/_drive/state", self.tell)
        app.router.add_post("/_drive/{act}", self.do)

    async def tell(self, request: web.Request) -> web.Response:
        """Tell everything."""
        return web.json_response(self._slack.state_of(request.query.get("channel")))

    async def do(self, request: web.Request) -> web.Response:
        """Do one thing and tell what the person saw."""
        act = self._acts.get(request.match_info["act"])
        if act is None:
            known = ", ".join(sorted(self._acts))
            return _refused(f"There is no such act; there are {known}.", status=404)
        try:
            return web.json_response(await act(json.loads(await request.text() or "{}")))
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        except (LookupError, TypeError, ValueError) as error:
            return _refused(str(error), status=400)

    def _plainly(self, method: Callable[..., Awaitable[Any]]) -> Act:
        async def act(given: Json) -> Json:
            return cast("Json", (await method(**given)).as_json())

        return act

    async def _message(self, given: Json) -> Json:
        slack = self._slack
        if ts := given.pop("edit", None):
            return (await slack.edit(ts, **given)).as_json()
        if ts := given.pop("delete", None):
            given.pop("text", None)
            return (await slack.delete(ts, **given)).as_json()
        given["files"] = [_attached(one) for one in given.get("files", [])]
        return (await slack.say(given.pop("text", ""), **given)).as_json()

    async def _reaction(self, given: Json) -> Json:
        act = self._slack.unreact if given.pop("remove", False) else self._slack.react
        return (await act(given.pop("emoji"), **given)).as_json()

    async def _redeliver(self, given: Json) -> Json:
        outcomes = await self._slack.redeliver(given.get("index", -1), times=given.get("times", 1))
        return {"ok": True, "outcomes": [asdict(one) for one in outcomes]}

    async def _fail(self, given: Json) -> Json:
        times, retry_after = given.get("times", 1), given.get("retry_after", 1)
        self._slack.fail_next(given["method"], given["fault"], times, retry_after=retry_after)
        return {"ok": True}

    async def _disconnect(self, given: Json) -> Json:
        await self._slack.disconnect(given.get("reason", "refresh_requested"))
        return {"ok": True}

    async def _request_url(self, given: Json) -> Json:
        self._slack.request_url = given["url"]
        return {"ok": True}


def _attached(given: Json) -> Attached:
    data = base64.b64decode(given["data"], validate=True)
    return Attached(given["name"], data, given.get("title", ""))


def _refused(text: str, *, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": text}, status=status)
