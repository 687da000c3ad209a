"""The child process behind bot.media: one decode gives proxy, poster and contact sheet."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageStat

from bot._media_confine import GIB, serve
from bot._media_ffmpeg import Transcode, Verdict
from bot._media_graph import SHEET_FRAMES, chosen, command, proxy_size, still_size
from bot._media_probe import Footage, look
from bot._media_sheet import Still, placed, sheet
from bot._media_slate import strip
from bot.media import MediaProblem, Probe, Slate

A_THIRD_IN = SHEET_FRAMES // 3
BLACK = 14


def process(job: dict[str, Any]) -> dict[str, Any]:
    """Leave poster.jpg, sheet.jpg and proxy.mp4 on the desk, and answer with the probe."""
    original, desk, slate = Path(job["original"]), Path(job["desk"]), Slate(**job["slate"])
    footage = look(original)
    probe = footage.probe
    strip(slate, *proxy_size(probe.width, probe.height)).save(desk / "strip.png", compress_level=1)
    run = Transcode(command(job["ffmpeg"], original, desk / "strip.png", desk, footage), desk)
    images = run.stills(still_size(probe.width, probe.height))
    stills = placed(chosen(probe.frames), images, footage)
    if stills:
        _poster(stills).save(desk / "poster.jpg", quality=88, optimize=True, progressive=True)
        sheet(stills, slate, probe).save(desk / "sheet.jpg", quality=85, optimize=True)
    return asdict(_with_what_decoded(footage, run.finish(probe.codec)))


def _poster(stills: list[Still]) -> Image.Image:
    """Choose what is not black, from a third in outwards; else the brightest."""
    outwards = sorted(range(len(stills)), key=lambda place: abs(place - A_THIRD_IN))
    images = [stills[place].image for place in outwards]
    lit = (image for image in images if _light(image) > BLACK)
    return next(lit, None) or max(images, key=_light)


def _light(image: Image.Image) -> float:
    small = image.resize((32, 32))  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    return ImageStat.Stat(small.convert("L")).mean[0]


def _with_what_decoded(footage: Footage, verdict: Verdict) -> Probe:
    probe, promised = footage.probe, max(footage.promised, footage.probe.frames)
    if verdict.frames < promised:
        problem = f"The file is damaged: {verdict.frames} of {promised} frames could be read."
        return replace(probe, frames=verdict.frames, problem=problem)
    if verdict.is_guessed:
        return replace(probe, problem="The file is damaged in places: look at all of it.")
    return probe


if __name__ == "__main__":
    serve(process, MediaProblem, memory_bytes=4 * GIB)
