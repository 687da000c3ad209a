"""What an answer that is no success means, unless an adapter knows better; and Retry-After."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from ._call import Answer
from ._errors import Broken, Busy, EngineError, Misconfigured, OutOfCredit, Refused, Unsure
from ._words import FailKind

_LONGEST = 300
_MOST_PATIENCE = 3600.0
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_ASKS_LATER = 429
_MOVED = frozenset({301, 307, 308})
_TOOK_TOO_LONG = 408
_UNAVAILABLE = 503
_SERVER = 500
_CLIENT = 400
_REFUSALS: dict[int, tuple[type[EngineError], FailKind, str]] = {
    401: (Misconfigured, FailKind.AUTH, "The operator checks the key."),
    402: (OutOfCredit, FailKind.OUT_OF_CREDIT, "A producer tops the account up."),
    403: (Misconfigured, FailKind.AUTH, "The operator checks what the key may do."),
    404: (Broken, FailKind.NOT_FOUND, "Look it up in the engine's console."),
    413: (Refused, FailKind.BAD_INPUT, "Use smaller files."),
    451: (Refused, FailKind.MODERATION_INPUT, "Change the prompt or the pictures."),
}
_ELSE = (Refused, FailKind.BAD_INPUT, "Change the order and order again.")


def fault_of(answer: Answer, *, engine: str, now: datetime, creating: bool) -> EngineError:
    """Name an answer that is no success by who must act next.

    `creating` says that the call was an order: then a server's own failure leaves it open whether
    the order was accepted, unless the server says to come back later.
    """
    if answer.status in _MOVED:  # not 302 and 303, which may come after the work is done
        return Misconfigured(f"{engine} sends us elsewhere. The operator corrects its address.")
    told, after = said(answer), retry_after(answer.headers, now=now)
    if answer.status == _ASKS_LATER:
        return Busy(f"{engine} asks us to wait. {told}".rstrip(), retry_after=after)
    if answer.status >= _SERVER or answer.status < _CLIENT or answer.status == _TOOK_TOO_LONG:
        is_later = answer.status == _UNAVAILABLE and (after is not None or _is_json(answer))
        if creating and not is_later:
            return Unsure(f"{engine} answered {answer.status} to the order. {told}".rstrip())
        text = f"{engine} is not well: it answered {answer.status}. {told}".rstrip()
        return Busy(text, kind=FailKind.TRANSIENT, retry_after=after)
    error, kind, advice = _REFUSALS.get(answer.status, _ELSE)
    return error(f"{engine} refused: {told or f'{answer.status}.'} {advice}", kind=kind)


def said(answer: Answer) -> str:
    """Find the sentence for people in an error's body, wherever it is; at most 300 characters."""
    try:
        told = answer.json()
    except Broken:
        return ""
    plain = (each if each.isprintable() else " " for each in _sentence(told))
    text = " ".join("".join(plain).split())[:_LONGEST].rstrip()
    return f"{text}." if text and text[-1] not in ".!?…" else text


def _sentence(told: Any) -> str:
    match told:
        case str():
            return told
        case {"error": str(text), "issues": list()}:
            return f"{text}: {_items(told['issues'])}"
        case {"detail": list()} | {"validation_errors": list()}:
            return _items(_complaints(cast("dict[str, Any]", told)))
        case (
            {"error": {"message": str(text)}}
            | {"message": str(text)}
            | {"error": str(text)}
            | {"detail": str(text)}
            | {"error_code": str(text)}
        ):
            return text
        case _:
            return ""


def _complaints(told: dict[str, Any]) -> list[Any]:
    found = (told.get(name) for name in ("detail", "validation_errors"))
    return next(cast("list[Any]", each) for each in found if isinstance(each, list))


def _items(items: list[Any]) -> str:
    """Put the first few complaints of a validation into words."""
    return "; ".join(_item(each) for each in items[:3])


def _item(each: Any) -> str:
    told: dict[str, Any] = {"message": str(each)}
    if isinstance(each, dict):
        told = cast("dict[str, Any]", each)
    path = told.get("path") or told.get("loc") or ""
    where = ".".join(map(str, cast("list[Any]", path))) if isinstance(path, list) else str(path)
    return f"{where} {told.get('message') or told.get('msg') or ''}".strip()


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Read how many seconds to wait: from seconds, from milliseconds or from an HTTP date.

    A date is measured against the server's own clock where it tells it, so that ours may be wrong.
    """
    if _NUMBER.fullmatch(milliseconds := headers.get("retry-after-ms", "").strip()):
        return _patience(float(milliseconds) / 1000)
    told = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(told):
        return _patience(float(told))
    moment = _moment(told)
    if moment is None:
        return None
    return _patience((moment - (_moment(headers.get("date", "")) or now)).total_seconds())


def _moment(told: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, OverflowError):  # the year 99999999999
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _patience(seconds: float) -> float:
    return min(max(seconds, 0.0), _MOST_PATIENCE)


def _is_json(answer: Answer) -> bool:
    try:
        answer.json()
    except Broken:
        return False
    return True
