"""The child process behind bot.reference_sheet: open each picture small, draw one sheet."""

from pathlib import Path
from typing import Any

from bot._media_confine import GIB, serve
from bot._picture_open import opened
from bot._reference_sheet_page import LARGEST, Place, page
from bot._still_child import framed
from bot.pictures import PictureProblem
from bot.reference_sheet import NAME, SheetProblem


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Leave the sheet on the desk."""
    places = [_place(**cell) for cell in job["cells"]]
    made = page(places, str(job["title"]), str(job["subtitle"]))
    made.save(Path(job["desk"]) / NAME, quality=88, optimize=True, progressive=True)
    return {"width": made.width, "height": made.height}


def _place(path: str | None, title: str, note: str) -> Place:
    if path is None:
        return Place(title, note, None, "No picture")
    try:
        with opened(Path(path)) as image:
            return Place(title, note, framed(image, LARGEST), "")
    except (PictureProblem, FileNotFoundError):
        return Place(title, note, None, "Cannot be shown")


if __name__ == "__main__":
    serve(work, SheetProblem, memory_bytes=2 * GIB)
