"""Google's token endpoint for service accounts: a signed assertion becomes a token."""

import secrets
from functools import lru_cache
from typing import Any, Final, cast

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions, jwt

from tests.sandbox._core import Desk
from tests.sandbox._google import refuse
from tests.sandbox._jobs import Json
from tests.sandbox._tokens import GivenTokens, no

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
AUDIENCE: Final = "https://oauth2.googleapis.com/token"
"""What google-auth writes as `aud`, whatever `token_uri` is."""
LIFETIME: Final = 3600
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEY_BITS: Final = 2048


class Tokens:
    """Gives tokens out and knows them again. The desk's key is a token that never ends."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._given = GivenTokens(desk)

    async def grant(self, request: web.Request) -> web.Response:
        """Answer `POST /token`."""
        form = await request.post()
        if form.get("grant_type") != _GRANT:
            return no("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")
        claims = _claims(str(form.get("assertion", "")))
        if isinstance(claims, str):
            return no("invalid_grant", claims)
        if problem := _problem(claims, token_uri=str(request.url)):
            return no("invalid_grant", problem)
        if SCOPE not in str(claims.get("scope", "")).split():
            return no("invalid_scope", "The scope cloud-platform is missing.")
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self._given.add(token, LIFETIME)
        return web.json_response(
            {"access_token": token, "expires_in": LIFETIME - 1, "token_type": "Bearer"}
        )

    def check(self, request: web.Request) -> None:
        """Let nobody in without a token that still holds."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind == "Bearer" and token == self._desk.key:
            return
        if kind != "Bearer" or not self._given.holds(token):
            text = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            raise refuse(401, text, reason="ACCESS_TOKEN_TYPE_UNSUPPORTED")


def service_account(project: str, token_uri: str) -> Json:
    """Make the content of a key file, as the Cloud console lets people download it."""
    pem = _key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "sandbox",
        "private_key": pem.decode(),
        "client_email": _email(project),
        "client_id": "1",
        "token_uri": token_uri,
    }


def _email(project: str) -> str:
    return f"circletake@{project}.iam.gserviceaccount.com"


@lru_cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=_KEY_BITS)


@lru_cache
def _public_pem() -> bytes:
    return (
        _key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def _claims(assertion: str) -> dict[str, Any] | str:
    """Read an assertion whose signature and times are right, or say what is wrong."""
    decode = cast("Any", jwt.decode)
    try:
        return cast("dict[str, Any]", decode(assertion, certs=_public_pem()))
    except (ValueError, exceptions.GoogleAuthError) as error:
        return f"Invalid JWT: {error}"


def _problem(claims: dict[str, Any], *, token_uri: str) -> str | None:
    if claims.get("aud") not in {AUDIENCE, token_uri}:
        return "Invalid JWT: the audience is wrong."
    if claims["exp"] - claims["iat"] > LIFETIME:
        return "Invalid JWT: the token must be short-lived (60 minutes)."
    if not str(claims.get("iss", "")).endswith(".iam.gserviceaccount.com"):
        return "Invalid grant: account not found."
    return None
