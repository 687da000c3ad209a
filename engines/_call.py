"""One request and one answer, as values: what an adapter describes and what it reads."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ._errors import Broken

_SHOWN = 200
_Read = TypeVar("_Read", bound=BaseModel)
_Told = TypeVar("_Told")


def _no_headers() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart body: text, or a file from memory or from disk."""

    name: str
    text: str | None = None
    content: bytes | Path | None = None
    filename: str | None = None
    mime: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. At most one of `json`, `parts`, `form` and `content` is its body.

    `path` is added to the engine's base address, or is an absolute address that the engine gave.
    `key` says whether the engine's credentials go along; to a foreign host they never do.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=_no_headers)
    headers: Mapping[str, str] = field(default_factory=_no_headers)
    json: Any = None
    parts: tuple[Part, ...] | None = None
    form: Mapping[str, str] | None = None
    content: bytes | Path | None = None
    key: bool = True


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, read whole; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own numbers

    def json(self) -> Any:
        """Give the body, read as JSON once; it is shared, so whoever changes it copies it first.

        Raises Broken if it is anything else, a web page for one.
        """
        return self._told

    @cached_property
    def _told(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):  # a body of nothing but brackets
            shown = self.body[:_SHOWN].decode(errors="replace").strip() or "nothing"
            raise Broken(f"The engine answered {self.status} with no JSON: “{shown}”.") from None

    def read(self, model: type[_Read]) -> _Read:
        """Read the few fields that we need. Raises Broken if one is missing or wrong."""
        told = self.json()
        try:
            return model.model_validate(told)
        except ValidationError as wrong:
            where = ", ".join(".".join(map(str, each["loc"])) or "all" for each in wrong.errors())
            raise Broken(f"The engine's answer is not as described: {where}.") from None


@dataclass(frozen=True, slots=True)
class Pause:
    """A wish to wait within a talk, in seconds."""

    seconds: float


Talk = Generator[Call | Pause, Answer, _Told]
"""Several calls that belong together, such as an upload: yields each call, is sent its answer, and
returns what they were for. Nothing in it costs money, so that it may be begun again. A call that
fails is thrown into it as an EngineError, which it may leave alone."""
