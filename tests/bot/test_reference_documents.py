"""Documents are described as references, and what is none of ours is refused by its name."""

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot._reference_child import work
from bot.reference_files import ReferenceProblem, examine
from storage.models import FileForm
from tests.bot._reference_pictures import picture, problem_of

DOCX = ("[Content_Types].xml", "word/document.xml")


def packed(to: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return to


def told_of(path: Path) -> dict[str, Any]:
    """Look at a file as the child does, in this process: a table of files is told in no time."""
    desk = path.parent / "desk"
    desk.mkdir()
    return work({"path": str(path), "desk": str(desk), "ffmpeg": ""})


PDF = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
TREE = b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 3>>\nendobj\n"
END = b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
NEWER = (
    b"4 0 obj\n<</Type /ObjStm /N 1 /Filter /FlateDecode>>\nstream\n"
    + zlib.compress(b"2 0 <</Kids [3 0 R] /Count 12 /Type /Pages>>")
    + b"\nendstream\nendobj\n"
)
LOCKED = b"trailer\n<</Root 1 0 R /Encrypt 9 0 R>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "kind", "notes"),
    [
        (PDF + TREE + END, "PDF document, 3 pages", ()),
        (PDF + NEWER + END, "PDF document, 12 pages", ()),
        (PDF + END, "PDF document", ()),
        (PDF + TREE + LOCKED, "PDF document, 3 pages",
         ("The PDF is encrypted: a password may be needed to read it.",)),
        (PDF + TREE, "PDF document, 3 pages",
         ("The PDF seems to be cut off: its end is not there.",)),
        (b"Mira, 34. Scar above the left eye.\nWears grey.\n", "Plain text, 2 lines", ()),
        ("Mira trägt Grau — immer.".encode("utf-16"), "Plain text, 1 line", ()),
        (b"BMW E30, red.", "Plain text, 1 line", ()),
        (b"[Mira] wears grey.", "Plain text, 1 line", ()),
    ],
)  # fmt: skip
def test_a_document_is_described_and_has_no_picture(
    tmp_path: Path, content: bytes, kind: str, notes: tuple[str, ...]
) -> None:
    path = tmp_path / "release"
    path.write_bytes(content)
    seen = told_of(path)
    assert (seen["form"], seen["kind"], seen["notes"]) == (FileForm.DOCUMENT, kind, notes)
    assert not seen.keys() & {"shown", "likeness", "width", "height"}
    assert list((tmp_path / "desk").iterdir()) == []


async def test_word_and_open_document_are_known_by_what_is_packed(tmp_path: Path) -> None:
    word = packed(tmp_path / "release.pdf", dict.fromkeys(DOCX, b"<w/>"))
    seen = await examine(word, tmp_path / "out")
    assert (seen.form, seen.kind) == (FileForm.DOCUMENT, "Word document (DOCX)")
    assert (seen.shown, seen.likeness, seen.width, seen.height) == (None, "", 0, 0)
    assert seen.notes == ("Its name ends in .pdf, but it is a Word document (DOCX).",)
    kind = b"application/vnd.oasis.opendocument.text"
    odt = packed(tmp_path / "release.odt", {"mimetype": kind, "content.xml": b"<x/>"})
    assert (await examine(odt, tmp_path / "out")).kind == "OpenDocument text (ODT)"


def held(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
MOVING = held(picture(), "GIF", save_all=True, append_images=[picture().rotate(180)])
RAW = held(picture(), "TIFF", tiffinfo={254: 1})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This is an empty file (0 bytes)."),
        (b" \n", "This is a text with nothing in it."),
        (b"<!-- x --><html><body>Sign in</body></html>", "a page to sign in on"),
        ("<!DOCTYPE html><html>".encode("utf-16"), "a page to sign in on"),
        (SVG, "This is a drawing (SVG), which we do not take; save it as PNG."),
        (b'<?xml version="1.0"?><a/>', "This is an XML document"),
        (b'{"ok": false}', "This is a JSON answer"),
        (rb"{\rtf1 Hello}", "save it as PDF"),
        (b"#!/bin/sh\nrm -rf /\n", "This is a program"),
        (b"MZ\x90\x00" + bytes(200), "This is a program"),
        (b"\x7fELF\x02\x01" + bytes(200), "This is a program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "without a password"),
        (b"8BPS\0\1" + bytes(99), "save it as PNG or JPEG"),
        (b"\0\0\0\x18ftypheix" + bytes(99), "save it as JPEG or PNG"),
        (b"ID3\x04" + bytes(99), "This is a sound file (MP3)"),
        (b"Stra\xdfe", "save it as UTF-8"),
        (b"word " * 2000 + b"\0\1\2", "not one to its end"),
        (b"%PDF-1.7" + bytes(99), "there is nothing in it"),
        (bytes(range(1, 9)) * 99, "This is a file of unknown kind"),
        (MOVING, "The picture is animated; send one frame of it, or a video."),
        (RAW, "This is a camera's raw picture"),
        (held(picture(), "PNG")[:-40], "damaged or cut off"),
    ],
)  # fmt: skip
def test_what_we_do_not_take_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(content)
    with pytest.raises(ReferenceProblem, match=re.escape(said)):
        told_of(path)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"a.txt": b"a"}, "a ZIP archive"),
        ({"[Content_Types].xml": b"", "xl/workbook.xml": b""}, "a spreadsheet (XLSX)"),
        (dict.fromkeys((*DOCX, "word/vbaProject.bin"), b""), "macros"),
        ({f"{number}": b"" for number in range(5000)}, "unpacks to far more"),
        (dict.fromkeys(DOCX, bytes(40 << 20)), "unpacks to far more"),
    ],
)
def test_a_packed_file_is_opened_with_care(
    tmp_path: Path, parts: dict[str, bytes], said: str
) -> None:
    with pytest.raises(ReferenceProblem, match=re.escape(said)):
        told_of(packed(tmp_path / "brief.docx", parts))


async def test_a_packed_file_that_lies_about_itself_is_refused(tmp_path: Path) -> None:
    whole = packed(tmp_path / "whole", dict.fromkeys(DOCX, b"<w/>" * 999)).read_bytes()
    path = tmp_path / "brief.docx"
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in await problem_of(path)
    path.write_bytes(whole.replace(zlib.crc32(b"<w/>" * 999).to_bytes(4, "little"), b"lies"))
    assert "damaged" in await problem_of(path)
