"""Adobe Firefly Services: clips of five seconds, and stills, for clients of Adobe's own cloud."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from ._answer import Handle, Status
from ._answers import fault_of
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._clock import wall_clock
from ._errors import EngineError, Refused
from ._facts import Facts, Limits, Statement, Variable
from ._firefly_answers import (
    Accepted,
    Kept,
    Token,
    code_of,
    not_signed_in,
    refusal_of,
    status_of,
)
from ._firefly_body import body_of, problems_in
from ._firefly_tables import CAPS, ROUTES
from ._http import HttpEngine
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._problems import Problem
from ._wire import Wire
from ._words import Cancellation

_IMS = "https://ims-na1.adobelogin.com"
_SCOPES = "openid,AdobeID,session,additional_info,read_organizations,firefly_api,ff_apis"
_RENEW_BEFORE = timedelta(minutes=5)
_UPLOAD_LASTS = timedelta(hours=12)
"""Well within the 24 hours after which Adobe's terms delete an upload (its docs say 7 days)."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{5,199}")
_CLIENT_ERRORS = range(400, 500)
_LATER = frozenset({408, 429})
_IS_OVER = frozenset({409, 410})
_NO = frozenset({"no", "false", "0", "off"})


class Firefly(HttpEngine):
    """Follows the addresses that Adobe gives for a job; they lie on other hosts of its own."""

    name: ClassVar = "firefly"
    label: ClassVar = "Firefly"
    base_url = "https://firefly-api.adobe.io"
    key_hosts = ("adobe.io",)
    renews = True
    facts: ClassVar = Facts(
        maker="Adobe",
        prefix="FIREFLY",
        variables=(
            Variable(
                name="FIREFLY_CLIENT_ID",
                about="The client's id, from the project in Adobe's developer console.",
                secret=True,
                needed=True,
            ),
            Variable(
                name="FIREFLY_CLIENT_SECRET",
                about="The client's secret, from the same page.",
                secret=True,
                needed=True,
            ),
            Variable(name="FIREFLY_BASE_URL", about="Where Firefly is.", default=base_url),
            Variable(name="FIREFLY_IMS_URL", about="Where Adobe's sign-in is.", default=_IMS),
            Variable(
                name="FIREFLY_SCOPES", about="What a token is asked to allow.", default=_SCOPES
            ),
            Variable(
                name="FIREFLY_COUNTS_POLLS",
                about="Whether looking at a job counts towards the limit a minute; no, if not.",
                default="yes",
            ),
            Variable(
                name="FIREFLY_PER_MINUTE",
                about="How many calls your organisation may make a minute.",
                default="4",
            ),
            Variable(
                name="FIREFLY_PER_DAY",
                about="How many calls your organisation may make a day.",
                default="9000",
            ),
        ),
        limits=Limits(per_minute=4, per_day=9000, counts_polls=True),
        rights=(
            Statement(
                "Adobe trains Firefly on licensed and public-domain content, not on its clients'.",
                "documentation",
            ),
            Statement(
                "Work that is wholly generated carries Content Credentials (C2PA).", "documentation"
            ),
            Statement(
                "Adobe indemnifies only where the sales order says so, and not for work that was"
                " changed or combined.",
                "documentation",
            ),
            Statement("Adobe keeps prompts for 90 days and uploads for 24 hours.", "secondary"),
        ),
    )

    def __init__(
        self, settings: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        super().__init__(settings, clock=clock)
        if self.setting("COUNTS_POLLS", "yes").lower() in _NO:
            self.limits = replace(self.limits, counts_polls=False)
        self._sign_in = Wire("Adobe's sign-in", self.setting("IMS_URL", _IMS))
        self._token = ""
        self._token_ends = clock()
        self._uploads: dict[str, tuple[str, datetime]] = {}

    def models(self) -> tuple[str, ...]:
        """Name the model of clips, and those of stills."""
        return tuple(CAPS)

    def caps(self, model: str = "") -> Caps:
        """Tell what a model can do; clips if none is named."""
        return CAPS.get(model) or next(iter(CAPS.values()))

    def estimate(self, spec: JobSpec) -> int | None:
        """Know no price: Adobe sells operations by contract."""
        del spec

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find pictures that Firefly cannot read, and options out of range."""
        return list(problems_in(spec))

    # Signing in

    def key(self) -> Mapping[str, str]:
        """Give the token of the last sign-in, and the client's id beside it."""
        token = self._token or "a-token-of-the-moment"
        return {"authorization": f"Bearer {token}", "x-api-key": self.setting("CLIENT_ID")}

    def has_key(self) -> bool:
        """Whether there is a token that lasts a while yet."""
        return bool(self._token) and self.clock() < self._token_ends

    def signing_in(self) -> Call:
        """Describe the exchange of the client's secret for a token."""
        return Call(
            method="POST",
            path="/ims/token/v3",
            form={
                "grant_type": "client_credentials",
                "client_id": self.setting("CLIENT_ID"),
                "client_secret": self.setting("CLIENT_SECRET"),
                "scope": self.setting("SCOPES", _SCOPES),
            },
            key=False,
        )

    async def fresh_key(self) -> None:
        """Get a token. Raises Misconfigured if Adobe gives none."""
        answer = await self._sign_in.ask(self.signing_in(), headers={})
        if answer.status in _CLIENT_ERRORS and answer.status not in _LATER:
            raise not_signed_in(answer)
        if not answer.is_ok:
            raise fault_of(answer, engine="Adobe's sign-in", now=self.clock(), creating=False)
        self.signed_in(answer.read(Token))

    def signed_in(self, granted: Token) -> None:
        """Keep a token, in memory only, for as long as it lasts less a few minutes."""
        self._token = granted.access_token
        self._token_ends = self.clock() + timedelta(seconds=granted.expires_in) - _RENEW_BEFORE

    async def preflight(self) -> list[Finding]:
        """Sign in, which costs nothing; what a token allows shows with the first order."""
        try:
            await self.fresh_key()
        except EngineError as why:
            return [Finding("sign-in", is_ok=False, told=str(why))]
        return [Finding("sign-in", is_ok=True, told="Adobe gives a token")]

    async def close(self) -> None:
        """Let go of the connections to both."""
        await self._sign_in.close()
        await super().close()

    # Jobs

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand a picture over; one that Adobe still has is not sent again, for calls are few."""
        del spec
        return None if ref.path is None else self._handing_over(ref)

    def order(self, spec: JobSpec) -> Call:
        """Order by the route and the version of the model."""
        model = spec.model or self.caps().model
        headers = {"x-model-version": model}
        return Call(method="POST", path=ROUTES[model], headers=headers, json=body_of(spec, model))

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Keep the addresses for looking and cancelling, if they are Adobe's own."""
        accepted = answer.read(Accepted)
        return self.handle(
            accepted.id,
            spec,
            poll_url=self._own(accepted.address("result")),
            cancel_url=self._own(accepted.address("cancel")),
        )

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take a job's id, such as urn:ff:jobs:… Raises Refused for anything else."""
        if not _ID.fullmatch(job_id.strip()):
            raise Refused("This is no id of a Firefly job; one begins with urn:ff:jobs:.")
        return self.handle(job_id.strip(), spec)

    def look(self, handle: Handle) -> Call:
        """Look where Adobe said, or at the documented address."""
        return Call(method="GET", path=handle.poll_url or _at("status", handle))

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read how the job stands; its links work for an hour."""
        del handle
        return status_of(answer, self.clock())

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | Status | None:
        """Read what Adobe refuses in words of its own."""
        del creating
        return refusal_of(answer)

    def cancelling(self, handle: Handle) -> Call | None:
        """Cancel where Adobe said, or at the documented address."""
        return Call(method="PUT", path=handle.cancel_url or _at("cancel", handle))

    def cancelled(self, answer: Answer) -> Cancellation:
        """Read whether the job was still there to be stopped."""
        code = code_of(answer)
        if answer.is_ok or code == "job_already_canceled":
            return Cancellation.DONE
        if answer.status in _IS_OVER and code != "job_cancel_failed":
            return Cancellation.TOO_LATE
        return Cancellation.UNKNOWN

    def _own(self, url: str) -> str | None:
        return url if url and self._may_see_key(url) else None

    def _handing_over(self, ref: Ref) -> Talk[Ref]:
        kept_id, ends = self._uploads.get(ref.sha256 or "", ("", self.clock()))
        if self.clock() >= ends:
            mime = mime_of(ref.path) if ref.path else None
            answer = yield Call(
                method="POST",
                path="/v2/storage/image",
                headers={"content-type": mime or "application/octet-stream"},
                content=ref.path,
            )
            kept_id = answer.read(Kept).images[0].id
            if ref.sha256:
                self._uploads[ref.sha256] = (kept_id, self.clock() + _UPLOAD_LASTS)
        return replace(ref, path=None, uri=kept_id)


def _at(what: str, handle: Handle) -> str:
    return f"/v3/{what}/{quote(handle.id, safe=':')}"


ENGINE = Firefly
