"""What identity services have in common: tokens that were given out and hold for a while."""

import time
from weakref import WeakKeyDictionary

from aiohttp import web

from tests.sandbox._core import Desk


class GivenTokens:
    """One vendor's tokens, and until when each of them holds."""

    def __init__(self, desk: Desk) -> None:
        self._until: dict[str, float] = {}
        _GIVEN[desk] = self

    def add(self, token: str, seconds: float) -> None:
        """Remember a token that was given out for so long."""
        self._until[token] = time.monotonic() + seconds

    def holds(self, token: str) -> bool:
        """Say whether a token was given out here and is not over."""
        return self._until.get(token, 0.0) >= time.monotonic()

    def expire_all(self) -> None:
        """Let every token that was given out be over."""
        self._until.clear()


_GIVEN: WeakKeyDictionary[Desk, GivenTokens] = WeakKeyDictionary()


def expire_tokens(desk: Desk) -> None:
    """Let every token that this vendor gave out be over, as after an hour or a day."""
    _GIVEN[desk].expire_all()


def no(error: str, description: str) -> web.Response:
    """Say no as OAuth 2 does."""
    return web.json_response({"error": error, "error_description": description}, status=400)
