"""List all that used a reference as CSV: takes, exports and placements, with their hashes."""

import argparse
import asyncio
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.errors import NotNow
from bot.graph import used_in_all
from bot.settings import Settings
from bot.standing import unfit
from storage import Database
from storage.graph import Dependent

_CODE = re.compile(r"R?(\d{1,9})", re.IGNORECASE)
_HEADINGS = (
    "scene", "shot", "take", "state", "take_sha256", "setup_id", "version", "reference_sha256",
    "through", "export", "export_sha256", "path", "use", "title", "url", "placed_on", "ended_on",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take a reference's code, whose it is, and where the list goes."""
    parser.add_argument("reference", metavar="R12", help="the reference's code")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--channel", metavar="C…", help="the production's channel")
    whose.add_argument("--production", metavar="NAME", help="its name; default: the only one")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="a new file; default: printed")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the list; 1 if there is no such reference, or the file is there already."""
    found = _CODE.fullmatch(options.reference)
    problem = unfit(settings) or ("" if found else "Name the reference by its code, such as R12.")
    if not problem and options.csv and options.csv.exists():
        problem = f"{options.csv} is there already: name another with --csv."
    if problem or found is None:
        print(problem, file=sys.stderr)
        return 1
    try:
        used = asyncio.run(_used(options, settings, int(found[1])))
    except NotNow as why:
        print(why, file=sys.stderr)
        return 1
    _write(used, options.csv)
    return 0


async def _used(options: argparse.Namespace, settings: Settings, number: int) -> list[Dependent]:
    from bot.app import now  # noqa: PLC0415 - `circletake --help` is faster without it

    db = Database(settings.database)
    try:
        async with db.read(long=True) as session:
            whose = options.channel or "", options.production or ""
            return await used_in_all(session, *whose, number=number, at=now())
    finally:
        await db.close()


def _write(used: list[Dependent], out: Path | None) -> None:
    """Write one line for each version that a take used, and for each place where it is shown."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(_HEADINGS)
    sheet.writerows(row for each in used for row in _rows(each))
    if out is None:
        print(text.getvalue(), end="")
        return
    out.write_text(text.getvalue(), encoding="utf-8", newline="")
    print(f"Written: {out}, {len(used):,} takes")


def _rows(each: Dependent) -> Iterator[tuple[str, ...]]:
    take = each.take
    made = each.scene.code, each.shot.code, take.code, take.state.value, take.sha256 or ""
    for use in each.uses:
        through = each.through.get(use.via_take_id or "")
        used = take.setup_id, str(use.version), use.sha256, through.code if through else ""
        for shown in _shown(each):
            yield tuple(_harmless(cell) for cell in (*made, *used, *shown))


def _shown(each: Dependent) -> Iterator[tuple[str, ...]]:
    if not each.slots:
        yield ("",) * 8
    for slot in each.slots:
        export = slot.export.code, slot.export.sha256, slot.export.path
        if not slot.placements:
            yield (*export, *[""] * 5)
        for at in slot.placements:
            until = at.ended_on.isoformat() if at.ended_on else ""
            yield (*export, at.use.value, at.title, at.url, at.placed_on.isoformat(), until)


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking for a formula what people wrote."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
