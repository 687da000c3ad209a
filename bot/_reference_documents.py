"""What a document is: PDF, DOCX, ODT or plain text, read within bounds and by no renderer."""

import contextlib
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot._reference_sniff import CONTROLS, Content, ReferenceProblem, decoded

LARGEST = 200 << 20
LARGEST_TEXT = 5 << 20
MOST_PARTS = 4_000
UNPACKED = 256 << 20
"""How large a packed document may say it is."""
MOST_HELD = 1 << 20
READ = 32 << 20
"""How much of one part is unpacked, and of a PDF's packed objects altogether."""
OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
PAGES = re.compile(
    rb"/Type\s*/Pages\b[^<>]{0,5000}?/Count\s+(\d{1,5})"
    rb"|/Count\s+(\d{1,5})\b[^<>]{0,5000}?/Type\s*/Pages\b"
)
PACKED = re.compile(rb"/Type\s*/ObjStm\b.{0,500}?stream\r?\n", re.DOTALL)
MOST_PACKED = 2_000
LOCKED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
WORD = "word/document.xml"
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
OTHERS = {
    "xl/workbook.xml": "a spreadsheet (XLSX)",
    "ppt/presentation.xml": "a presentation (PPTX)",
    "AndroidManifest.xml": "a program",
    "META-INF/MANIFEST.MF": "a program",
}
BOMB = "This document unpacks to far more than a document needs, so it was not opened."
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for archives that are not what they say; RuntimeError means a password."""


@dataclass(frozen=True)
class Document:
    """A document in words, and what is worth telling about it."""

    kind: str
    suffixes: frozenset[str]
    notes: tuple[str, ...] = ()


def read(path: Path, content: Content) -> Document:
    """Describe a document, or raise ReferenceProblem."""
    if path.stat().st_size > LARGEST:
        raise ReferenceProblem(f"The document is larger than {LARGEST >> 20} MB; send a smaller.")
    match content:
        case Content.PDF:
            return _pdf(path.read_bytes())
        case Content.OFFICE:
            return _office(path)
        case _:
            return _text(path)


def _pdf(content: bytes) -> Document:
    if not OBJECT.search(content):
        raise ReferenceProblem("This begins like a PDF document, but there is nothing in it.")
    notes: list[str] = []
    locked = LOCKED.search(content) is not None
    if locked:
        notes.append("The PDF is encrypted: a password may be needed to read it.")
    if b"startxref" not in content:
        notes.append("The PDF seems to be cut off: its end is not there.")
    pages = _pages(content, locked=locked)
    return Document(f"PDF document{_many(pages, 'page')}", frozenset({"pdf"}), tuple(notes))


def _pages(content: bytes, *, locked: bool) -> int:
    """Count by the largest node of any page tree; 0 where that cannot be read."""
    places = itertools.chain([content], () if locked else _unpacked(content))
    found = itertools.chain.from_iterable(PAGES.findall(place) for place in places)
    return max((int(one or other) for one, other in found), default=0)


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Unpack the streams that newer PDFs keep their objects in."""
    left = READ
    for packed in itertools.islice(PACKED.finditer(content), MOST_PACKED):
        with contextlib.suppress(zlib.error):
            held = content[packed.end() : packed.end() + MOST_HELD]
            plain = zlib.decompressobj().decompress(held, left)
            yield plain
            left -= len(plain)
        if left <= 0:
            return


def _many(count: int, noun: str) -> str:
    return f", {count:,} {noun}{'s' * (count != 1)}" if count else ""


def _office(path: Path) -> Document:
    try:
        with zipfile.ZipFile(path) as packed:
            return _packed(packed)
    except BROKEN as error:
        raise ReferenceProblem("The document is damaged, cut off or locked.") from error


def _packed(packed: zipfile.ZipFile) -> Document:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise ReferenceProblem(BOMB)
    names = {part.filename for part in parts}
    if WORD in names and "[Content_Types].xml" in names:
        return _word(packed, names)
    if "mimetype" in names and _part(packed, "mimetype").strip() == OPEN_TEXT:
        _part(packed, "content.xml")
        return Document("OpenDocument text (ODT)", frozenset({"odt"}))
    what = next((what for name, what in OTHERS.items() if name in names), "a ZIP archive")
    raise ReferenceProblem(f"This is {what}, which we do not take; save what it holds as PDF.")


def _word(packed: zipfile.ZipFile, names: set[str]) -> Document:
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ReferenceProblem("This Word document has macros in it; save it as PDF or DOCX.")
    _part(packed, WORD)
    return Document("Word document (DOCX)", frozenset({"docx"}))


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one part, and with that check its sum; its header may lie about its size."""
    if name not in packed.namelist():
        raise ReferenceProblem("The document is damaged: its text is missing.")
    with packed.open(name) as file:
        content = file.read(READ + 1)
    if len(content) > READ:
        raise ReferenceProblem(BOMB)
    return content


def _text(path: Path) -> Document:
    if path.stat().st_size > LARGEST_TEXT:
        raise ReferenceProblem(f"The text is larger than {LARGEST_TEXT >> 20} MB; send a smaller.")
    text = decoded(path.read_bytes(), whole=True)
    if text is None or CONTROLS.search(text):
        raise ReferenceProblem("This begins like a text, but it is not one to its end.")
    if _is_answer(text):
        raise ReferenceProblem("This is a JSON answer of some program, and not the file itself.")
    return Document(f"Plain text{_many(len(text.splitlines()), 'line')}", frozenset())


def _is_answer(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
