"""Tell by its bytes what a reference's file is, and refuse what is none of ours."""

import codecs
import re
from enum import Enum, auto
from pathlib import Path

from bot._media_sniff import foreign, head_of, is_video


class ReferenceProblem(Exception):  # noqa: N818 - a person reads it; it is no error of ours
    """The file is no reference we take; its text is one sentence for a person."""


class Content(Enum):
    """What has to open a file."""

    PICTURE = auto()
    CLIP = auto()
    PDF = auto()
    OFFICE = auto()
    TEXT = auto()


TAKEN = "a picture, a video, or a document as PDF, DOCX, ODT or plain text"
SCRIPTS = (b"#!", b"@echo", b"<?php")
SAVE_AS = {
    "a picture (Photoshop)": "save it as PNG or JPEG",
    "a picture (HEIC)": "save it as JPEG or PNG",
    "a picture (HEIF)": "save it as JPEG or PNG",
    "an old or a locked Office document": "save it as PDF, or as DOCX without a password",
}
"""What to do with a file of a kind that we do not take, but that has what we want in it."""
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
BLANK = b"\xef\xbb\xbf \t\r\n"
PAGE = re.compile(rb"<(!doctype html|html|head|body)[\s>]", re.IGNORECASE)
DRAWING = re.compile(rb"<svg[\s>]", re.IGNORECASE)


def content_of(path: Path) -> Content:
    """Look at a file's first bytes; raises ReferenceProblem for what we do not take."""
    head = head_of(path)
    if not head:
        raise ReferenceProblem("This is an empty file (0 bytes).")
    if head.lstrip(BLANK).startswith(b"%PDF-"):
        return Content.PDF
    if is_text(head):
        return _written(head)
    return _binary(head)


def is_text(head: bytes) -> bool:
    """Whether bytes may begin a text: UTF-8, or UTF-16 that says so."""
    text = decoded(head, whole=False)
    return text is not None and not CONTROLS.search(text)


def decoded(content: bytes, *, whole: bool) -> str | None:
    """Read a text; None if it is in neither encoding, or cut inside a letter though `whole`."""
    encoding = "utf-16" if content.startswith(WIDE_MARKS) else "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content, whole)
    except UnicodeDecodeError:
        return None


def _written(head: bytes) -> Content:
    """Judge what is made of letters: some of it is a program, or a page meant for a browser."""
    text = (decoded(head, whole=False) or "").encode().lstrip()
    if not text:
        raise ReferenceProblem("This is a text with nothing in it.")
    if text.startswith(b"<"):
        raise ReferenceProblem(_marked_up(text))
    if text.startswith(rb"{\rtf"):
        raise ReferenceProblem("This is a rich text (RTF), which we do not take; save it as PDF.")
    if text.lower().startswith((*SCRIPTS, b"%!ps")):
        raise ReferenceProblem(f"This is a program, which we do not take; send {TAKEN}.")
    return Content.TEXT


def _marked_up(text: bytes) -> str:
    if PAGE.search(text):
        return "This is a web page (HTML), perhaps a page to sign in on, and not the file itself."
    if DRAWING.search(text):
        return "This is a drawing (SVG), which we do not take; save it as PNG."
    return f"This is an XML document, which we do not take; send {TAKEN}."


def _binary(head: bytes) -> Content:
    what = foreign(head)
    if what is None or is_video(head):
        return Content.CLIP
    if what in SAVE_AS:
        raise ReferenceProblem(f"This is {what}, which we do not take; {SAVE_AS[what]}.")
    if what.startswith("a picture"):
        return Content.PICTURE
    if what == "a ZIP archive":
        return Content.OFFICE
    if what == "a text":
        raise ReferenceProblem("This is a text in an unknown encoding; save it as UTF-8.")
    raise ReferenceProblem(f"This is {what}, which we do not take; send {TAKEN}.")
