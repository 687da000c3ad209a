"""Files inside JSON, as base64: put in, taken out, and left out of what is kept."""

import base64
import binascii
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from ._errors import Broken


def base64_of(path: Path) -> str:
    """Write a file's bytes as text."""
    return base64.b64encode(path.read_bytes()).decode()


def bytes_in(text: str) -> bytes:
    """Read a file's bytes from text. Raises Broken if it is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Broken("The engine sent a file that cannot be read.") from None


def without_files(told: Any, names: Collection[str]) -> Any:
    """Copy JSON, with a word in place of every text that stands under one of these names."""
    match told:
        case dict():
            fields = cast("dict[str, Any]", told)
            return {
                name: f"left out: {len(value)} characters"
                if name in names and isinstance(value, str)
                else without_files(value, names)
                for name, value in fields.items()
            }
        case list():
            return [without_files(each, names) for each in cast("list[Any]", told)]
        case _:
            return told
