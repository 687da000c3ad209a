"""What Google's two doors share: the shape of an error, the key, and reading a body."""

import json
from collections.abc import Collection
from typing import TypeVar

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Json
from tests.sandbox._strict import Strict, WrongError, read

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_Request = TypeVar("_Request", bound=Strict)


def no(code: int, message: str, *, reason: str = "", status: str = "") -> Refusal:
    """Say no as google.rpc does; `reason` is the ErrorInfo's machine-readable word."""
    error: Json = {"code": code, "message": message, "status": status or _STATUS[code]}
    if reason:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}
        error["details"] = [{**info, "domain": "googleapis.com"}]
    return Refusal(code, {"error": error})


REFUSALS = {
    Fault.BAD_INPUT: no(400, "Request contains an invalid argument."),
    Fault.AUTH: no(403, "Permission denied: Consumer has been suspended."),
    Fault.RATE_LIMIT: no(429, "Resource has been exhausted (e.g. check quota)."),
    Fault.CONCURRENCY: no(429, "Quota exceeded for concurrent requests per project."),
    Fault.UNAVAILABLE: no(503, "The service is currently unavailable."),
    Fault.SERVER_ERROR: no(500, "Internal error encountered."),
    Fault.RETIRED: no(404, "The model is no longer available."),
    Fault.ERROR_IN_200: Refusal(200, no(500, "Internal error encountered.").body),
}


def refuse(code: int, message: str, *, reason: str = "", status: str = "") -> RefusedError:
    """Make the exception that answers with such an error."""
    return RefusedError(no(code, message, reason=reason, status=status))


def shown_model(request: web.Request, models: Collection[str]) -> web.Response:
    """Show a model that is offered, to whoever asks before ordering."""
    name = request.match_info["model"]
    if name not in models:
        raise refuse(404, f"models/{name} is not found.")
    return web.json_response({"name": f"models/{name}"})


async def body_of(request: web.Request, kind: type[_Request]) -> tuple[_Request, Json]:
    """Read a JSON body: typed, and as it came."""
    try:
        raw = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise refuse(400, "Invalid JSON payload received. Unexpected token.") from error
    try:
        return read(kind, raw), raw
    except WrongError as error:
        raise refuse(400, _words(error)) from error


def _words(error: WrongError) -> str:
    first = error.problems[0]
    if first["type"] == "extra_forbidden":
        name, parent = first["loc"][-1], ".".join(str(part) for part in first["loc"][:-1])
        where = f'Unknown name "{name}" at "{parent}"'
        return f"Invalid JSON payload received. {where}: Cannot find field."
    return f"Invalid value at '{error.where}': {first['msg']}"


def check_api_key(desk: Desk, request: web.Request) -> None:
    """Let nobody in without the key. Google says 403 to no key and 400 to a wrong one."""
    given = request.headers.get("x-goog-api-key") or request.query.get("key")
    if not given:
        text = "Method doesn't allow unregistered callers. Please use API Key to call this API."
        raise refuse(403, text)
    if given != desk.key:
        text = "API key not valid. Please pass a valid API key."
        raise refuse(400, text, reason="API_KEY_INVALID")
