"""Google's Omni, with a key of the Gemini API: the models behind Google Flow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from pydantic import BaseModel

from ._answer import Output
from ._call import Call, Pause, Talk
from ._errors import Broken, Busy, Refused
from ._facts import Facts, Statement, Variable
from ._google_omni import OmniEngine
from ._job import Ref
from ._media_kind import mime_of
from ._words import FailKind

_HOST = "https://generativelanguage.googleapis.com"
_FILE = re.compile(r"/files/([A-Za-z0-9_-]+)(?::download)?(?:\?.*)?$")
_PATIENCE = (0.5, 1, 2, 4, *[5.0] * 22)
"""Pauses while Google looks a file over: two minutes in all."""


class _File(BaseModel):
    name: str
    uri: str
    state: str = "ACTIVE"


class _Uploaded(BaseModel):
    file: _File


class GoogleOmni(OmniEngine):
    """Clips are put into Google's own file store, which the same key opens for two days."""

    name = "google_omni"
    label = "Google Omni"
    base_url = _HOST
    hosts = ("googleapis.com",)
    named = {  # noqa: RUF012  a ClassVar of the base
        "gemini-omni-1.2-flash": "gemini-omni-1.2-flash",
        "gemini-omni-1.1-flash": "gemini-omni-1.1-flash",
    }
    facts = Facts(
        maker="Google",
        prefix="GOOGLE_OMNI",
        variables=(
            Variable(
                name="GOOGLE_OMNI_API_KEY",
                about="A key of the Gemini API from AI Studio, with billing; Google's own tools"
                " call it GEMINI_API_KEY.",
                secret=True,
                needed=True,
            ),
            Variable(name="GOOGLE_OMNI_BASE_URL", about="Where Omni is asked.", default=_HOST),
        ),
        rights=(
            Statement("Every clip carries Google's SynthID watermark.", "documentation"),
            Statement(
                "The Gemini API's terms claim no ownership of what is made.", "documentation"
            ),
            Statement(
                "On the unpaid tier Google may train on and review what is sent.", "documentation"
            ),
            Statement(
                "What uses the API is for adults; for people in the EEA, Switzerland and the United"
                " Kingdom the paid tier is required.",
                "documentation",
            ),
        ),
    )

    def key(self) -> Mapping[str, str]:
        """Give Google's own header."""
        return {"x-goog-api-key": self.setting("API_KEY")}

    def jobs(self) -> str:
        """Give the path of the interactions."""
        return "/v1/interactions"

    def model_path(self, model: str) -> str:
        """Give the path by which a model is asked about."""
        return f"/v1/models/{model}"

    def delivery(self) -> Mapping[str, str]:
        """Have clips put into the file store; inline ones are for a few megabytes."""
        return {"delivery": "uri"}

    def film_at(self, uri: str) -> Output:
        """Read a file of the store with the key, from our own address; anything else without it."""
        found = _FILE.search(uri)
        if found is None or not self.is_handed(uri):
            return Output(url=uri)
        url = f"{self.wire.base_url}/v1/files/{found[1]}:download?alt=media"
        return Output(url=url, needs_auth=True)

    def is_handed(self, uri: str) -> bool:
        """Whether a file lies in the store: at Google's own address, or at the operator's."""
        is_web = uri.startswith(("https://", "http://"))
        return is_web and (uri.startswith(f"{_HOST}/") or self.wire.is_own(uri))

    def handed(self, ref: Ref) -> Talk[Ref]:
        """Announce a file, send it, and wait until Google has looked it over."""
        path = ref.path
        mime = mime_of(path) if path is not None else None
        if path is None or mime is None:
            raise Broken("A file that is to be handed over cannot be read.")
        size = path.stat().st_size
        about = {
            "content-type": "application/json",
            "x-goog-upload-protocol": "resumable",
            "x-goog-upload-header-content-length": str(size),
            "x-goog-upload-header-content-type": mime,
            "x-goog-upload-file-name": quote(path.name),
        }
        session = yield Call(
            method="POST",
            path="/upload/v1/files",
            headers={**about, "x-goog-upload-command": "start"},
            json={"file": {"mime_type": mime, "size_bytes": size}},
        )
        url = session.headers.get("x-goog-upload-url")
        if not url:
            raise Broken("Google Omni took a file's name and gave no address to send it to.")
        sent = {**about, "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
        taken = yield Call(method="POST", path=url, headers=sent, content=path, key=False)
        return (yield from self._looked_over(ref, taken.read(_Uploaded).file))

    def _looked_over(self, ref: Ref, file: _File) -> Talk[Ref]:
        pauses: Iterator[float] = iter(_PATIENCE)
        while file.state != "ACTIVE":
            if file.state == "FAILED":
                text = f"Google Omni cannot read the {ref.role.value} {ref.kind.value}. Change it."
                raise Refused(text)
            if (pause := next(pauses, None)) is None:
                text = "Google Omni is still looking a file over."
                raise Busy(text, kind=FailKind.TRANSIENT)
            yield Pause(pause)
            file = (yield Call(method="GET", path=f"/v1/{file.name}")).read(_File)
        return replace(ref, uri=file.uri)


ENGINE = GoogleOmni
