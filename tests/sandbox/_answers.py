"""What a vendor says instead of doing what it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from aiohttp import web

from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Json

SKEW_SECONDS = 86_400
_PROXY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no. A text is sent as an HTML page, anything else as JSON."""

    status: int
    body: Json | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def response(self) -> web.Response:
        """Write it as the vendor would."""
        if self.body is None:
            return web.Response(status=self.status, headers=self.headers)
        if isinstance(self.body, str):
            return web.Response(
                status=self.status, text=self.body, content_type="text/html", headers=self.headers
            )
        return web.json_response(self.body, status=self.status, headers=self.headers)


PROXY_PAGE = Refusal(502, _PROXY_PAGE)


class RefusedError(Exception):
    """The vendor answers with a refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.status}: {refusal.body}")
        self.refusal = refusal


class HungUpError(Exception):
    """The vendor closes the connection without a byte."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """How one vendor says what went wrong.

    `failures` maps a fault to whatever the vendor's file needs to word a failed job. `refunds` are
    the failures whose cost is given back. `link_seconds` is how long an output's address works.
    """

    name: str
    refusals: Mapping[Fault, Refusal]
    failures: Mapping[Fault, Json]
    refunds: frozenset[Fault] = frozenset()
    also: frozenset[Fault] = frozenset()
    """Faults that its file shows in some other way, such as a status."""
    codes: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Rarer failures, chosen by `[[code:NAME]]` in the prompt; worded like `failures`."""
    link_seconds: float = 3600.0
    balance: float = 10_000_000.0
    """What the account holds at first, in the vendor's unit; a desk's `balance` is settable."""


def timed(refusal: Refusal, fault: Fault, *, seconds: int, now: float) -> Refusal:
    """Say when to come back: in seconds, as a date, or, where the fault is that, not at all."""
    headers = {key: text for key, text in refusal.headers.items() if key != "Retry-After"}
    match fault:
        case Fault.RATE_LIMIT:
            headers["Retry-After"] = str(seconds)
        case Fault.RATE_LIMIT_DATE:
            headers["Retry-After"] = formatdate(now + seconds, usegmt=True)
        case Fault.RATE_LIMIT_BARE:
            pass
        case _:
            headers = dict(refusal.headers)
    return replace(refusal, headers=headers)
