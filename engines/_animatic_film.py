"""Write planes to an H.264 file whose bytes depend on the pictures alone.

One thread, no clock and no library version goes into the file; every second starts a new group of
pictures, so that an editor can cut and scrub it.
"""

# PyAV leaves its packets' parameter and some keywords open in its hints:
# pyright: reportUnknownMemberType=false

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from ._animatic_planes import Planes

FPS = 24
_X264 = {
    "preset": "veryfast",
    "crf": "20",
    "profile": "high",
    "x264-params": (
        f"threads=1:lookahead-threads=1:keyint={FPS}:min-keyint={FPS}:scenecut=0:open-gop=0"
        ":bframes=0:aq-mode=2:force-cfr=1"
    ),
}
_BT709 = 1
_STUDIO_RANGE = 1


def write_film(path: Path, size: tuple[int, int], pictures: Iterable[Planes]) -> None:
    """Encode the pictures at a constant 24 frames a second, index first."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as film:
        stream = film.add_stream("libx264", rate=FPS, options=_X264)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = Fraction(1, FPS)
        stream.codec_context.color_range = _STUDIO_RANGE
        stream.codec_context.colorspace = _BT709
        stream.codec_context.color_primaries = _BT709
        stream.codec_context.color_trc = _BT709
        for number, picture in enumerate(pictures):
            film.mux(stream.encode(_frame(picture, number)))
        film.mux(stream.encode(None))


def _frame(picture: Planes, number: int) -> av.VideoFrame:
    width, height = picture.size
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, image in zip(frame.planes, (picture.y, picture.u, picture.v), strict=True):
        plane.update(_rows(image, plane.line_size, plane.buffer_size))
    frame.pts = number
    frame.time_base = Fraction(1, FPS)
    return frame


def _rows(image: Image.Image, stride: int, size: int) -> bytes:
    """Lay the rows out as far apart as the encoder wants them."""
    rows = image.tobytes("raw", "L", stride, 1)
    return rows.ljust(size, b"\x00")
