"""Export the log to a file, or verify the database's log or an exported file."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from bot import log_file
from bot.log import About, record
from bot.log_file import Written
from bot.proof import Proof, proofs
from bot.settings import Settings
from bot.standing import shown_place, unfit
from storage import Database


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take `export` or `verify`."""
    choices = parser.add_subparsers(dest="what", required=True, metavar="export|verify")
    export = choices.add_parser(
        "export", help="write the log to a file that can be checked anywhere"
    )
    export.add_argument("--workspace", metavar="T…", help="only this workspace's log")
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="a new file; default: named by date"
    )
    verify = choices.add_parser("verify", help="check the database's log, or an exported file")
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE")
    verify.add_argument("--workspace", metavar="T…", help="only this workspace's log")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do the one or the other; 1 if the log is not intact."""
    if options.what == "verify" and options.file:
        return _tell(log_file.proofs_of(options.file), str(options.file))
    if why := unfit(settings):
        print(why, file=sys.stderr)
        return 1
    work: Callable[[argparse.Namespace, Settings], int] = {"export": _export, "verify": _verify}[
        options.what
    ]
    return work(options, settings)


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    async def check() -> list[Proof]:
        db = Database(settings.database)
        try:
            return await proofs(db, options.workspace)
        finally:
            await db.close()

    return _tell(asyncio.run(check()), shown_place(settings))


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.app import now  # noqa: PLC0415 - verifying starts faster without it

    out: Path = options.out or Path(f"circletake-log-{now():%Y%m%dT%H%M%SZ}.jsonl")
    if out.exists():
        print(f"{out} is there already; an export never replaces a file.", file=sys.stderr)
        return 1
    part = out.with_name(f".{out.name}.part")
    part.unlink(missing_ok=True)

    async def export() -> Written:
        db = Database(settings.database)
        try:
            written = await log_file.write(db, part, options.workspace)
            await _record(db, written)
        finally:
            await db.close()
        return written

    try:
        written = asyncio.run(export())
        part.rename(out)
    finally:
        part.unlink(missing_ok=True)
    print(f"Written: {out}, SHA-256 {written.sha256}")
    return _tell(written.proofs, str(out))


async def _record(db: Database, written: Written) -> None:
    from bot.app import now  # noqa: PLC0415 - as above

    for proof in written.proofs:
        async with db.begin() as session:
            await record(
                session,
                "log.exported",
                workspace_id=proof.workspace_id,
                actor=None,
                at=now(),
                about=About(sha256=written.sha256),
                facts={"upto": proof.entries, "head": proof.head},
            )


def _tell(found: list[Proof], where: str) -> int:
    if not found:
        print(f"{where}: there is no entry yet.")
    for proof in found:
        print(_in_words(proof))
    return int(any(proof.fault for proof in found))


def _in_words(proof: Proof) -> str:
    whose = proof.workspace_id or "The file"
    if proof.fault:
        return (
            f"{whose}: BROKEN. {proof.fault} What comes before, {proof.entries} entries, is intact."
        )
    return (
        f"{whose}: {proof.entries} entries are intact: none is missing, and each is sealed over "
        f"the one before it. Head: {proof.entries} {proof.head}"
    )
