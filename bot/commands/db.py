"""Bring the database up to date, or back it up."""

import argparse
import shlex
import sqlite3
import sys
from pathlib import Path

from bot import backup
from bot.settings import Settings
from bot.standing import fit_of, unfit
from storage import schema
from storage.database import address_of
from storage.schema import Fit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take `upgrade` or `backup`."""
    choices = parser.add_subparsers(dest="what", required=True, metavar="upgrade|backup")
    choices.add_parser("upgrade", help="bring the database up to date; make a backup first")
    copy = choices.add_parser("backup", help="copy the SQLite databases, also while the app runs")
    copy.add_argument("file", type=Path, metavar="FILE", help="a new file for the records")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do the one or the other."""
    return _upgrade(settings) if options.what == "upgrade" else _backup(options.file, settings)


def _upgrade(settings: Settings) -> int:
    if fit_of(settings)[0] is Fit.AHEAD:
        print(unfit(settings), file=sys.stderr)
        return 1
    before, after = schema.upgrade(settings.database)
    if before == after:
        print(f"The database is up to date: it stands at migration {after}.")
    else:
        print(f"The database stood at migration {before or 'none'} and stands at {after} now.")
    return 0


def _backup(file: Path, settings: Settings) -> int:
    if settings.database.startswith("postgresql"):
        print(_for_postgres(file, settings), file=sys.stderr)
        return 1
    if fit_of(settings)[0] is Fit.EMPTY:
        print(unfit(settings), file=sys.stderr)
        return 1
    work = file.with_name(f"{file.name}.work")
    try:
        # The work store first: a step that it does not know of is looked at again after a
        # restore and found done; one that only it knows of would be skipped.
        work_at = _sqlite_path(settings.work_store)
        if work_at.is_file():
            backup.copy(work_at, work)
        backup.copy(_sqlite_path(settings.database), file)
    except sqlite3.Error as damaged:
        print(f"The backup was not made: {damaged}", file=sys.stderr)
        return 1
    print(f"Records: {file} ({file.stat().st_size} bytes)")
    if work.is_file():
        print(f"Work under way: {work} ({work.stat().st_size} bytes)")
    print(_about_files(settings))
    return 0


def _sqlite_path(where: str) -> Path:
    return Path(address_of(where).database or "")


def _for_postgres(file: Path, settings: Settings) -> str:
    url = address_of(settings.database).set(drivername="postgresql")
    shown = url._replace(password=None).render_as_string()
    command = ["pg_dump", "--format=custom", f"--file={file}", shown]
    return (
        "PostgreSQL backs itself up. Nothing was written; run this (the password comes from "
        f"PGPASSWORD or ~/.pgpass):\n{shlex.join(command)}\n{_about_files(settings)}"
    )


def _about_files(settings: Settings) -> str:
    if settings.files_url:
        return "Files: they are in your bucket, under their hashes; keep its versions instead."
    return (
        f"Files: {settings.files} is not part of this. Copy it now, after the database; files are "
        "only ever added, so `rsync -a` or `cp -an` is enough."
    )
