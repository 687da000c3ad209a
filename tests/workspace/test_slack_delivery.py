"""How payloads travel: signatures, retries, lost and doubled deliveries, Socket Mode's moods."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.conftest import Heard, connected, serving
from tests.workspace.records import Json
from tests.workspace.server import SmallSlack


class Endpoint:
    """An app that answers as it is told and remembers what came."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[web.Response] = []
        self.delay = 0.0

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((headers, await request.text()))
        await asyncio.sleep(self.delay)
        return self.answers.pop(0) if self.answers else web.Response()

    def retries(self) -> list[tuple[str | None, str | None]]:
        names = ("x-slack-retry-num", "x-slack-retry-reason")
        return [(h.get(names[0]), h.get(names[1])) for h, _ in self.requests]


@pytest.fixture
async def endpoint(slack: SmallSlack) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/slack/events", endpoint.take)
    async with serving(app) as origin:
        slack.request_url = f"{origin}/slack/events"
        yield endpoint


async def test_every_request_is_signed_as_slack_signs(
    slack: SmallSlack, endpoint: Endpoint
) -> None:
    verifier = SignatureVerifier(slack.state.app.signing_secret)
    await slack.say("hello", user="maya", channel="aurora-team")
    await slack.command("/scene", "list", user="maya", channel="aurora-team", wait=0)
    for headers, body in endpoint.requests:
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + " ", headers)
    assert [headers["content-type"] for headers, _ in endpoint.requests] == [
        "application/json",
        "application/x-www-form-urlencoded",
    ]


async def test_an_event_is_tried_four_times_with_slacks_headers(
    slack: SmallSlack, endpoint: Endpoint
) -> None:
    endpoint.answers = [web.Response(status=500) for _ in range(9)]
    seen = await slack.say("hello", user="maya", channel="aurora-team")
    assert (seen.ok, seen.status, seen.error) == (False, 500, "dispatch_failed")
    await slack.settle()
    again = [(str(number), "http_error") for number in (1, 2, 3)]
    assert endpoint.retries() == [(None, None), *again]
    assert len({json.loads(body)["event_id"] for _, body in endpoint.requests}) == 1


async def test_an_app_can_ask_not_to_be_told_again(slack: SmallSlack, endpoint: Endpoint) -> None:
    endpoint.answers = [web.Response(status=500, headers={"x-slack-no-retry": "1"})]
    await slack.say("hello", user="maya", channel="aurora-team")
    await slack.settle()
    assert endpoint.retries() == [(None, None)]


async def test_a_slow_answer_is_a_timeout_and_is_sent_again(
    slack: SmallSlack, endpoint: Endpoint
) -> None:
    slack.hub.delivery.ack_seconds, endpoint.delay = 0.1, 0.3
    seen = await slack.say("hello", user="maya", channel="aurora-team")
    assert seen.error == "operation_timeout"
    endpoint.delay = 0.0
    await slack.settle()
    assert endpoint.retries() == [(None, None), ("1", "http_timeout")]


async def test_nobody_waits_for_a_retry_that_is_minutes_away(endpoint: Endpoint) -> None:
    async with SmallSlack(rate_limits=False, ack_seconds=0.05) as slack:
        await slack.say("hello", user="maya", channel="aurora-team")
        await asyncio.wait_for(slack.settle(), 2)
        [delivered] = slack.deliveries
        assert [one.reason for one in delivered.outcomes] == ["connection_failed"] * 2
        assert endpoint.requests == []


async def test_an_interaction_is_never_repeated(slack: SmallSlack, endpoint: Endpoint) -> None:
    endpoint.answers = [web.Response(status=500)]
    seen = await slack.command("/scene", user="maya", channel="aurora-team", wait=0)
    await slack.settle()
    assert seen.error == "dispatch_failed"
    assert len(endpoint.requests) == 1


async def test_a_past_delivery_comes_again_unchanged(slack: SmallSlack, endpoint: Endpoint) -> None:
    await slack.say("once", user="maya", channel="aurora-team")
    await slack.redeliver(times=2)
    assert endpoint.retries() == [(None, None), ("1", "http_timeout"), ("2", "http_timeout")]
    assert len({body for _, body in endpoint.requests}) == 1


async def test_events_can_be_held_reordered_doubled_and_lost(
    slack: SmallSlack, endpoint: Endpoint
) -> None:
    slack.hold_events()
    for text in ("one", "two", "three"):
        await slack.say(text, user="maya", channel="aurora-team")
    assert endpoint.requests == []
    await slack.release_events([2, 0, 0])
    slack.drop_events()
    await slack.say("four", user="maya", channel="aurora-team")
    texts = [json.loads(body)["event"]["text"] for _, body in endpoint.requests]
    assert sorted(texts) == ["one", "one", "three"]


async def test_the_request_url_is_verified_by_its_challenge(
    slack: SmallSlack, by_http: Heard
) -> None:
    assert await slack.verify_request_url()


