"""The child process behind bot.colours: the colours that a take is mostly made of."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from bot._media_confine import GIB, serve
from bot._media_ffmpeg import Transcode
from bot._media_graph import sampling
from bot._media_probe import look
from bot._media_sniff import foreign, head_of
from bot._picture_open import opened
from bot._picture_plain import plain
from bot.colours import ColourProblem
from bot.media import MediaProblem
from bot.pictures import PictureProblem

MOMENTS = 8
SIDE, SHARP = 256, 1024
CLUSTERS, ROUNDS = 24, 4
SOLID = 128
"""The alpha from which a pixel counts as seen."""


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Answer with colours and their shares, the greatest first."""
    path, desk = Path(job["path"]), Path(job["desk"])
    try:
        frames = _frames(path, desk, job["ffmpeg"])
    except (MediaProblem, PictureProblem) as problem:
        raise ColourProblem(str(problem)) from problem
    return {"colours": dominant(frames)}


def _frames(path: Path, desk: Path, ffmpeg: str) -> list[Image.Image]:
    if (foreign(head_of(path)) or "").startswith("a picture"):
        with opened(path) as image:
            still = plain(image, SHARP)
            # Picked, not blended: blending makes colours at edges that nobody painted.
            still.thumbnail((SIDE, SIDE), Image.Resampling.NEAREST)
            return [still]
    footage = look(path)
    count, width, height = footage.probe.frames, footage.probe.width, footage.probe.height
    shrink = min(1.0, SIDE / max(width, height))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    moments = tuple((2 * place + 1) * count // (2 * MOMENTS) for place in range(MOMENTS))
    run = Transcode(sampling(ffmpeg, path, footage, frames=moments, size=size), desk)
    stills = list(run.stills(size))
    run.dismiss()
    if not stills:
        raise MediaProblem("The video has no frame that can be read.")
    return stills


def dominant(frames: Iterable[Image.Image]) -> list[tuple[str, float]]:
    """Group the pixels of some frames by k-means, each group a colour and its share of all."""
    seen = b"".join(map(_seen, frames))
    if not seen:
        return []
    pixels = Image.frombytes("RGB", (len(seen) // 3, 1), seen)
    grouped = pixels.quantize(CLUSTERS, Image.Quantize.MEDIANCUT, kmeans=ROUNDS)
    shades = grouped.getpalette() or []
    counted = grouped.getcolors() or []
    return [
        ("#{:02X}{:02X}{:02X}".format(*shades[3 * int(at) : 3 * int(at) + 3]), count / pixels.width)
        for count, at in sorted(counted, key=lambda each: -each[0])
        if isinstance(at, int)
    ]


def _seen(frame: Image.Image) -> bytes:
    """Give a frame's pixels, without what is transparent."""
    plain_rgb = frame.convert("RGB").tobytes()
    if frame.mode != "RGBA":
        return plain_rgb
    alpha = frame.getchannel("A").tobytes()
    return b"".join(
        plain_rgb[3 * at : 3 * at + 3] for at, cover in enumerate(alpha) if cover >= SOLID
    )


if __name__ == "__main__":
    serve(work, ColourProblem, memory_bytes=4 * GIB)
