"""Google's Veo in a Google Cloud project, by long-running operations of the Agent Platform."""

import re
from typing import Any

from pydantic import BaseModel, Field

from ._answer import Failure, Handle, Output, Status
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._errors import Refused
from ._facts import Limits
from ._google import UNNAMED, last_word
from ._google_cloud import CloudEngine, cloud_facts
from ._google_errors import Status as RpcStatus
from ._google_errors import failure_of, moderated
from ._google_veo_offers import MODELS, caps_of, cents_of
from ._inline import base64_of, bytes_in
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._problems import Problem
from ._words import FailKind, JobState, Mode, RefKind, RefRole

_OPERATION = re.compile(
    r"(?P<model>projects/[^/\s]+/locations/[^/\s]+/publishers/google/models/(?P<name>[^/\s]+))"
    r"/operations/[A-Za-z0-9_-]+"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SEED_MOST = 4_294_967_295
_INLINE_MOST = 20_000_000
"""Larger files than that go through the bucket."""


class _Video(BaseModel):
    uri: str | None = Field(None, alias="gcsUri")
    data: str | None = Field(None, alias="bytesBase64Encoded")
    mime: str | None = Field(None, alias="mimeType")


class _Made(BaseModel):
    videos: list[_Video] | None = None
    filtered: int | None = Field(None, alias="raiMediaFilteredCount")
    reasons: list[str] | None = Field(None, alias="raiMediaFilteredReasons")


class _Operation(BaseModel):
    name: str = ""
    done: bool = False
    error: RpcStatus | None = None
    response: _Made | None = None


class GoogleVeo(CloudEngine):
    """An order is an operation; it has no progress and cannot be cancelled."""

    name = "google_veo"
    label = "Google Veo"
    base_url = "https://us-central1-aiplatform.googleapis.com"
    facts = cloud_facts(
        "GOOGLE_VEO",
        location="us-central1",
        needs_bucket=False,
        limits=Limits(per_minute=50),
    )

    def models(self) -> tuple[str, ...]:
        """Name the best first."""
        return MODELS

    def caps(self, model: str = "") -> Caps:
        """Tell what this model can do. Raises Refused for one that is not offered."""
        return caps_of(model or MODELS[0])

    def estimate(self, spec: JobSpec) -> int | None:
        """Estimate by seconds and resolution; None for what is not offered."""
        model = spec.model or MODELS[0]
        return cents_of(model, spec.mode, seconds=spec.seconds, resolution=spec.resolution)

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find files that cannot be sent and a seed that is too large."""
        found = [problem for ref in spec.refs if (problem := self._file_problem(ref))]
        if spec.seed is not None and not 0 <= spec.seed <= _SEED_MOST:
            found.append(Problem("seed", f"A seed here is a whole number up to {_SEED_MOST:,}."))
        is_heavy = spec.resolution == "4k" or spec.native.get("compressionQuality") == "LOSSLESS"
        if is_heavy and not self.bucket:
            text = "So large a clip needs a bucket to lie in; the operator sets GOOGLE_VEO_BUCKET."
            found.append(Problem("resolution", text))
        return found

    def order(self, spec: JobSpec) -> Call:
        """Describe the order of one clip."""
        body = {"instances": [_instance(spec)], "parameters": self._parameters(spec)}
        if self.labels:
            body["labels"] = self.labels
        path = f"/v1beta1/{self._model(spec)}:predictLongRunning"
        return Call(method="POST", path=path, json=body)

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Put a large file into the bucket; smaller ones go along with the order."""
        del spec
        is_there = (ref.uri or "").startswith("gs://")
        if ref.path is None or is_there or not self.bucket or not _is_large(ref):
            return None
        return self.put(ref)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the operation's name, which says where to look."""
        return self.handle(self.honest(answer, creating=True).read(_Operation).name, spec)

    def look(self, handle: Handle) -> Call:
        """Describe the look, which is a POST at the model that the operation belongs to."""
        return Call(
            method="POST",
            path=f"/v1beta1/{handle.id.partition('/operations/')[0]}:fetchPredictOperation",
            json={"operationName": handle.id},
        )

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read how the operation stands."""
        del handle
        told = self.honest(answer, creating=False).read(_Operation)
        if not told.done:
            return Status(state=JobState.RUNNING)
        raw = last_word(answer)
        if told.error is not None:
            fail = failure_of(told.error, engine=self.label)
            return Status(state=JobState.FAILED, fail=fail, raw=raw)
        made = told.response or _Made.model_validate({})
        outputs = tuple(self._film(each) for each in made.videos or () if each.uri or each.data)
        if not outputs:
            fail = _nothing_made(made, self.label)
            return Status(state=JobState.FAILED, fail=fail, raw=raw)
        return Status(state=JobState.SUCCEEDED, outputs=outputs, raw=raw)

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take an operation's name, or the number at its end."""
        name = f"{self._model(spec)}/operations/{job_id}" if _UUID.fullmatch(job_id) else job_id
        found = _OPERATION.fullmatch(name)
        if found is None:
            raise Refused("This is no operation's name; one ends in /operations/ and a number.")
        if found["name"] != (spec.model or MODELS[0]):
            raise Refused(f"That operation is one of {found['name']}, and the order was not.")
        return self.handle(name, spec)

    def _model(self, spec: JobSpec) -> str:
        return f"{self.home}/publishers/google/models/{spec.model or MODELS[0]}"

    def _parameters(self, spec: JobSpec) -> dict[str, Any]:
        offer = self.caps(spec.model).modes[spec.mode]
        wishes: dict[str, Any] = {
            "resolution": spec.resolution or None,
            "durationSeconds": int(spec.seconds) or None if offer.lengths else None,
            "aspectRatio": spec.ratio or None if offer.ratios else None,
            "storageUri": self.bucket or None,
            "seed": spec.seed,
            "negativePrompt": spec.negative or None,
            "generateAudio": spec.audio,
        }
        asked = {name: value for name, value in wishes.items() if value is not None}
        options = {name: _typed(value) for name, value in spec.native.items()}
        return {"sampleCount": 1, **asked, **options}

    def _film(self, video: _Video) -> Output:
        if video.data:
            return Output(data=bytes_in(video.data), mime=video.mime or "video/mp4")
        return self.stored(video.uri or "")

    def _file_problem(self, ref: Ref) -> Problem | None:
        called = f"The {ref.role.value} {ref.kind.value}"
        if ref.path is None and (ref.uri or "").startswith("gs://"):
            return None
        if ref.path is None and not ref.sha256:
            text = f"{called} has to be a file that is kept here, or an address gs://."
        elif ref.path and not (mime_of(ref.path) or "").startswith(f"{ref.kind.value}/"):
            text = f"{called} is not a file of that kind that can be read."
        elif _is_large(ref) and not self.bucket:
            text = f"{called} is over 20 MB; for that the operator sets GOOGLE_VEO_BUCKET."
        else:
            return None
        return Problem("refs", text)


def _instance(spec: JobSpec) -> dict[str, Any]:
    named = {"prompt": spec.prompt} if spec.prompt.strip() else {}
    match spec.mode:
        case Mode.REFERENCE_TO_VIDEO:
            refs = [_asset(ref) for ref in spec.refs_in(RefRole.REFERENCE)]
            return {**named, "referenceImages": refs}
        case Mode.EXTEND:
            return {**named, "video": _media(spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)[0])}
        case _:
            frames = (("image", RefRole.FIRST), ("lastFrame", RefRole.LAST))
            return named | {
                name: _media(ref) for name, role in frames for ref in spec.refs_in(role)
            }


def _asset(ref: Ref) -> dict[str, Any]:
    return {"image": _media(ref), "referenceType": "ASSET"}


def _media(ref: Ref) -> dict[str, str]:
    told = mime_of(ref.path) if ref.path is not None else None
    mime = {"mimeType": told or UNNAMED[ref.kind]}
    is_on_the_web = (ref.uri or "").startswith("http")
    if ref.path is not None and (ref.uri is None or is_on_the_web):
        return {"bytesBase64Encoded": base64_of(ref.path), **mime}
    return {"gcsUri": ref.uri or "", **mime}


def _is_large(ref: Ref) -> bool:
    size = ref.size
    if size is None and ref.path is not None and ref.path.exists():
        size = ref.path.stat().st_size
    return (size or 0) > _INLINE_MOST


def _typed(value: object) -> object:
    return value == "true" if value in {"true", "false"} else value


def _nothing_made(made: _Made, engine: str) -> Failure:
    if made.filtered or made.reasons:
        return moderated((made.reasons or [""])[0], engine=engine, made=True)
    text = f"{engine} says that it is done and made no clip. Order again or elsewhere."
    return Failure(FailKind.ENGINE, text)


ENGINE = GoogleVeo
