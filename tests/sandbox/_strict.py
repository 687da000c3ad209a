"""What pydantic finds wrong with a request, for vendors to say in their own words."""

import base64
import binascii
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from tests.sandbox._jobs import Json

_TAKES_ALL = 10


class Strict(BaseModel):
    """A request or a part of one: no field that the vendor lacks, no number written as text."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Camel(Strict):
    """The same, for vendors who write `numVariations`."""

    model_config = ConfigDict(alias_generator=to_camel)


_Request = TypeVar("_Request", bound=Strict)


class WrongError(Exception):
    """A request broke rules; `problems` holds each as `{loc, msg, type}`, the first one first."""

    def __init__(self, problems: list[Json]) -> None:
        super().__init__(problems[0]["msg"])
        self.problems = problems

    @property
    def where(self) -> str:
        """Name the first field at fault, with dots."""
        return ".".join(str(part) for part in self.problems[0]["loc"])


def read(kind: type[_Request], body: object) -> _Request:
    """Check a request and give it typed, or raise `WrongError`."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        problems = [
            {"loc": list(one["loc"]), "msg": one["msg"], "type": one["type"]} for one in found
        ]
        raise WrongError(problems[:_TAKES_ALL]) from error


def is_base64(text: str) -> bool:
    """Say whether bytes come of this text."""
    try:
        return bool(base64.b64decode(text, validate=True))
    except binascii.Error:
        return False
