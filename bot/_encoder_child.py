"""The child process behind `circletake doctor`: a very short film, encoded twice."""

# PyAV half-types its streams.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import subprocess
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from bot._media_confine import GIB, serve
from bot.checkup import NoEncoder

_FRAMES = 3


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Encode as the animatic does, then transcode as proxies are."""
    film = Path(job["desk"]) / "film.mp4"
    try:
        _encode(film)
    except (FFmpegError, ValueError) as why:
        raise NoEncoder(f"PyAV does not encode H.264: {why}") from why
    return {"ffmpeg": _transcode(film)}


def _encode(film: Path) -> None:
    with av.open(str(film), "w") as out:
        stream = out.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for shade in range(_FRAMES):
            picture = Image.new("RGB", (64, 64), (shade * 80, 0, 0))
            out.mux(stream.encode(av.VideoFrame.from_image(picture)))
        out.mux(stream.encode(None))


def _transcode(film: Path) -> str:
    try:
        ffmpeg = get_ffmpeg_exe()
    except RuntimeError as why:
        raise NoEncoder("imageio-ffmpeg brought no ffmpeg") from why
    done = subprocess.run(  # noqa: S603 - our own ffmpeg, arguments as a list
        [ffmpeg, "-v", "error", "-i", str(film), "-c:v", "libx264", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoEncoder(f"ffmpeg does not encode H.264: {done.stderr.strip()[:200]}")
    told = subprocess.run([ffmpeg, "-version"], capture_output=True, text=True, check=True)  # noqa: S603 - the same
    return told.stdout.split()[2]


if __name__ == "__main__":
    serve(work, NoEncoder, memory_bytes=4 * GIB)
