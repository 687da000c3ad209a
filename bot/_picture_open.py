"""Open a stranger's picture safely: refuse by the header first, then decode."""

import struct
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from bot._media_sniff import foreign, head_of, is_video
from bot.pictures import PictureProblem

MOST_PIXELS = 100_000_000
TOO_LARGE = f"The picture has more than {MOST_PIXELS // 1_000_000} megapixels; send a smaller one."
READERS = {
    "AVIF": AvifImagePlugin,
    "BMP": BmpImagePlugin,
    "GIF": GifImagePlugin,
    "JPEG": JpegImagePlugin,
    "PNG": PngImagePlugin,
    "TIFF": TiffImagePlugin,
    "WEBP": WebPImagePlugin,
}
"""The few readers that a stranger's file may reach."""
INCOMPLETE = "The picture is damaged or cut off: not all of it is there."
ANIMATED = "The picture is animated; send one frame of it, or a video."
UPRIGHT = 1
TURNED = {5, 6, 7, 8}
BROKEN = (OSError, SyntaxError, ValueError, LookupError, TypeError, OverflowError, struct.error)
"""What Pillow's readers raise for files that are not what they say."""


@contextmanager
def opened(path: Path, animated: str = ANIMATED) -> Generator[Image.Image]:
    """Open a picture; whatever goes wrong with it, inside the block too, raises PictureProblem.

    `animated` is what is said of one that moves.
    """
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    head = head_of(path)
    if not head:
        raise PictureProblem("This is an empty file (0 bytes), not a picture.")
    try:
        with Image.open(path, formats=tuple(READERS)) as image:
            if getattr(image, "is_animated", False) and image.format != "MPO":
                raise PictureProblem(animated)
            yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PictureProblem(TOO_LARGE) from None
    except UnidentifiedImageError as error:
        raise PictureProblem(_unknown(head)) from error
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise PictureProblem(INCOMPLETE) from error


def _unknown(head: bytes) -> str:
    what = "a video" if is_video(head) else foreign(head) or "a file of unknown kind"
    if what.startswith("a picture"):
        return f"This is {what} that cannot be read: damaged, or of a kind we do not take."
    return f"This is {what}, not a picture."


def described(image: Image.Image) -> dict[str, Any]:
    """Tell what an opened picture is, as the fields of bot.pictures.Picture."""
    turn = image.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    width, height = image.size[::-1] if turn in TURNED else image.size
    return {
        "format": "JPEG" if image.format == "MPO" else image.format,
        "width": width,
        "height": height,
        "mode": image.mode,
        "has_alpha": image.has_transparency_data,
        "is_animated": False,
        "exif_rotated": turn != UPRIGHT,
    }
