"""Access tokens for Google Cloud, by google-auth: a key file, workload identity, or what is there.

google-auth is imported when a token is needed, because that takes longer than all of this package.
"""

import json
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from ._errors import Busy, Misconfigured
from ._words import FailKind

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_WITHIN = 30
_KINDS = {
    "service_account": ("google.oauth2.service_account", "from_service_account_info"),
    "external_account": ("google.auth.identity_pool", "from_info"),
    "authorized_user": ("google.oauth2.credentials", "from_authorized_user_info"),
}
"""Where each kind of key file is read. Other kinds can make us run commands or ask any address."""


class Tokens:
    """Who this app is to Google Cloud; without a file, what google-auth finds on the machine."""

    def __init__(self, engine: str, file: str) -> None:
        self._engine = engine
        self._file = file
        self._credentials: Any = None

    def fresh(self) -> str:
        """Get a token that has just begun to hold, about an hour. Blocks: call it in a thread.

        Raises Misconfigured if there is nobody to be or Google does not know us, and Busy if
        Google's token service does not answer.
        """
        from google.auth import exceptions  # noqa: PLC0415  slow, see above

        try:
            return self._refreshed()
        except (exceptions.GoogleAuthError, ValueError) as failed:
            is_passing = isinstance(failed, exceptions.TransportError)
            if is_passing or getattr(failed, "retryable", False):
                text = f"{self._engine} gets no token: Google's token service does not answer."
                raise Busy(text, kind=FailKind.TRANSIENT) from failed
            if not self._file and isinstance(failed, exceptions.DefaultCredentialsError):
                text = f"{self._engine} finds no account to work as. The operator names a key file."
                raise Misconfigured(text) from failed
            text = f"{self._engine} is given no token. The operator checks the account's key."
            raise Misconfigured(text) from failed

    def _refreshed(self) -> str:
        import requests  # noqa: PLC0415  slow, see above
        from google.auth.transport.requests import Request  # noqa: PLC0415

        if self._credentials is None:
            self._credentials = self._found()
        with requests.Session() as session:
            self._credentials.refresh(partial(Request(session=session), timeout=_WITHIN))
        return str(self._credentials.token)

    def _found(self) -> Any:
        import google.auth  # noqa: PLC0415  slow, see above

        if not self._file:
            return cast("Any", google.auth).default(scopes=_SCOPES)[0]
        told = self._told()
        module, reader = _KINDS[told["type"]]
        return getattr(import_module(module).Credentials, reader)(told, scopes=_SCOPES)

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(Path(self._file).read_text())
            is_known = told["type"] in _KINDS
        except (OSError, ValueError, LookupError, TypeError):
            text = f"{self._engine} cannot read its key file. The operator checks where it is."
            raise Misconfigured(text) from None
        if not is_known:
            known = " or ".join(_KINDS)
            raise Misconfigured(f"{self._engine} has a key file that is not of the kind {known}.")
        return told