async def test_a_forged_or_late_request_is_refused_by_bolt(
    slack: SmallSlack, by_http: Heard
) -> None:
    body = b'{"type":"event_callback","event":{"type":"message"}}'
    url = str(slack.request_url)
    late = slack.hub.delivery.signed(body, at=1_000_000_000)
    forged = slack.hub.delivery.signed(b"something else")
    async with aiohttp.ClientSession() as session:
        for headers in (late, forged):
            async with session.post(url, data=body, headers=headers) as response:
                assert response.status == 401


async def a_socket(slack: SmallSlack, session: aiohttp.ClientSession) -> Any:
    client = AsyncWebClient(base_url=slack.base_url)
    opened = await client.apps_connections_open(app_token=slack.state.app.app_token)
    return await session.ws_connect(str(opened["url"]))


async def test_a_socket_is_greeted_and_its_ticket_is_good_once(slack: SmallSlack) -> None:
    client = AsyncWebClient(base_url=slack.base_url)
    opened = await client.apps_connections_open(app_token=slack.state.app.app_token)
    url = str(opened["url"])
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_the_eleventh_socket_is_sent_away(slack: SmallSlack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await a_socket(slack, session) for _ in range(11)]
        assert (await sockets[9].receive_json())["num_connections"] == 10
        goodbye = await sockets[10].receive_json()
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")
        for socket in sockets:
            await socket.close()


async def test_each_payload_goes_to_one_socket_only(slack: SmallSlack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await a_socket(slack, session) for _ in range(2)]
        for socket in sockets:
            await socket.receive_json()
        said = asyncio.ensure_future(slack.say("hi", user="maya", channel="aurora-team"))
        waiting = [asyncio.ensure_future(socket.receive_json()) for socket in sockets]
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        [envelope] = [cast("Json", task.result()) for task in done]
        owner = sockets[waiting.index(next(iter(done)))]
        await owner.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await said).ok
        assert envelope["type"] == "events_api"
        assert len(pending) == 1
        for task in pending:
            task.cancel()
        for socket in sockets:
            await socket.close()


async def test_a_socket_that_does_not_acknowledge_gets_it_again(slack: SmallSlack) -> None:
    slack.hub.delivery.ack_seconds = 0.05
    async with aiohttp.ClientSession() as session:
        socket = await a_socket(slack, session)
        await socket.receive_json()
        seen = await slack.say("hi", user="maya", channel="aurora-team")
        assert seen.error == "operation_timeout"
        envelopes = [await socket.receive_json() for _ in range(2)]
        assert [one["retry_attempt"] for one in envelopes] == [0, 1]
        assert envelopes[1]["retry_reason"] == "timeout"
        assert envelopes[0]["payload"] == envelopes[1]["payload"]
        await socket.close()


async def test_what_was_on_a_cut_line_comes_again_on_the_next(slack: SmallSlack) -> None:
    async with aiohttp.ClientSession() as session:
        first = await a_socket(slack, session)
        await first.receive_json()
        said = asyncio.ensure_future(slack.say("hi", user="maya", channel="aurora-team"))
        lost = await first.receive_json()
        second = await a_socket(slack, session)
        await second.receive_json()
        slack.hub.delivery.sockets.cut(1)
        again = await second.receive_json()
        await second.send_json({"envelope_id": again["envelope_id"]})
        assert again["payload"] == lost["payload"]
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
        assert not (await said).ok
        await second.close()


async def test_an_answer_that_is_no_json_after_all_is_text(
    slack: SmallSlack, endpoint: Endpoint
) -> None:
    endpoint.answers = [web.Response(text="{oops", content_type="application/json")]
    seen = await slack.command("/scene", user="maya", channel="aurora-team")
    assert [one["text"] for one in seen.ephemerals] == ["{oops"]


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_bolt_comes_back_after_a_disconnect(
    slack: SmallSlack, heard: Heard, reason: Any
) -> None:
    @heard.app.event("message")
    async def _(body: Json) -> None:
        heard.bodies.append(body)

    async with connected(slack, heard.app):
        await slack.disconnect(reason)
        await slack.until(lambda _: slack.connections)
        assert (await slack.say("still there?", user="maya", channel="aurora-team")).ok
        assert len(heard.events("message")) == 1


async def test_a_connected_socket_takes_the_place_of_the_request_url(
    slack: SmallSlack, endpoint: Endpoint, heard: Heard
) -> None:
    @heard.app.event("message")
    async def _() -> None:
        """Take it."""

    async with connected(slack, heard.app):
        seen = await slack.say("hi", user="maya", channel="aurora-team")
        assert seen.via == "socket"
    await slack.until(lambda _: not slack.connections)
    assert (await slack.say("hi", user="maya", channel="aurora-team")).via == "http"
    assert len(endpoint.requests) == 1
