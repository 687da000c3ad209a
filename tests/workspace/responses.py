"""Answers that come back to where somebody did something: response URLs and acknowledgements."""

import json
from typing import cast

from aiohttp import web

from tests.workspace import acts
from tests.workspace.blocks import checked_message_blocks
from tests.workspace.errors import SlackError
from tests.workspace.faults import DROPPED
from tests.workspace.grants import ResponseUrl
from tests.workspace.hub import Hub
from tests.workspace.records import Json, Message
from tests.workspace.webapi._door import hang_up, meet

_STATUS = {"invalid_url": 404, "expired_url": 404, "used_url": 404}


class ResponseDoor:
    """The routes that response URLs lead to."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def register(self, app: web.Application) -> None:
        """Open the door."""
        app.router.add_post("/commands/{team_id}/{key}", self.take)
        app.router.add_post("/actions/{team_id}/{key}", self.take)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Post, replace or delete, as often and as long as the URL allows."""
        fault = self._hub.faults.due("response_url")
        if fault is not None and fault.what != DROPPED:
            return await meet(fault)
        try:
            answered = await _body(request)
            url = self._hub.grants.use(request.match_info["key"])
            respond(self._hub, url, answered)
        except SlackError as refusal:
            status = _STATUS.get(refusal.code, 400)
            return web.json_response(refusal.answer(), status=status)
        return hang_up(request) if fault is not None else web.Response(text="ok")


def respond(hub: Hub, url: ResponseUrl, answered: Json) -> None:
    """Do what an answer asks for."""
    original = _original(hub, url)
    if answered.get("delete_original") and original is not None:
        acts.delete(hub, original)
    elif answered.get("replace_original") and original is not None:
        changes: Json = {"text": str(answered.get("text", "")), "blocks": _blocks(hub, answered)}
        acts.edit(hub, original, by=hub.state.app.bot_user_id, **changes)
    else:
        acts.post(hub, _answer(hub, url, answered))


def _original(hub: Hub, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    message = hub.state.messages[url.channel_id].get(url.message_ts)
    own = message is not None and message.bot_id == hub.state.app.bot_id and not message.deleted
    return message if own else None


def _answer(hub: Hub, url: ResponseUrl, answered: Json) -> Message:
    app = hub.state.app
    blocks = _blocks(hub, answered)
    text = str(answered.get("text") or "")
    if not text and not blocks and not answered.get("attachments"):
        raise SlackError("no_text")
    is_public = answered.get("response_type") == "in_channel"
    return Message(
        ts=hub.state.next_ts(),
        channel_id=url.channel_id,
        user_id=app.bot_user_id,
        team_id=app.team_id,
        text=text,
        blocks=blocks,
        attachments=answered.get("attachments") or [],
        thread_ts=answered.get("thread_ts"),
        bot_id=app.bot_id,
        ephemeral_to=None if is_public else url.user_id,
    )


def _blocks(hub: Hub, answered: Json) -> list[Json]:
    return checked_message_blocks(answered.get("blocks"), hub.state.app.scopes)


async def _body(request: web.Request) -> Json:
    try:
        if request.content_type == "application/json":
            return cast("Json", json.loads(await request.text()))
        form = await request.post()
        return cast("Json", json.loads(str(form.get("payload", "{}"))))
    except ValueError as error:
        raise SlackError("invalid_payload") from error
