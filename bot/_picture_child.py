"""The child process behind bot.pictures: describe a picture, or leave a thumbnail of it."""

from pathlib import Path
from typing import Any

from PIL import Image

from bot._media_confine import GIB, serve
from bot._picture_open import described, opened
from bot._picture_plain import plain
from bot.pictures import PictureProblem


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Describe a picture; with a desk in the job, leave a thumbnail there and name it."""
    with opened(Path(job["path"])) as image:
        if "desk" in job:
            return {"name": _small(image, Path(job["desk"]), job["long_side"])}
        image.load()
        return described(image)


def _small(image: Image.Image, desk: Path, long_side: int) -> str:
    small = plain(image, long_side)
    if small.mode == "RGBA":
        small.save(desk / "small.png", optimize=True)
        return "small.png"
    small.save(desk / "small.jpg", quality=88, optimize=True, progressive=True)
    return "small.jpg"


if __name__ == "__main__":
    serve(work, PictureProblem, memory_bytes=2 * GIB)
