"""A reference's file is known by its bytes, shown plainly, and refused before it can do harm."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.likeness import SAME, distance
from bot.reference_files import Examined, ReferenceProblem, examine
from storage.models import FileForm
from tests.bot._clips import X264, color, copied, cut, drawn, ffmpeg, is_near

ORIENTATION = 0x112
RED, BLUE = (220, 30, 30), (30, 30, 220)
DOCX = ("[Content_Types].xml", "word/document.xml")


def picture(mode: str = "RGB") -> Image.Image:
    """Return a small picture, red above and blue below."""
    made = Image.new("RGB", (60, 40), RED)
    made.paste(BLUE, (0, 20, 60, 40))
    return made.convert(mode)


def packed(to: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return to


def wide_profile() -> bytes:
    """Write an ICC profile by hand: Display P3's primaries with a plain gamma of 2.2."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(number, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    name = b"Wide P3\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78 + 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += tag + struct.pack(">II", at + len(body), len(content))
        body += padded
    head = struct.pack(
        ">I4sI4s4s4s", at + len(body), b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ "
    )
    head += bytes(12) + b"acsp" + bytes(28)
    head += number(0.9642) + number(1.0) + number(0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


def deep_png(to: Path) -> Path:
    """Write a PNG of 16 bits a channel, which Pillow reads but does not write: all of one red."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + struct.pack(">HHH", 0xDC42, 0x1E1E, 0x1E1E) * 32
    to.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 20, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * 20))
        + chunk(b"IEND", b"")
    )
    return to


def upright(to: Path) -> Path:
    """Save a large picture as a camera on its side does."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "A camera"
    made = Image.new("RGB", (4000, 3000), RED)
    made.paste(BLUE, (0, 1500, 4000, 3000))
    made.save(to, "JPEG", exif=exif)
    return to


def shown(seen: Examined) -> Image.Image:
    assert seen.shown is not None
    with Image.open(seen.shown) as image:
        assert max(image.size) <= 1280
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert image.mode in {"RGB", "RGBA"}
        image.load()
        return image


async def problem_of(path: Path) -> str:
    with pytest.raises(ReferenceProblem) as told:
        await examine(path, path.parent / "out")
    assert list((path.parent / "out").iterdir()) == [], "nothing is left behind"
    return str(told.value)


async def test_a_camera_on_its_side_is_shown_upright_and_told(tmp_path: Path) -> None:
    seen = await examine(upright(tmp_path / "face"), tmp_path / "out", name="Mira.png")
    assert (seen.form, seen.width, seen.height) == (FileForm.PICTURE, 3000, 4000)
    assert seen.kind == "JPEG picture, 3000 × 4000"  # noqa: RUF001 - as people read it
    assert seen.size == (tmp_path / "face").stat().st_size
    assert seen.notes == (
        "Its name ends in .png, but it is a JPEG picture.",
        "It was taken with the camera turned; it is shown upright.",
    )
    small = shown(seen)
    assert small.size == (960, 1280)
    assert is_near(color(small, 0.9, 0.5), RED)
    assert is_near(color(small, 0.1, 0.5), BLUE)


async def test_colours_for_print_are_shown_as_a_screen_has_them(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    picture("CMYK").save(path)
    seen = await examine(path, tmp_path / "out")
    assert seen.notes == ("Its colours are for print (CMYK) and were converted for showing.",)
    assert is_near(color(shown(seen), 0.5, 0.2), RED)
    assert is_near(color(shown(seen), 0.5, 0.8), BLUE)


async def test_sixteen_bits_are_told_and_keep_their_light(tmp_path: Path) -> None:
    note = "It has 16 bits a channel; the copy for showing has 8."
    grey = tmp_path / "grey.png"
    Image.new("I;16", (40, 40), 40_000).save(grey)
    seen = await examine(grey, tmp_path / "out")
    assert (seen.notes, seen.likeness) == ((note,), "")
    assert is_near(color(shown(seen), 0.5, 0.5), (156, 156, 156), 4)
    seen = await examine(deep_png(tmp_path / "red.png"), tmp_path / "out")
    assert seen.notes == (note,)
    assert is_near(color(shown(seen), 0.5, 0.5), RED, 4)


async def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "logo.webp"
    made = picture("RGBA")
    made.paste((0, 0, 0, 0), (0, 0, 30, 40))
    made.save(path, lossless=True)
    seen = await examine(path, tmp_path / "out")
    assert seen.kind == "WebP picture, 60 × 40"  # noqa: RUF001 - as people read it
    assert seen.notes == ("Parts of it are transparent.",)
    small = shown(seen)
    assert small.getpixel((5, 5)) == (0, 0, 0, 0)
    assert is_near(color(small, 0.8, 0.2), RED, 4)


async def test_a_wide_gamut_is_really_converted(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("RGB", (40, 40), (200, 100, 60)).save(path, icc_profile=wide_profile())
    seen = await examine(path, tmp_path / "out")
    assert seen.notes == ("Its colours are in the profile Wide P3, converted for showing.",)
    red, green, blue = color(shown(seen), 0.5, 0.5)
    assert red > 212, "the same numbers are a stronger red in P3 than on a plain screen"
    assert green < 98
    assert blue < 52


async def test_a_profile_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    note = "Its colour profile cannot be used; its colours are shown as they are stored."
    for name, mode, profile in (
        ("junk.jpg", "RGB", b"junk" * 50), ("print.tif", "CMYK", wide_profile()),
    ):  # fmt: skip
        picture(mode).save(tmp_path / name, icc_profile=profile)
        seen = await examine(tmp_path / name, tmp_path / "out")
        assert seen.notes[-1] == note
        assert is_near(color(shown(seen), 0.5, 0.2), RED)


async def test_the_same_picture_in_another_file_has_the_same_likeness(tmp_path: Path) -> None:
    made = Image.effect_mandelbrot((900, 600), (-2, -1.2, 1, 1.2), 60).convert("RGB")
    made.save(tmp_path / "one.png")
    turned = Image.Exif()
    turned[ORIENTATION] = 3
    made.rotate(180).resize((450, 300)).save(tmp_path / "two.jpg", quality=60, exif=turned)  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    one = await examine(tmp_path / "one.png", tmp_path / "out")
    two = await examine(tmp_path / "two.jpg", tmp_path / "out")
    assert len(one.likeness) == 16
    assert distance(one.likeness, two.likeness) <= SAME


async def test_a_clip_is_shown_by_the_frame_with_most_to_see(tmp_path: Path) -> None:
    path, black = tmp_path / "walk.mov", "color=black:s=320x180:r=24:d=2"
    ffmpeg(
        "-f", "lavfi", "-i", black, "-f", "lavfi", "-i", "testsrc2=r=24:s=320x180:d=1",
        "-filter_complex", "[0][1]concat", *X264, path,
    )  # fmt: skip
    seen = await examine(path, tmp_path / "out", name="walk.mp4")
    assert (seen.form, seen.likeness, seen.notes) == (FileForm.CLIP, "", ())
    assert seen.kind == "MOV clip, 320 × 180, 3.0 s"  # noqa: RUF001 - as people read it
    small = shown(seen)
    assert small.size == (320, 180)
    assert sum(small.convert("L").histogram()[200:]) > 1000, "it is not black"


async def test_an_upright_clip_is_shown_upright(tmp_path: Path) -> None:
    lying = drawn(tmp_path / "lying.mp4", "testsrc2=r=24:s=1920x1080:d=0.5")
    path = copied(lying, tmp_path / "up.mp4", "-display_rotation", "90")
    seen = await examine(path, tmp_path / "out", name="up.webm")
    assert (seen.width, seen.height) == (1080, 1920)
    assert shown(seen).size == (720, 1280)
    assert seen.notes == ("Its name ends in .webm, but it is an MP4 clip.",)


async def test_a_clip_that_is_cut_off_is_kept_as_far_as_it_goes_or_refused(tmp_path: Path) -> None:
    whole = drawn(tmp_path / "whole.mp4")
    assert "cut off" in await problem_of(cut(whole, tmp_path / "cut.mp4"))


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
async def test_a_document_is_described_and_has_no_picture(
    tmp_path: Path, content: bytes, kind: str, notes: tuple[str, ...]
) -> None:
    path = tmp_path / "release"
    path.write_bytes(content)
    seen = await examine(path, tmp_path / "out")
    assert (seen.form, seen.kind, seen.notes) == (FileForm.DOCUMENT, kind, notes)
    assert (seen.shown, seen.likeness, seen.width, seen.height) == (None, "", 0, 0)


async def test_word_and_open_document_are_known_by_what_is_packed(tmp_path: Path) -> None:
    word = packed(tmp_path / "release.pdf", dict.fromkeys(DOCX, b"<w/>"))
    seen = await examine(word, tmp_path / "out")
    assert (seen.form, seen.kind) == (FileForm.DOCUMENT, "Word document (DOCX)")
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
async def test_what_we_do_not_take_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(content)
    assert said in await problem_of(path)


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
async def test_a_packed_file_is_opened_with_care(
    tmp_path: Path, parts: dict[str, bytes], said: str
) -> None:
    assert said in await problem_of(packed(tmp_path / "brief.docx", parts))


async def test_a_packed_file_that_lies_about_itself_is_refused(tmp_path: Path) -> None:
    whole = packed(tmp_path / "whole", dict.fromkeys(DOCX, b"<w/>" * 999)).read_bytes()
    path = tmp_path / "brief.docx"
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in await problem_of(path)
    path.write_bytes(whole.replace(zlib.crc32(b"<w/>" * 999).to_bytes(4, "little"), b"lies"))
    assert "damaged" in await problem_of(path)


async def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    bomb = deep_png(path).read_bytes()
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 16, 2, 0, 0, 0)
    path.write_bytes(bomb[:12] + head + struct.pack(">I", zlib.crc32(head)) + bomb[33:])
    assert "more than 100 megapixels" in await problem_of(path)


async def test_a_missing_file_is_the_machines_trouble(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await examine(tmp_path / "gone.png", tmp_path / "out")
