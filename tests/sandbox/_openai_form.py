"""A request to a Videos API, whichever way it is encoded: multipart, urlencoded or JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import BodyPartReader, hdrs, web

from tests.sandbox._jobs import Json

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """Fields and files by name. A JSON object's nested fields read as `parent[child]`."""

    fields: Json = field(default_factory=dict[str, Any])
    files: dict[str, File] = field(default_factory=dict[str, File])

    @property
    def names(self) -> set[str]:
        """Give all names that were sent."""
        return {*self.fields, *self.files}

    def text(self, name: str) -> str | None:
        """Give a field as text."""
        return None if self.fields.get(name) is None else str(self.fields[name])


async def read_form(request: web.Request, *, no: Callable[[str], Exception]) -> Form:
    """Read it; `no` words what is wrong with one that cannot be read."""
    match request.content_type:
        case "multipart/form-data":
            return await _multipart(request, no=no)
        case "application/json":
            return Form(_flat(await read_json(request, no=no)))
        case kind if kind == _FORM:
            return Form(dict(await request.post()))
        case kind:
            raise no(f"Unsupported content type: {kind}")


async def read_json(request: web.Request, *, no: Callable[[str], Exception]) -> Json:
    """Read a JSON object."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise no("We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise no("The JSON body must be an object.")
    return cast("Json", body)


async def _multipart(request: web.Request, *, no: Callable[[str], Exception]) -> Form:
    form = Form()
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise no("The parts of the form may be neither nested nor without a name.")
        if part.filename is None:
            form.fields[part.name] = await part.text()
            continue
        mime = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream")
        form.files[part.name] = File(part.filename, mime, bytes(await part.read()))
    return form


def _flat(body: Json) -> Json:
    fields: Json = {}
    for name, value in body.items():
        if isinstance(value, dict):
            nested = cast("Json", value)
            fields.update({f"{name}[{inner}]": one for inner, one in nested.items()})
        else:
            fields[name] = value
    return fields
