"""What a reference's picture is, in words and notes, and its copy for showing."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from bot._picture_open import described, opened
from bot._picture_plain import WHOLE_NUMBERS, plain
from bot._reference_likeness import likeness_of
from bot._reference_sniff import ReferenceProblem

LONG_SIDE = 1280
BITS_PER_SAMPLE, SUBFILE, DNG_VERSION = 258, 254, 50706
REDUCED = 1
DEEP = 16
PNG_DEPTH_AT, COLOUR_SPACE_AT = 24, slice(16, 20)
CHANNELS = {"RGB": {"RGB", "RGBA", "P"}, "GRAY": {"L", "LA", "I;16"}, "CMYK": {"CMYK"}}
LONGEST_NAME = 60
SUFFIXES = {
    "AVIF": {"avif"},
    "BMP": {"bmp", "dib"},
    "GIF": {"gif"},
    "JPEG": {"jpg", "jpeg", "jpe", "jfif", "mpo"},
    "PNG": {"png"},
    "TIFF": {"tif", "tiff"},
    "WEBP": {"webp"},
}
RAW = "This is a camera's raw picture, which we do not take; save it as JPEG, PNG or TIFF."


@dataclass(frozen=True)
class Seen:
    """A picture as people are told of it."""

    kind: str
    width: int
    height: int
    likeness: str
    shown: str
    """The name of the copy for showing."""
    suffixes: frozenset[str]
    notes: tuple[str, ...]


def read(path: Path, desk: Path) -> Seen:
    """Describe a picture and leave its copy on the desk; raises PictureProblem."""
    with opened(path) as image:
        if _is_raw(image):
            raise ReferenceProblem(RAW)
        told = described(image)  # before `plain`, after which a JPEG may say another size
        notes = tuple(_notes(path, image, is_turned=told["exif_rotated"]))
        shown = plain(image, LONG_SIDE)
    kind, width, height = str(told["format"]), told["width"], told["height"]
    return Seen(
        kind=f"{kind.replace('WEBP', 'WebP')} picture, {width} × {height}",  # noqa: RUF001 - sizes are written with this sign
        width=width,
        height=height,
        likeness=likeness_of(shown),
        shown=_saved(shown, desk),
        suffixes=frozenset(SUFFIXES[kind]),
        notes=notes,
    )


def _saved(shown: Image.Image, desk: Path) -> str:
    if shown.mode == "RGBA":
        shown.save(desk / "shown.png", optimize=True)
        return "shown.png"
    shown.save(desk / "shown.jpg", quality=88, optimize=True, progressive=True)
    return "shown.jpg"


def _is_raw(image: Image.Image) -> bool:
    """Whether this TIFF is only the small preview that a camera wrote before its raw data."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    tags = image.tag_v2
    return tags.get(SUBFILE, 0) == REDUCED or DNG_VERSION in tags


def _notes(path: Path, image: Image.Image, *, is_turned: bool) -> list[str]:
    profile = image.info.get("icc_profile")
    told = {
        "It was taken with the camera turned; it is shown upright.": is_turned,
        "Its colours are for print (CMYK) and were converted for showing.": image.mode == "CMYK",
        "It has 16 bits a channel; the copy for showing has 8.": _is_deep(path, image),
        "Parts of it are transparent.": image.has_transparency_data,
    }
    notes = [sentence for sentence, holds in told.items() if holds]
    return notes + ([_profiled(profile, image.mode)] if profile and not _is_srgb(profile) else [])


def _is_deep(path: Path, image: Image.Image) -> bool:
    """Pillow reads deep colours as 8 bits and says nothing of it; the header does."""
    if image.mode in WHOLE_NUMBERS | {"F"}:
        return True
    if isinstance(image, PngImagePlugin.PngImageFile):
        with path.open("rb") as file:
            return file.read(PNG_DEPTH_AT + 1)[PNG_DEPTH_AT] == DEEP
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return max(image.tag_v2.get(BITS_PER_SAMPLE, (8,))) >= DEEP
    return False


def _is_srgb(profile: bytes) -> bool:
    return "srgb" in (_name(profile) or "").lower()


def _name(profile: bytes) -> str | None:
    try:
        name = ImageCms.getProfileDescription(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return " ".join("".join(c for c in name if c.isprintable()).split())[:LONGEST_NAME]


def _profiled(profile: bytes, mode: str) -> str:
    name = _name(profile)
    if name is None or not _fits(profile, mode):
        return "Its colour profile cannot be used; its colours are shown as they are stored."
    return f"Its colours are in the profile {name or 'without a name'}, converted for showing."


def _fits(profile: bytes, mode: str) -> bool:
    space = profile[COLOUR_SPACE_AT].decode("latin-1").strip()
    return mode in CHANNELS.get(space, {space.upper()})
