"""Google's Agent Platform (Vertex AI): a project, a token that runs out, and a bucket for files."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from ._answer import Output
from ._call import Call, Talk
from ._clock import wall_clock
from ._errors import Broken, Misconfigured
from ._facts import Facts, Limits, Statement, Variable
from ._google import GoogleEngine
from ._google_tokens import Tokens
from ._job import Ref
from ._media_kind import mime_of

_STORAGE = "https://storage.googleapis.com"
_BUCKET = re.compile(r"(?:gs://)?(?P<bucket>[a-z0-9][a-z0-9._-]*)(?P<folder>/.*)?")
_OBJECT = re.compile(r"gs://(?P<bucket>[^/]+)/(?P<name>.+)")
_PLACE = re.compile(r"[a-z0-9-]+")
_LABEL = re.compile(r"[\w-]{0,63}")
_CONSOLE = "https://console.cloud.google.com/agent-platform/studio/media/video"
_NO_LIMITS = Limits()
_RIGHTS = (
    Statement(
        "Every clip carries Google's SynthID watermark and C2PA Content Credentials.",
        "documentation",
    ),
    Statement(
        "Google Cloud indemnifies for some listed services; whether this model is listed is not"
        " known.",
        "unverified",
    ),
)


class CloudEngine(GoogleEngine):
    """An engine of a Google Cloud project, asked in one location with an OAuth token."""

    renews = True
    hosts = ("googleapis.com",)
    key_hosts = ("googleapis.com",)
    location: ClassVar[str] = "us-central1"
    """Where it is asked unless the operator says otherwise."""

    def __init__(
        self, settings: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        prefix = self.facts.prefix
        told = {name: value for name, value in settings.items() if value.strip()}
        self.place = told.get(f"{prefix}_LOCATION", self.location).strip()
        if not _PLACE.fullmatch(self.place):
            raise Misconfigured(f"{prefix}_LOCATION is {self.place!r}; write one as us-central1.")
        super().__init__({f"{prefix}_BASE_URL": host_in(self.place), **told}, clock=clock)
        self.bucket = _folder(self.setting("BUCKET"), prefix)
        self.labels = _labels(self.setting("LABELS"), prefix)
        self.storage = self.setting("STORAGE_URL", _STORAGE).rstrip("/")
        self._tokens = Tokens(self.label, self.setting("CREDENTIALS"))
        self._token = ""

    def model_path(self, model: str) -> str:
        """Give the path by which a model is asked about."""
        return f"/v1beta1/publishers/google/models/{model}"

    def key(self) -> Mapping[str, str]:
        """Give the token that holds."""
        return {"authorization": f"Bearer {self._token}"}

    async def fresh_key(self) -> None:
        """Get another token; Google's library waits for its network, so it does in a thread."""
        self._token = await asyncio.to_thread(self._tokens.fresh)

    @property
    def home(self) -> str:
        """The project and the location, as paths begin with them."""
        return f"projects/{quote(self.setting('PROJECT'), safe=':')}/locations/{self.place}"

    def stored(self, uri: str) -> Output:
        """Say how an object of a bucket is fetched. Raises Broken for any other address."""
        found = _OBJECT.fullmatch(uri)
        if found is None:
            raise Broken(f"{self.label} named an address that is in no bucket.")
        name = quote(found["name"], safe="")
        bucket = quote(found["bucket"], safe="")
        url = f"{self.storage}/storage/v1/b/{bucket}/o/{name}?alt=media"
        return Output(url=url, needs_auth=True)

    def put(self, ref: Ref) -> Talk[Ref]:
        """Put a local file into the operator's bucket, named by what is in it."""
        found, path = _OBJECT.fullmatch(f"{self.bucket}circletake/{_named(ref)}"), ref.path
        mime = mime_of(path) if path is not None else None
        if found is None or mime is None:
            raise Broken("A file that is to be handed over cannot be read.")
        yield Call(
            method="POST",
            path=f"{self.storage}/upload/storage/v1/b/{found['bucket']}/o",
            query={"uploadType": "media", "name": found["name"]},
            headers={"content-type": mime},
            content=path,
        )
        return replace(ref, uri=found[0])


def cloud_facts(
    prefix: str, *, location: str, needs_bucket: bool, limits: Limits = _NO_LIMITS
) -> Facts:
    """Give an engine's facts, with the settings that all of Google Cloud's have."""
    bucket = "Where clips are put, as gs://bucket/folder/"
    variables = (
        Variable(
            name=f"{prefix}_PROJECT", about="The Google Cloud project that pays.", needed=True
        ),
        Variable(
            name=f"{prefix}_BUCKET",
            about=f"{bucket}." if needs_bucket else f"{bucket}; without it they come inline.",
            needed=needs_bucket,
        ),
        Variable(
            name=f"{prefix}_CREDENTIALS",
            about="The key file of a service account or of workload identity; without it, what"
            " Google's library finds on the machine.",
        ),
        Variable(name=f"{prefix}_LOCATION", about="Where it is asked.", default=location),
        Variable(name=f"{prefix}_LABELS", about="Labels for the bill, as show=x,team=y."),
        Variable(name=f"{prefix}_BASE_URL", about="Another address than the location's own."),
        Variable(
            name=f"{prefix}_STORAGE_URL", about="Where Cloud Storage is asked.", default=_STORAGE
        ),
    )
    return Facts(
        maker="Google",
        prefix=prefix,
        variables=variables,
        limits=limits,
        rights=_RIGHTS,
        console=_CONSOLE,
    )


def host_in(location: str) -> str:
    """Give the address of the Agent Platform in a location."""
    within = "" if location == "global" else f"{location}-"
    return f"https://{within}aiplatform.googleapis.com"


def _named(ref: Ref) -> str:
    return ref.sha256 or (ref.path.name if ref.path is not None else "")


def _folder(told: str, prefix: str) -> str:
    """Bring a bucket's name or address into the form gs://bucket/folder/."""
    if not told:
        return ""
    found = _BUCKET.fullmatch(told)
    if found is None:
        raise Misconfigured(f"{prefix}_BUCKET is {told!r}; write gs://bucket/folder/.")
    folder = (found["folder"] or "").strip("/")
    return f"gs://{found['bucket']}/{folder}/" if folder else f"gs://{found['bucket']}/"


def _labels(told: str, prefix: str) -> dict[str, str]:
    pairs = [each.strip().partition("=") for each in told.split(",") if each.strip()]
    labels = {name: value for name, _, value in pairs}
    for name, value in labels.items():
        if not name[:1].islower() or not (_is_label(name) and _is_label(value)):
            raise Misconfigured(f"{prefix}_LABELS has {name}={value}; write show=x,team=y.")
    return labels


def _is_label(text: str) -> bool:
    return text == text.lower() and _LABEL.fullmatch(text) is not None
