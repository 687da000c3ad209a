"""Print a production's digest as it stands, without sending anything."""

import argparse
import asyncio
import sys

from bot.settings import Settings
from bot.standing import unfit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take `preview`, a production's name and the kind of digest."""
    choices = parser.add_subparsers(dest="what", required=True, metavar="preview")
    preview = choices.add_parser("preview", help="print today's digest, as far as the day has come")
    preview.add_argument("--production", metavar="NAME", help="only this one; default: each")
    preview.add_argument("--weekly", action="store_true", help="this week's instead of today's")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print it."""
    if why := unfit(settings):
        print(why, file=sys.stderr)
        return 1
    print(asyncio.run(_preview(options, settings)))
    return 0


async def _preview(options: argparse.Namespace, settings: Settings) -> str:
    from bot.app import open_records  # noqa: PLC0415 - `circletake --help` is faster without it
    from bot.digests import preview_text  # noqa: PLC0415 - the same

    async with open_records(settings) as studio:
        kind = "weekly" if options.weekly else "daily"
        return await preview_text(studio, options.production, kind)
