"""Adobe's identity service: a client's secret becomes a token that lasts a day."""

import secrets

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._core import Desk
from tests.sandbox._tokens import GivenTokens, no

CLIENT_SECRET = "sandbox-firefly-secret"
_DAY = 86_400
_NEEDED = frozenset({"openid", "AdobeID", "firefly_api", "ff_apis"})


class Tokens:
    """Gives tokens out and knows them again. The desk's key is the client's id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._given = GivenTokens(desk)

    async def grant(self, request: web.Request) -> web.Response:
        """Answer `POST /ims/token/v3`."""
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            return no("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_id") != self._desk.key:
            return no("invalid_client", "invalid client_id parameter")
        if form.get("client_secret") != CLIENT_SECRET:
            return no("invalid_client", "invalid client_secret parameter")
        scopes = set(str(form.get("scope", "")).replace(" ", ",").split(","))
        if missing := _NEEDED - scopes:
            return no("invalid_scope", f"invalid scope, missing {', '.join(sorted(missing))}")
        token = secrets.token_urlsafe(24)
        self._given.add(token, _DAY)
        return web.json_response(
            {"access_token": token, "token_type": "bearer", "expires_in": _DAY - 1}
        )

    def check(self, request: web.Request) -> None:
        """Let nobody in without a token that still holds and the client's id beside it."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not self._given.holds(token):
            body = {"error_code": "401013", "message": "Oauth token is not valid"}
            raise RefusedError(Refusal(401, body))
        if request.headers.get("x-api-key") != self._desk.key:
            body = {"error_code": "403003", "message": "Api Key is invalid"}
            raise RefusedError(Refusal(403, body))
