"""What is asked of an engine: the specification of one job, and the references it is given.

Everything here survives a trip through JSON unchanged, so it can be stored, hashed and sent to a
child process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ._words import Mode, RefKind, RefRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A picture, clip or sound to work from: a local file by `path`, or anything else by `uri`.

    `uri` is a public address, or what the engine itself named the file after `prepare`. `job` is
    the engine's own id of the job that made it, where it was the same engine. `tag` is the name
    that the prompt calls it by; `at` is where it belongs, in seconds; `size` is in bytes and
    `seconds` the length of a clip, for whoever has no file at hand yet.
    """

    kind: RefKind = RefKind.IMAGE
    role: RefRole = RefRole.REFERENCE
    path: Path | None = None
    uri: str | None = None
    sha256: str | None = None
    tag: str | None = None
    at: float | None = None
    job: str | None = None
    size: int | None = None
    seconds: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain JSON values."""
        return {
            "kind": self.kind.value,
            "role": self.role.value,
            "path": None if self.path is None else str(self.path),
            "uri": self.uri,
            "sha256": self.sha256,
            "tag": self.tag,
            "at": self.at,
            "job": self.job,
            "size": self.size,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        path: str | None = data.get("path")
        return cls(
            kind=RefKind(data.get("kind", RefKind.IMAGE)),
            role=RefRole(data.get("role", RefRole.REFERENCE)),
            path=None if path is None else Path(path),
            uri=data.get("uri"),
            sha256=data.get("sha256"),
            tag=data.get("tag"),
            at=data.get("at"),
            job=data.get("job"),
            size=data.get("size"),
            seconds=data.get("seconds"),
        )


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """One order, in words that every engine understands.

    `None` means "as the engine likes it". `user_tag` is our own id of the take; engines that accept
    a client id use it, so that a repeated order is the same order. `about` is what the scene says
    of itself, for an engine that draws from it. `native` carries what only one engine understands.
    """

    mode: Mode = Mode.TEXT_TO_VIDEO
    prompt: str = ""
    negative: str | None = None
    model: str = ""
    seconds: float = 5.0
    ratio: str = "16:9"
    resolution: str = "720p"
    fps: int | None = None
    seed: int | None = None
    audio: bool | None = None
    refs: tuple[Ref, ...] = ()
    user_tag: str = ""
    about: Mapping[str, Any] = field(default_factory=_nothing)
    native: Mapping[str, Any] = field(default_factory=_nothing)

    def refs_in(self, role: RefRole, kind: RefKind = RefKind.IMAGE) -> tuple[Ref, ...]:
        """Give the references of one kind in one role, in order."""
        return tuple(ref for ref in self.refs if ref.role is role and ref.kind is kind)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain JSON values."""
        return {
            "mode": self.mode.value,
            "prompt": self.prompt,
            "negative": self.negative,
            "model": self.model,
            "seconds": self.seconds,
            "ratio": self.ratio,
            "resolution": self.resolution,
            "fps": self.fps,
            "seed": self.seed,
            "audio": self.audio,
            "refs": [ref.to_json() for ref in self.refs],
            "user_tag": self.user_tag,
            "about": dict(self.about),
            "native": dict(self.native),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; what is missing takes its default."""
        read: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data}
        if "mode" in data:
            read["mode"] = Mode(data["mode"])
        read["refs"] = tuple(Ref.from_json(ref) for ref in data.get("refs", ()))
        read["about"] = dict(data.get("about", {}))
        read["native"] = dict(data.get("native", {}))
        return cls(**read)


_PLAIN = (
    "prompt",
    "negative",
    "model",
    "seconds",
    "ratio",
    "resolution",
    "fps",
    "seed",
    "audio",
    "user_tag",
)
