"""The child process behind bot.page_pdf: Typst sets the page, and its memory goes with us."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from bot._media_confine import GIB, serve
from bot._picture_open import opened
from bot.page_pdf import PageProblem
from bot.pictures import PictureProblem

_HERE = Path(__file__).parent


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Leave page.pdf on the desk, on which the pictures lie by their SHA-256."""
    desk, at = Path(job["desk"]), datetime.fromisoformat(job["page"]["at"])
    moment = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute")}
    given = {
        "page": job["page"],
        "date": {**moment, "second": 0},
        "pictures": _readable(desk, job["pictures"]),
    }
    shutil.copy(_HERE / "page_templates/page.typ", desk)
    try:
        _compile(desk, given, at, accessible=True)
    except typst.TypstError:
        _compile(desk, given, at, accessible=False)
    return {}


def _compile(desk: Path, given: dict[str, Any], at: datetime, *, accessible: bool) -> None:
    """Set the page. By PDF/UA, a letter that no typeface here has is an error, not a box."""
    typst.compile(
        desk / "page.typ",
        desk / "page.pdf",
        root=desk,
        font_paths=[_HERE / "fonts"],
        sys_inputs={"page": json.dumps(given)},
        timestamp=at,
        pdf_standards="ua-1" if accessible else None,
    )


def _readable(desk: Path, names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Measure the pictures; one that cannot be read is missing, and the page is made without."""
    found = dict[str, dict[str, Any]]()
    for sha256, name in names.items():
        try:
            with opened(desk / name) as image:
                image.load()
                width, height = image.size
        except PictureProblem:
            continue
        found[sha256] = {"name": name, "width": width, "height": height}
    return found


if __name__ == "__main__":
    serve(work, PageProblem, memory_bytes=4 * GIB)
