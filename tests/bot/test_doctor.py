"""`circletake doctor` names what is missing, and what to do about it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot import checkup
from bot.app import now
from bot.checkup import Check
from bot.scopes import BOT_SCOPES
from bot.settings import Settings, read
from handlers.examination import examined
from tests.workspace.server import SmallSlack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def small_slack() -> AsyncIterator[SmallSlack]:
    async with SmallSlack(rate_limits=False) as slack:
        yield slack


async def asked(slack: SmallSlack, *, token: str = "", app_token: str = "", **more: Any) -> Any:
    known = slack.state.app
    client = AsyncWebClient(token=token or known.bot_token, base_url=slack.base_url)
    checks = await examined(client, app_token=app_token or known.app_token, clock=now, **more)
    return {check.what: check for check in checks}


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())

    assert list(BOT_SCOPES) == manifest["oauth_config"]["scopes"]["bot"]


async def test_a_good_installation_lacks_nothing(small_slack: SmallSlack) -> None:
    checks = await asked(small_slack)

    assert list(checks) == ["bot token", "scopes", "clock", "app-level token"]
    assert all(check.is_ok for check in checks.values())


async def test_a_scope_that_was_not_granted_is_named(small_slack: SmallSlack) -> None:
    granted = small_slack.state.app.scopes
    granted.remove("reactions:read")

    check = (await asked(small_slack))["scopes"]

    assert not check.is_ok
    assert check.told.startswith("reactions:read. Paste manifest.yml")


async def test_tokens_that_slack_does_not_know_are_named(small_slack: SmallSlack) -> None:
    checks = await asked(small_slack, token="xoxb-bad", app_token="xapp-bad")

    assert checks["bot token"].told.startswith("Slack says invalid_auth. ")
    assert checks["app-level token"].told.startswith("Slack says invalid_auth. ")


async def test_a_clock_that_goes_wrong_is_named(small_slack: SmallSlack) -> None:
    client = AsyncWebClient(token=small_slack.state.app.bot_token, base_url=small_slack.base_url)
    past = datetime(2000, 1, 1, tzinfo=UTC)

    checks = await examined(client, app_token="", clock=lambda: past)

    [clock] = [check for check in checks if check.what == "clock"]
    assert not clock.is_ok
    assert "Let NTP set it" in clock.told


async def test_a_slack_that_is_not_there_is_said_to_be_away() -> None:
    client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:1/api/")

    [check] = await examined(client, app_token="", clock=now)

    assert not check.is_ok
    assert "Slack is not reached" in check.told


def test_missing_tokens_are_named() -> None:
    told = {check.what: check for check in checkup.tokens(read({}))}

    assert list(told) == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]
    assert not any(check.is_ok for check in told.values())


async def test_this_side_lacks_nothing_here(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    checks = [
        await checkup.records(settings),
        checkup.disk(settings),
        await checkup.file_store(settings),
        await checkup.encoders(),
        await checkup.engines(settings),
    ]

    assert [check.told for check in checks if not check.is_ok] == []
    assert not (tmp_path / "circletake.db").exists()
    assert list((tmp_path / "files").iterdir()) == []


async def test_a_database_that_does_not_answer_is_named() -> None:
    url = "postgresql://office:hush@127.0.0.1:1/circletake"

    check = await checkup.records(Settings(database_url=url))

    assert not check.is_ok
    assert check.told.startswith("it does not answer: ")
    assert "hush" not in check.told


async def test_a_file_store_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")

    assert _is_missing(await checkup.file_store(Settings(data=tmp_path)))


def test_a_disk_that_is_too_small_is_named(tmp_path: Path) -> None:
    check = checkup.disk(Settings(data=tmp_path, file_limit_mb=10**9))

    assert _is_missing(check)
    assert "make room for" in check.told


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ANIMATIC_CONCURRENCY": "two"}, "ANIMATIC_CONCURRENCY is 'two'"),
        ({"CIRCLETAKE_DEFAULT_ENGINE": "unheard"}, "unheard is the default, but is not set up."),
    ],
)
async def test_engines_that_cannot_be_hired_are_named(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    check = await checkup.engines(read({"CIRCLETAKE_DATA": str(tmp_path), **variables}))

    assert _is_missing(check)
    assert said in check.told


def _is_missing(check: Check) -> bool:
    return not check.is_ok
