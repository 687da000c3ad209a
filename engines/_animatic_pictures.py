"""Turn reference pictures, whatever they are, into plates that the camera can move over."""
# Pillow's hints name numpy, which is not installed, and leave colour profiles open:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageEnhance, ImageFilter, ImageOps

from ._animatic_air import grained
from ._animatic_planes import Planes
from ._animatic_stage import Layer, Size

MOST_PIXELS = 50_000_000
_FINENESS = 1.3  # plate pixels per frame pixel, so that a push in stays sharp
_CROPPED_TOO_MUCH = 0.5
_BEHIND_ALPHA = (28, 28, 30)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class Unreadable(Exception):  # noqa: N818  its text is told to a person, who does not say Error
    """A reference is not a picture that can be shown."""


def plate_of(
    path: Path, size: Size, *, roams: tuple[bool, bool] = (False, False), seed: int | None = None
) -> Layer:
    """Open a picture and set it up as a plate for a frame of this size.

    A picture of quite another shape is shown whole, unless the camera roams along its long side.
    A seed gives it a little grain of its own.
    """
    try:
        picture = _opened(path, size)
    except Unreadable:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Unreadable(f"The reference {path.name} is not a picture we can read.") from fault
    return _layer(picture if seed is None else grained(picture, seed), size, roams)


def _opened(path: Path, size: Size) -> Image.Image:
    with Image.open(path) as found:
        if found.width * found.height > MOST_PIXELS:
            raise Unreadable(f"The reference {path.name} is larger than 50 megapixels.")
        found.draft("RGB", (size[0] * 2, size[1] * 2))
        found.load()
        return _in_rgb(ImageOps.exif_transpose(found))


def _in_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode in {"I", "F"} or picture.mode.startswith("I;16"):
        return _eight_bits(picture).convert("RGB")
    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        below = Image.new("RGBA", shown.size, (*_BEHIND_ALPHA, 255))
        return Image.alpha_composite(below, shown).convert("RGB")
    return _to_srgb(picture)


def _eight_bits(picture: Image.Image) -> Image.Image:
    wide = picture.convert("F")
    brightest = wide.getextrema()[1]
    top = 65535.0 if isinstance(brightest, float) and brightest > 255.0 else 255.0  # noqa: PLR2004  more than 8 bits can hold
    return wide.point(lambda value: value * (255.0 / top)).convert("L")


def _to_srgb(picture: Image.Image) -> Image.Image:
    profile: bytes | None = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
            done = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            done = None
        if done is not None:
            return done
    return picture.convert("RGB")


def _layer(picture: Image.Image, size: Size, roams: tuple[bool, bool]) -> Layer:
    fine = _even(size[0] * _FINENESS), _even(size[1] * _FINENESS)
    cover = max(fine[0] / picture.width, fine[1] / picture.height)
    kept = fine[0] * fine[1] / (picture.width * cover * picture.height * cover)
    is_tall = picture.height * fine[0] > picture.width * fine[1]
    if kept < _CROPPED_TOO_MUCH and not roams[is_tall]:
        plate = _on_its_own_blur(picture, fine)
    else:
        whole = _even(picture.width * cover), _even(picture.height * cover)
        plate = picture.resize(whole, Image.Resampling.LANCZOS, reducing_gap=2.0)
    roomy = tuple(max((plate.size[axis] / fine[axis] - 1) / 2, 0.0) for axis in (0, 1))
    return Layer(
        Planes.of(plate),
        None,
        plate.size,
        scale=fine[0] / size[0],
        depth=1.0,
        swing=0.7,
        travel=(0.11 + min(roomy[0], 0.3) * 2, 0.11 + min(roomy[1], 0.3) * 2),
        middle=(0.5, 0.5 if roomy[1] == 0 else 0.44),
    )


def _on_its_own_blur(picture: Image.Image, size: Size) -> Image.Image:
    """Show a picture of quite another shape whole, over a dark blur of itself."""
    small = ImageOps.fit(picture, (max(size[0] // 8, 2), max(size[1] // 8, 2)))
    soft = small.filter(ImageFilter.GaussianBlur(size[1] / 90))
    back = ImageEnhance.Brightness(soft).enhance(0.42).resize(size, Image.Resampling.BICUBIC)
    front = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    back.paste(front, ((size[0] - front.width) // 2, (size[1] - front.height) // 2))
    return back


def _even(length: float) -> int:
    return max(round(length / 2) * 2, 2)
