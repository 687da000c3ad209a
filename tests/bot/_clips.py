"""Small clips for the media tests, made on the spot by the same ffmpeg that the app uses."""

import hashlib
import subprocess
from pathlib import Path

import av
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
BARS = "testsrc2=r=24:s=320x180:d=2"


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg and insist."""
    command = [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def drawn(to: Path, source: str = BARS, *options: str) -> Path:
    """Make a silent clip from a lavfi source; later options win."""
    ffmpeg("-f", "lavfi", "-i", source, *X264, *options, to)
    return to


def sounding(to: Path) -> Path:
    """Make a clip of 2 s with a tone."""
    tone = ("-f", "lavfi", "-i", "sine=440:d=2")
    ffmpeg("-f", "lavfi", "-i", BARS, *tone, *X264, "-c:a", "aac", "-shortest", to)
    return to


def copied(clip: Path, to: Path, *before: str) -> Path:
    """Wrap the same packets anew, with input options such as a rotation."""
    ffmpeg(*before, "-i", clip, "-c", "copy", to)
    return to


def cut(clip: Path, to: Path, part: float = 0.6) -> Path:
    """Keep only the first part of a file, as a lost connection does."""
    whole = clip.read_bytes()
    to.write_bytes(whole[: int(len(whole) * part)])
    return to


def frames_of(clip: Path) -> list[Image.Image]:
    """Decode a whole clip."""
    with av.open(str(clip)) as opened:
        frames = opened.decode(opened.streams.video[0])
        return [
            frame.to_image()  # pyright: ignore[reportUnknownMemberType] - PyAV half-types it
            for frame in frames
        ]


def fingerprint(path: Path) -> str:
    """Return what a file's bytes hash to."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def color(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """Look at one place of a picture, given as parts of its width and height."""
    at = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(at, tuple)
    return tuple(int(part) for part in at)


def is_near(one: tuple[int, ...], other: tuple[int, ...], within: int = 40) -> bool:
    """Compare colours as an eye would after lossy coding."""
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))
