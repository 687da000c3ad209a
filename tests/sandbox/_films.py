"""Real films and stills: a moving test card with who made it, small enough to be cheap.

A film is encoded once for each vendor, shape and length; what makes each job's bytes its own is a
`free` box (or, in a still, a text chunk) with the job's id at the end, which players skip.
"""

import io
import struct
import textwrap
import zipfile
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, cast

import av
from PIL import Image, ImageDraw, PngImagePlugin

from tests.sandbox._jobs import Picture

LONGEST_SIDE: Final = 320
FPS: Final = 12
_CACHED: Final = 128
_BARS = ("#bfbfbf", "#bfbf00", "#00bfbf", "#00bf00", "#bf00bf", "#bf0000", "#0000bf")
_CODECS = {"mp4": ("libx264", "yuv420p"), "mov": ("prores_ks", "yuv422p10le")}

MIME: Final = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "zip": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
}


def output(picture: Picture, *, vendor: str, job_id: str, burn: bool) -> bytes:
    """Make the bytes of one output. `burn` draws the job's id into the picture, and is slow."""
    width, height = scaled(picture.width, picture.height)
    wrapped = textwrap.wrap(job_id, max(8, width // 7)) if burn else []
    caption = "\n".join([vendor, *wrapped])
    match picture.form:
        case "png" | "jpg":
            return _still(width, height, caption, mark=job_id, form=picture.form)
        case "zip":
            return _frames(width, height, caption, mark=job_id)
        case _:
            film = _film(width, height, picture.seconds, caption=caption, form=picture.form)
            return film + free_box(job_id.encode())


def scaled(width: int, height: int) -> tuple[int, int]:
    """Shrink to the longest side that the sandbox draws, keeping the ratio, with even sides."""
    factor = min(1.0, LONGEST_SIDE / max(width, height))
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def free_box(content: bytes) -> bytes:
    """Wrap bytes in an MP4 box that players skip."""
    return struct.pack(">I4s", len(content) + 8, b"free") + content


@lru_cache(maxsize=_CACHED)
def _film(width: int, height: int, seconds: float, *, caption: str, form: str) -> bytes:
    codec, layout = _CODECS[form]
    file = io.BytesIO()
    with cast("Any", av.open(file, mode="w", format=form)) as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, layout
        stream.codec_context.time_base = Fraction(1, FPS)
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "30"}
        for number in range(max(1, round(seconds * FPS))):
            card = _card(width, height, caption, moment=number / FPS)
            frame = cast("Any", av.VideoFrame).from_image(card)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _card(width: int, height: int, caption: str, *, moment: float) -> Image.Image:
    card = _bars(width, height).copy()
    pen = ImageDraw.Draw(card)
    x = int((moment * 0.4 % 1.0) * width)
    pen.rectangle((x, 0, x + max(2, width // 40), height), fill="white")
    pen.rectangle((0, height * 2 // 3, width, height), fill="black")
    clock = f"{int(moment // 60):02}:{int(moment % 60):02}:{int(moment * FPS) % FPS:02}"
    pen.multiline_text((4, height * 2 // 3 + 4), f"{caption}\n{clock}", fill="white")
    return card


@lru_cache(maxsize=_CACHED)
def _bars(width: int, height: int) -> Image.Image:
    bars = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(bars)
    for number, colour in enumerate(_BARS):
        left, right = number * width // len(_BARS), (number + 1) * width // len(_BARS)
        pen.rectangle((left, 0, right, height), fill=colour)
    return bars


def _still(width: int, height: int, caption: str, *, mark: str, form: str) -> bytes:
    card, file = _card(width, height, caption, moment=0.5), io.BytesIO()
    if form == "jpg":
        card.save(file, "JPEG", quality=85, comment=mark.encode())
    else:
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", mark)
        card.save(file, "PNG", pnginfo=note)
    return file.getvalue()


def _frames(width: int, height: int, caption: str, *, mark: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number in range(FPS):
            frame = _card(width, height, caption, moment=number / FPS)
            picture = io.BytesIO()
            frame.save(picture, "PNG")
            archive.writestr(f"frame_{number:05}.png", picture.getvalue())
        archive.comment = mark.encode()
    return file.getvalue()
