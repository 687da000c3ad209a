"""Ask Slack whether the tokens are good, what they may do, and what time it is."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkup import Check
from bot.scopes import BOT_SCOPES

_MOST_SKEW = 60
"""Seconds. Slack's requests are refused as replays when they seem five minutes old."""


async def examined(
    client: AsyncWebClient, *, app_token: str, clock: Callable[[], datetime]
) -> list[Check]:
    """Check the bot's token, its scopes, our clock, and the app-level token if there is one."""
    answer, why = await _asked(client.auth_test())  # pyright: ignore[reportUnknownMemberType] - slack_sdk half-types it
    checks = [_bot_token(answer, why)]
    if answer is not None:
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        checks += [_scopes(headers), _clock(headers, clock())]
    if app_token:
        opened, why = await _asked(client.apps_connections_open(app_token=app_token))  # pyright: ignore[reportUnknownMemberType] - as above
        checks.append(_app_token(opened, why))
    return checks


async def _asked(question: Awaitable[Any]) -> tuple[Any, str]:
    try:
        return await question, ""
    except SlackApiError as refused:
        return None, f"Slack says {refused.response['error']}"  # pyright: ignore[reportUnknownMemberType] - as above
    except (aiohttp.ClientError, TimeoutError, OSError) as lost:
        return None, f"Slack is not reached: {lost}"


def _bot_token(answer: Any, why: str) -> Check:
    if answer is None:
        return Check(
            "bot token", is_ok=False, told=f"{why}. Install the app again and set SLACK_BOT_TOKEN."
        )
    return Check("bot token", is_ok=True, told=f"{answer['user']} in {answer['team']}")


def _scopes(headers: Mapping[str, str]) -> Check:
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    lacking = [scope for scope in BOT_SCOPES if scope not in granted]
    if lacking:
        told = (
            f"{', '.join(lacking)}. Paste manifest.yml into your app's page and install it again."
        )
        return Check("scopes", is_ok=False, told=told)
    return Check("scopes", is_ok=True, told=f"all {len(BOT_SCOPES)} are granted")


def _clock(headers: Mapping[str, str], now: datetime) -> Check:
    try:
        skew = abs((now - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return Check("clock", is_ok=True, told="Slack did not say what time it is")
    if skew > _MOST_SKEW:
        told = f"it differs from Slack's by {skew:.0f} seconds. Let NTP set it."
        return Check("clock", is_ok=False, told=told)
    return Check("clock", is_ok=True, told=f"within {skew:.0f} s of Slack's")


def _app_token(answer: Any, why: str) -> Check:
    if answer is None:
        told = f"{why}. Make one with connections:write and set SLACK_APP_TOKEN."
        return Check("app-level token", is_ok=False, told=told)
    return Check("app-level token", is_ok=True, told="Socket Mode opens")
