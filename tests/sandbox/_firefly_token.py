"""Adobe's identity service: a client's secret becomes a token that lasts a day."""

import secrets
import time
from weakref import WeakKeyDictionary

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._core import Desk

CLIENT_SECRET = "sandbox-firefly-secret"
_DAY = 86_400
_NEEDED = frozenset({"openid", "AdobeID", "firefly_api", "ff_apis"})


class Tokens:
    """Gives tokens out and knows them again. The desk's key is the client's id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._until: dict[str, float] = {}
        _GIVEN[desk] = self

    async def grant(self, request: web.Request) -> web.Response:
        """Answer `POST /ims/token/v3`."""
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            return _no("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_id") != self._desk.key:
            return _no("invalid_client", "invalid client_id parameter")
        if form.get("client_secret") != CLIENT_SECRET:
            return _no("invalid_client", "invalid client_secret parameter")
        scopes = set(str(form.get("scope", "")).replace(" ", ",").split(","))
        if missing := _NEEDED - scopes:
            return _no("invalid_scope", f"invalid scope, missing {', '.join(sorted(missing))}")
        token = secrets.token_urlsafe(24)
        self._until[token] = time.monotonic() + _DAY
        return web.json_response(
            {"access_token": token, "token_type": "bearer", "expires_in": _DAY - 1}
        )

    def check(self, request: web.Request) -> None:
        """Let nobody in without a token that still holds and the client's id beside it."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or self._until.get(token, 0.0) < time.monotonic():
            body = {"error_code": "401013", "message": "Oauth token is not valid"}
            raise RefusedError(Refusal(401, body))
        if request.headers.get("x-api-key") != self._desk.key:
            body = {"error_code": "403003", "message": "Api Key is invalid"}
            raise RefusedError(Refusal(403, body))

    def expire_all(self) -> None:
        """Let every token that was given out be over."""
        self._until.clear()


_GIVEN: WeakKeyDictionary[Desk, Tokens] = WeakKeyDictionary()


def expire_tokens(desk: Desk) -> None:
    """Let every token that this vendor gave out be over, as after an hour or a day."""
    _GIVEN[desk].expire_all()


def _no(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
