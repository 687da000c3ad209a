"""Whom we show the token."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import RoomClosed
from handlers._calls import Calls


def at_slack() -> Calls:
    return Calls(AsyncWebClient(token="xoxb-1", base_url="https://slack.com/api/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com/files-pri/T1-F1/plate.png",
        "https://slack.com/files/plate.png",
    ],
)
def test_the_token_opens_files_at_slack(url: str) -> None:
    assert at_slack().credentials_for(url) == {"Authorization": "Bearer xoxb-1"}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/plate.png",
        "https://slack.com.example.com/plate.png",
        "https://notslack.com/plate.png",
        "http://files.slack.com/plate.png",
        "https://files.slack.com@example.com/plate.png",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_the_token_never_goes_to_another_host(url: str) -> None:
    with pytest.raises(RoomClosed, match="outside Slack"):
        at_slack().credentials_for(url)
