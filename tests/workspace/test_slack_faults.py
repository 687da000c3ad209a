"""Rate limits by the published tiers, and bad days on purpose."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.limits import Limits, Tier
from tests.workspace.seed import AURORA_CLIENT, AURORA_TEAM
from tests.workspace.server import SmallSlack


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_tier_allows_so_many_calls_a_minute_and_says_when_to_come_back() -> None:
    clock = Clock()
    limits = Limits(clock)
    waits = [limits.wait_for("chat.update", Tier.THREE) for _ in range(51)]
    assert waits[:50] == [0] * 50
    assert waits[50] == 60
    clock.now += 60
    assert limits.wait_for("chat.update", Tier.THREE) == 0


def test_a_channel_takes_one_message_a_second_after_a_short_burst() -> None:
    clock = Clock()
    limits = Limits(clock)
    waits = [limits.wait_for("chat.postMessage", Tier.POSTING, "C1") for _ in range(6)]
    assert waits == [0, 0, 0, 0, 0, 1]
    assert limits.wait_for("chat.postMessage", Tier.POSTING, "C2") == 0
    clock.now += 1
    assert limits.wait_for("chat.postMessage", Tier.POSTING, "C1") == 0
    assert limits.wait_for("chat.postMessage", Tier.POSTING, "C1") == 1


def test_limits_scale_and_can_be_off() -> None:
    clock = Clock()
    generous = Limits(clock, scale=10)
    assert sum(generous.wait_for("m", Tier.TWO) == 0 for _ in range(300)) == 200
    unlimited = Limits(clock, scale=None)
    assert all(unlimited.wait_for("m", Tier.ONE) == 0 for _ in range(100))


async def test_who_comes_too_often_is_told_when_to_come_back() -> None:
    async with SmallSlack() as slack:
        client = AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url)
        for _ in range(5):
            await client.chat_postMessage(channel=AURORA_TEAM, text="burst")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=AURORA_TEAM, text="one too many")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel=AURORA_CLIENT, text="another room")
        patient = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
        client.retry_handlers.append(patient)
        assert (await client.chat_postMessage(channel=AURORA_TEAM, text="later"))["ok"]


async def test_a_planned_error_comes_as_often_as_planned(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    slack.fail_next("chat.postMessage", "fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.chat_postMessage(channel=AURORA_TEAM, text="no")
    await client.chat_postMessage(channel=AURORA_TEAM, text="yes")
    assert [one.text for one in slack.state.timeline(AURORA_TEAM)] == ["yes"]


async def test_a_planned_status_is_answered_without_effect(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    slack.fail_next("chat.postMessage", 503)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=AURORA_TEAM, text="no")
    assert caught.value.response.status_code == 503
    slack.fail_next("chat.postMessage", 429, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=AURORA_TEAM, text="no")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.state.messages[AURORA_TEAM] == {}


async def test_an_answer_can_be_lost_after_the_message_was_posted(slack: SmallSlack) -> None:
    client = AsyncWebClient(
        token=slack.state.app.bot_token, base_url=slack.base_url, retry_handlers=[]
    )
    slack.fail_next("chat.postMessage", "dropped")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=AURORA_TEAM, text="posted all the same")
    assert [one.text for one in slack.state.timeline(AURORA_TEAM)] == ["posted all the same"]


async def test_an_answer_can_never_come(slack: SmallSlack) -> None:
    client = AsyncWebClient(
        token=slack.state.app.bot_token, base_url=slack.base_url, timeout=1, retry_handlers=[]
    )
    client.timeout = 0.1  # type: ignore[assignment]  # the SDK types whole seconds, tests have fewer
    slack.fail_next("chat.postMessage", "timeout")
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=AURORA_TEAM, text="never")
    assert slack.state.messages[AURORA_TEAM] == {}
