"""Omni by the Interactions API; the two doors differ in address, key and where files lie."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar
from urllib.parse import quote

from ._answer import Handle, Output, Status
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._errors import Refused
from ._google import GoogleEngine
from ._google_interactions import Interaction, Part, body_of, follows, standing_in
from ._google_omni_offers import caps_of, cents_of
from ._inline import bytes_in
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._problems import Problem
from ._words import Cancellation, Mode, RefKind, RefRole

_ID = re.compile(r"[A-Za-z0-9_-]{8,200}={0,2}")
_INLINE_MOST = 256_000
"""Pictures up to so many bytes go along with the order; every look echoes them."""


class OmniEngine(GoogleEngine):
    """An order is an interaction in the background; looking at it is reading it."""

    named: ClassVar[Mapping[str, str]]
    """Each model that is offered here, and the model of the tables that it is."""

    # What a door adds

    def jobs(self) -> str:
        """Give the path of the interactions."""
        raise NotImplementedError

    def delivery(self) -> Mapping[str, str]:
        """Say where a clip is to be put."""
        raise NotImplementedError

    def film_at(self, uri: str) -> Output:
        """Say how a clip that was put somewhere is fetched."""
        raise NotImplementedError

    def handed(self, ref: Ref) -> Talk[Ref]:
        """Hand a file over before the order."""
        raise NotImplementedError

    def is_handed(self, uri: str) -> bool:
        """Whether an address is one that `handed` gave."""
        raise NotImplementedError

    # What both share

    def models(self) -> tuple[str, ...]:
        """Name the newest first."""
        return tuple(self.named)

    def caps(self, model: str = "") -> Caps:
        """Tell what this model can do. Raises Refused for one that is not offered."""
        name = model or self.models()[0]
        if name not in self.named:
            raise Refused(f"{name} is not a model of {self.label}. Choose another.")
        return caps_of(self.named[name], as_named=name)

    def estimate(self, spec: JobSpec) -> int | None:
        """Estimate the clip; what was sent along costs a little more."""
        model = self.named.get(spec.model or self.models()[0], "")
        return cents_of(model, spec.mode, seconds=spec.seconds, resolution=spec.resolution)

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find files that are not what they stand for, and wishes that Omni does not know."""
        found = [_unreadable(ref) for ref in spec.refs if ref.path and not _is_readable(ref)]
        if spec.audio is False:
            text = "Omni always makes sound. Say in the prompt that there is none, or leave it out."
            found.append(Problem("audio", text))
        if spec.mode is Mode.REFERENCE_TO_VIDEO and not spec.refs:
            found.append(Problem("refs", "This needs a reference: a picture or a short clip."))
        return found

    def order(self, spec: JobSpec) -> Call:
        """Describe the order; it is worked on in the background."""
        caps = self.caps(spec.model)
        body = body_of(
            spec,
            caps.modes[spec.mode],
            model=caps.model,
            delivery=self.delivery(),
            is_inline=self._goes_along,
        )
        return Call(method="POST", path=self.jobs(), json=body)

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand over clips, and pictures that are not small; not what Omni remembers itself."""
        is_known = ref.role is RefRole.SOURCE and follows(spec) is not None
        is_there = ref.uri is not None and self.is_handed(ref.uri)
        if ref.path is None or is_known or is_there or self._goes_along(ref):
            return None
        return self.handed(ref)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the interaction's id."""
        return self.handle(self.honest(answer, creating=True).read(Interaction).id, spec)

    def look(self, handle: Handle) -> Call:
        """Describe the look; the whole interaction is read at once."""
        path = f"{self.jobs()}/{quote(handle.id, safe='')}"
        return Call(method="GET", path=path, query={"stream": "false"})

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read how it stands."""
        del handle
        honest = self.honest(answer, creating=False)
        return standing_in(honest, engine=self.label, film=self._film)

    def cancelling(self, handle: Handle) -> Call:
        """Describe the wish to stop, which Omni takes for work in the background."""
        return Call(method="POST", path=f"{self.jobs()}/{quote(handle.id, safe='')}/cancel")

    def cancelled(self, answer: Answer) -> Cancellation:
        """Read what became of it: the interaction itself, or that there is nothing to stop."""
        if not answer.is_ok:
            over = answer.status == _NOT_NOW and b"FAILED_PRECONDITION" in answer.body
            return Cancellation.TOO_LATE if over else Cancellation.UNKNOWN
        return _STOPPED.get(answer.read(Interaction).status, Cancellation.UNKNOWN)

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take an interaction's id."""
        if not _ID.fullmatch(job_id):
            raise Refused("This is no interaction's id; one looks like v1_ChdpbnRlcmFjdGlvbg.")
        return self.handle(job_id, spec)

    def _goes_along(self, ref: Ref) -> bool:
        if ref.kind is not RefKind.IMAGE or ref.path is None or not ref.path.exists():
            return False
        return ref.path.stat().st_size <= _INLINE_MOST

    def _film(self, part: Part) -> Output:
        mime = part.mime_type or "video/mp4"
        if part.data:
            return Output(data=bytes_in(part.data), mime=mime)
        return replace(self.film_at(part.uri or ""), mime=mime)


_NOT_NOW = 400
_STOPPED = {"cancelled": Cancellation.DONE, "completed": Cancellation.TOO_LATE}


def _is_readable(ref: Ref) -> bool:
    told = mime_of(ref.path) if ref.path is not None else None
    return told is not None and told.startswith(f"{ref.kind.value}/")


def _unreadable(ref: Ref) -> Problem:
    called = f"The {ref.role.value} {ref.kind.value}{f' {ref.tag}' if ref.tag else ''}"
    return Problem("refs", f"{called} is not a file of that kind that can be read.")
