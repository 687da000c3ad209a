"""Calls to the Web API: one at a time, with Slack's errors as the office knows them."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import RoomBusy, RoomClosed, RoomLimited

_LIMITED = frozenset({"ratelimited", "rate_limited"})
_LATER = frozenset({
    "internal_error", "fatal_error", "service_unavailable",
    "request_timeout", "external_channel_migrating", "team_added_to_org",
    "invalid_blocks_file_not_ready",
})  # fmt: skip
WHY = {
    "not_in_channel": "Circletake is not in this channel. Invite it: `/invite @circletake`.",
    "channel_not_found": "Circletake cannot see this channel. Invite it: `/invite @circletake`.",
    "is_archived": "This channel is archived.",
    "thread_not_found": "This thread has been deleted.",
    "message_not_found": "This message has been deleted.",
    "file_not_found": "The file was removed before it could be fetched.",
    "file_deleted": "The file was removed before it could be fetched.",
    "missing_scope": "Slack has not granted what this needs. `circletake doctor` names it.",
    "expired_trigger_id": "That took longer than Slack waits. Please try again.",
}
_LOST = (aiohttp.ClientError, TimeoutError, OSError)
"""After these nobody knows whether Slack has done it."""


class BlocksRefused(RoomClosed):
    """Slack does not know, or does not like, a block of this message."""


class Calls:
    """Asks the Web API. Raises RoomBusy, RoomLimited or RoomClosed, and nothing else."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._slack = client
        self._home = urlsplit(client.base_url)

    async def ask(self, method: str, **arguments: Any) -> Any:
        """Call a method of the SDK by its name, because its own signatures are untyped."""
        call: Any = getattr(self._slack, method)
        try:
            return await call(**arguments)
        except SlackApiError as error:
            raise _translated(error) from error
        except _LOST as lost:
            raise RoomBusy(f"Slack could not be reached: {lost}") from lost

    def credentials_for(self, url: str) -> dict[str, str]:
        """Give the header that opens a file; the token goes to Slack's own hosts and no further.

        Raises RoomClosed for a file that Slack only links to: anybody may have named its address.
        """
        place = urlsplit(url)
        home = self._home.hostname or ""
        ours = place.netloc == self._home.netloc or (place.hostname or "").endswith(f".{home}")
        if not ours or place.scheme != self._home.scheme:
            raise RoomClosed("This file is kept outside Slack. Upload it to Slack itself.")
        return {"Authorization": f"Bearer {self._slack.token}"}


def _translated(error: SlackApiError) -> RoomBusy | RoomClosed:
    response: Any = error.response
    code: str = response.get("error", "unknown_error") if hasattr(response, "get") else "unknown"
    wait = float(response.headers.get("Retry-After") or response.headers.get("retry-after") or 5)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or code in _LIMITED:
        return RoomLimited("Slack asks for patience.", retry_after=wait)
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _LATER:
        return RoomBusy(f"Slack asks for patience ({code}).", retry_after=wait)
    if code == "invalid_blocks":
        return BlocksRefused("Slack refused the blocks of this message.")
    return RoomClosed(WHY.get(code, f"Slack refused: {code.replace('_', ' ')}."))
