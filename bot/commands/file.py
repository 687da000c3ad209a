"""Hand out a take's original by the first characters of its SHA-256, also one that failed."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.settings import Settings
from bot.standing import unfit
from storage import Database, takes
from storage.files import Files
from storage.models import Take

_FEWEST = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the hash begins with, and where the file goes."""
    parser.add_argument("sha256", metavar="SHA256", help="its first 8 characters or more")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a new file; default: named by it")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Find the take and copy its file, checking its hash on the way."""
    problem = unfit(settings) or _unclear(options.sha256)
    problem = problem or asyncio.run(_hand_out(options.sha256.lower(), options.out, settings))
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def _unclear(sha256: str) -> str:
    if len(sha256) >= _FEWEST and all(each in "0123456789abcdef" for each in sha256.lower()):
        return ""
    return f"Give at least the first {_FEWEST} characters of the file's SHA-256."


async def _hand_out(sha256: str, out: Path | None, settings: Settings) -> str:
    """Copy the file; give what went wrong."""
    db = Database(settings.database)
    try:
        async with db.read() as session:
            found = await takes.beginning(session, sha256)
    finally:
        await db.close()
    hashes = {take.sha256: take for take in found}
    if not hashes:
        return f"No take's file begins with {sha256}."
    if len(hashes) > 1:
        return f"{len(hashes)} files begin with {sha256}: give more of it."
    return await _copied(found[0], out or Path(f"{found[0].sha256}"), settings)


async def _copied(take: Take, out: Path, settings: Settings) -> str:
    if await asyncio.to_thread(out.exists):
        return f"{out} is there already: name another with --out."
    try:
        await Files(settings.files).bring(take.sha256 or "", out)
    except FileNotFoundError:
        return f"The file {take.sha256} is in the records but not in {settings.files}."
    except (OSError, ValueError) as why:
        return f"The file was not handed out: {why}"
    print(f"{out} ({take.size} bytes), SHA-256 {take.sha256}")
    return ""
