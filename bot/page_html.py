"""A sequence's page as one HTML file: nothing beside it, no script, on screen and on paper."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.page_view import PageView, Pictures
from bot.page_words import Told, told

_HERE = Path(__file__).parent
_FONTS = {400: "Inter_400Regular.ttf", 600: "Inter_600SemiBold.ttf"}
_SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""A drawing (SVG) is a document that may ask for others, so pages take none."""


def html_of(view: PageView, pictures: Pictures) -> str:
    """Draw the page. A browser that opens it asks nobody for anything, whatever people wrote."""
    page = told(view)
    style = _style() + _running(page)

    def src(picture: Told | None) -> str:
        return _address(picture, pictures)

    return (
        _templates()
        .get_template("page.html.jinja")
        .render(
            page=page,
            # What is in here is our own file and strings of nothing but escapes.
            style=Markup(style),  # noqa: S704
            policy=_policy(style),
            src=src,
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "page_templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def _style() -> str:
    faces = "".join(
        f"@font-face{{font-family:Inter;font-weight:{weight};src:url({_data('font/ttf', file)})}}\n"
        for weight, file in ((weight, _HERE / "fonts" / name) for weight, name in _FONTS.items())
    )
    return faces + (_HERE / "page_templates/page.css").read_text(encoding="utf-8")


def _data(mime: str, content: Path | bytes) -> str:
    kept = content if isinstance(content, bytes) else content.read_bytes()
    return f"data:{mime};base64,{base64.b64encode(kept).decode()}"


def _running(page: Told) -> str:
    """Name the page at the head and foot of each sheet; CSS cannot take that from the text."""
    small = "font: 400 7.5pt/1.3 Inter, sans-serif; color: #645e58;"
    sequence, production = page["running"]
    boxes = {
        "top-left": _quoted(sequence),
        "top-right": _quoted(production),
        "bottom-left": _quoted(f"As of {page['as_of']}"),
        "bottom-right": '"Page " counter(page) " of " counter(pages)',
    }
    rules = " ".join(f"@{box} {{ content: {text}; {small} }}" for box, text in boxes.items())
    return (
        f"@page {{ {rules} }}\n@page :first {{ @top-left {{ content: none; }} "
        "@top-right { content: none; } }\n"
    )


def _quoted(text: str) -> str:
    """Write a CSS string in which every character is an escape, so that none can end it."""
    return '"' + "".join(f"\\{ord(each):x} " for each in text) + '"'


def _policy(style: str) -> str:
    stamp = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    allowed = f"style-src 'sha256-{stamp}'; img-src data:; font-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _address(picture: Told | None, pictures: Pictures) -> str:
    mime, content = pictures.get(picture["sha256"], ("", b"")) if picture else ("", b"")
    return _data(mime, content) if content and mime in _SHOWN else ""
