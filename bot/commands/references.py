"""Import references from a folder with a CSV list: all of it, or nothing and every reason why."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.standing import unfit

if TYPE_CHECKING:
    from bot.reference_plan import Plan
    from bot.studio import Studio
    from storage.models import Production


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take `import`, the folder, the list and the production."""
    choices = parser.add_subparsers(dest="what", required=True, metavar="import")
    take = choices.add_parser("import", help="import a folder's files by a list")
    take.add_argument("folder", type=Path, metavar="FOLDER", help="where the files are")
    take.add_argument("--csv", type=Path, required=True, metavar="LIST", help="the list, as CSV")
    into = take.add_mutually_exclusive_group(required=True)
    into.add_argument("--production", metavar="NAME", help="the production by its name")
    into.add_argument("--channel", metavar="C…", help="the production by its team channel")
    take.add_argument("--approved-by", metavar="WHO", default="", help="a producer's name or id")
    take.add_argument("--dry-run", action="store_true", help="only say what would be done")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Import, or say what would be."""
    why = unfit(settings) or _absent(options)
    if why:
        print(why, file=sys.stderr)
        return 1
    return asyncio.run(_imported(options, settings))


def _absent(options: argparse.Namespace) -> str:
    if not options.folder.is_dir():
        return f"{options.folder} is no folder."
    return "" if options.csv.is_file() else f"{options.csv} is no file."


async def _imported(options: argparse.Namespace, settings: Settings) -> int:
    from bot.app import open_records  # noqa: PLC0415 - `circletake --help` is faster without it
    from bot.reference_plan import Order, desk, planned  # noqa: PLC0415 - the same

    async with open_records(settings) as studio, desk(studio) as into:
        production = await _production(studio, options)
        order = Order(options.folder, options.csv, production, options.approved_by)
        plan = await planned(studio, order, into)
        if plan.problems:
            return _refused(plan)
        _tell(plan)
        print(await _outcome(studio, plan, is_trial=options.dry_run))
    return 0


async def _outcome(studio: "Studio", plan: "Plan", *, is_trial: bool) -> str:
    from bot.reference_import import carry_out  # noqa: PLC0415 - as above

    if is_trial:
        return "Nothing was imported: this was a dry run."
    count = await carry_out(studio, plan)
    others = len(plan.changes) - count
    kept = f"; {others} {'is as it was' if others == 1 else 'are as they were'}" if others else ""
    return f"{count} imported into {plan.order.production.name}{kept}."


async def _production(studio: "Studio", options: argparse.Namespace) -> "Production":
    """Find the production that is meant. Raises NotNow with those there are."""
    from bot.errors import NotNow  # noqa: PLC0415 - as above
    from storage import digests  # noqa: PLC0415 - as above

    meant = options.channel or options.production
    async with studio.db.read() as session:
        every = await digests.every_production(session)
    found = [each for each in every if meant in (each.channel_id, each.name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(f"{each.name} ({each.channel_id})" for each in every)) or "none"
    why = "More than one production is called so" if found else "There is no such production"
    raise NotNow(f"{why}. There are: {known}.")


def _refused(plan: "Plan") -> int:
    for problem in plan.problems:
        print(problem, file=sys.stderr)
    count = len(plan.problems)
    told = "1 problem" if count == 1 else f"{count} problems"
    print(f"Nothing was imported: {told} in {plan.order.listing}.", file=sys.stderr)
    return 1


def _tell(plan: "Plan") -> None:
    for change in plan.changes:
        row, count = change.row, len(change.files)
        files = "1 file" if count == 1 else f"{count} files"
        print(f"{row.code}  {row.kind.value}  {row.title}  {files}  {change.what}")
        for found in change.files:
            for note in found.look.examined.notes if found.look else ():
                print(f"    {found.path.name}: {note}")
