"""Write a sequence's page as one HTML file or as PDF, to hand over or to print."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.standing import unfit

if TYPE_CHECKING:
    from bot.studio import Studio
    from storage.models import Production


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take the sequence, where the file goes, and whose page it is."""
    parser.add_argument("sequence", metavar="SEQUENCE", help="its code, such as SQ010")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="a new file: page.html or page.pdf"
    )
    of = parser.add_mutually_exclusive_group()
    of.add_argument("--production", metavar="NAME", help="the production by its name")
    of.add_argument("--channel", metavar="C…", help="the production by its team channel")
    parser.add_argument(
        "--for-client", action="store_true", help="without prompts, engines, holds and notes"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the file; say where it is and how large."""
    why = unfit(settings) or _unusable(options.out)
    if why:
        print(why, file=sys.stderr)
        return 1
    asyncio.run(_write(options, settings))
    print(f"{options.out} ({options.out.stat().st_size} bytes)")
    return 0


def _unusable(out: Path) -> str:
    if out.suffix.lower() not in {".html", ".pdf"}:
        return f"{out.name} ends in neither .html nor .pdf: name the file by what it is to be."
    if not out.parent.is_dir():
        return f"{out.parent} is no folder."
    return f"{out} is there already: name another file." if out.exists() else ""


async def _write(options: argparse.Namespace, settings: Settings) -> None:
    from bot.app import open_records  # noqa: PLC0415 - `circletake --help` is faster without it
    from bot.page_files import Wanted, filed, sequence_meant  # noqa: PLC0415 - the same

    out: Path = options.out
    with tempfile.TemporaryDirectory(prefix=".page-", dir=out.parent) as desk:
        async with open_records(settings) as studio:
            production = await _production(studio, options)
            sequence = await sequence_meant(studio, production, options.sequence)
            wanted = Wanted(production, sequence, for_client=options.for_client)
            made = await filed(studio, wanted, out.suffix.lower()[1:], Path(desk))
        await asyncio.to_thread(made.replace, out)


async def _production(studio: "Studio", options: argparse.Namespace) -> "Production":
    """Find the production that is meant. Raises NotNow with those there are."""
    from bot.errors import NotNow  # noqa: PLC0415 - as above
    from storage import digests  # noqa: PLC0415 - as above

    meant = options.channel or options.production
    async with studio.db.read() as session:
        every = await digests.every_production(session)
    if not every:
        raise NotNow("There is no production yet. `/scene setup` in a channel makes one.")
    found = [each for each in every if meant in (None, each.channel_id, each.name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(f"{each.name} ({each.channel_id})" for each in every))
    several = "Several productions are meant: name one with --channel"
    why = several if found else f"There is no production {meant}"
    raise NotNow(f"{why}. There are: {known}.")
