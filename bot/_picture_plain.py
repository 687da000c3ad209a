"""Turn any picture into what every screen shows alike: upright, sRGB, 8 bits, no metadata."""

import io

from PIL import Image, ImageCms, ImageOps

WHOLE_NUMBERS = {"I", "I;16", "I;16B", "I;16L", "I;16N"}
MOST_IN_A_BYTE = 255


def plain(image: Image.Image, long_side: int) -> Image.Image:
    """Return an RGB or RGBA copy, at most that long, never enlarged.

    A JPEG that was opened and not yet loaded is decoded no larger than that needs, and says so.
    """
    image.draft(image.mode, (2 * long_side, 2 * long_side))
    image.load()
    profile = image.info.get("icc_profile")
    small = _eight_bits(image)
    small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.info["exif"] = image.info.get("exif", b"")
    upright = ImageOps.exif_transpose(small)
    shown = _in_srgb(upright, profile)
    shown.info.clear()
    return shown


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale deep greys, which Pillow would clip; give palettes and masks their colours."""
    if image.mode in WHOLE_NUMBERS:
        return _scaled(image.convert("I"), 65_536)
    if image.mode == "F":
        return _scaled(image, 256)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.copy() if image.mode in {"RGB", "CMYK", "L", "LAB"} else image.convert("RGB")


def _scaled(image: Image.Image, depth: int) -> Image.Image:
    """Bring greys into a byte: from their depth, or from 0 to 1 where none is above it."""
    highest = _highest(image)
    if image.mode == "F" and highest <= 1:
        depth = 1
    elif highest <= MOST_IN_A_BYTE:
        return image.convert("L")
    factor = 256 / depth if depth > 1 else 255
    point = image.point  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - Pillow half-types it
    return point(lambda value: value * factor).convert("L")


def _highest(image: Image.Image) -> float:
    match image.getextrema():
        case (float() | int(), float() | int() as high):
            return float(high)
        case _:
            return 0.0


def _srgb() -> ImageCms.ImageCmsProfile:
    made = ImageCms.core.createProfile("sRGB")
    return ImageCms.ImageCmsProfile(made)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if not profile:
        return image.convert(mode)
    try:
        said = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, said, _srgb(), outputMode=mode) or image.convert(
            mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert(mode)  # a broken profile, or one for other channels than these
