"""Addresses that carry their own permission, as object stores sign them."""

import hashlib
import hmac
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

_SECRET = b"the sandbox signs with this"
_SHARED_UNTIL = 4_102_444_800.0  # the year 2100: one and the same address for ever


CALLED_AT: Final[ContextVar[str]] = ContextVar("CALLED_AT", default="")
"""The origin that the request was sent to which is being answered."""


@dataclass(slots=True)
class Links:
    """Signs paths; nothing is stored for a link, so a million of them cost nothing.

    A vendor's files lie where the vendor was called, because a client trusts plain http nowhere but
    at the address that its operator chose. `apart` puts them on another port than the vendor's own,
    which a careful client refuses.
    """

    origin: str = ""
    origins: dict[str, str] = field(default_factory=dict[str, str])
    apart: bool = False

    def mint(self, path: str, seconds: float) -> str:
        """Return an address for a path that works for so many seconds."""
        return self._address(path, time.time() + seconds)

    def shared(self, vendor: str, form: str) -> str:
        """Return the one address that jobs with the same output share."""
        return self._address(f"/files/{vendor}/shared/0.{form}", _SHARED_UNTIL)

    def allows(self, path: str, expires: str, token: str) -> bool:
        """Say whether the address is ours and still works."""
        try:
            until = float(expires)
        except ValueError:
            return False
        return until > time.time() and hmac.compare_digest(self._token(path, expires), token)

    def _address(self, path: str, until: float) -> str:
        expires = f"{until:.3f}"
        query = urlencode({"expires": expires, "token": self._token(path, expires)})
        return f"{self._origin_of(path)}{path}?{query}"

    def owns(self, url: str) -> bool:
        """Say whether an address is one of ours, for a vendor that reads what it made before."""
        ours = {self.origin, *self.origins.values()}
        return any(url.startswith(f"{origin}/files/") for origin in ours)

    def _origin_of(self, path: str) -> str:
        vendor = path.removeprefix("/files/").removeprefix("up/").partition("/")[0]
        own = self.origins.get(vendor, self.origin)
        return self.origin if self.apart else CALLED_AT.get() or own

    @staticmethod
    def _token(path: str, expires: str) -> str:
        return hmac.new(_SECRET, f"{path} {expires}".encode(), hashlib.sha256).hexdigest()[:32]
