"""Show what every engine can do, and rehearse an order without sending it."""

import argparse
import asyncio
import json
import sys
from difflib import get_close_matches
from typing import Any

from bot.call_sheet import printed, sheet_of
from bot.engine_pages import overview, page
from bot.engine_tables import Shown, let_go, redactor_of, show, show_all, table_of
from bot.errors import BadForm
from bot.rehearsal import Wishes, notes_on, rehearsed
from bot.settings import Settings
from engines import known


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing for the table, `show ENGINE`, or `dry-run ENGINE` with an order."""
    parser.add_argument("--json", action="store_true", help="for programs")
    choices = parser.add_subparsers(dest="what", metavar="show | dry-run")
    shown = choices.add_parser("show", help="print all there is to say of one engine")
    shown.add_argument("engine", metavar="ENGINE")
    _takes_json(shown)
    _rehearsal(choices.add_parser("dry-run", help="print the request an order would send"))


def _rehearsal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("engine", metavar="ENGINE")
    parser.add_argument("--mode", help="t2v, i2v, …; default: the first that fits the references")
    parser.add_argument("--model", default="", help="default: the engine's first")
    parser.add_argument("--prompt", default="", metavar="TEXT")
    parser.add_argument("--negative", metavar="TEXT", help="what must not be seen")
    parser.add_argument("--seconds", type=float, help="default: the length nearest to 5")
    parser.add_argument("--ratio", help="such as 16:9; default: the model's first")
    parser.add_argument("--resolution", help="such as 720p; default: the model's first")
    parser.add_argument("--fps", type=int, metavar="FRAMES", help="frames a second")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--audio", action=argparse.BooleanOptionalAction, help="with sound or not")
    told = "what to work from; job:ID for a job of the same engine; may be repeated"
    _many(parser, "--ref", metavar="FILE_OR_URL:ROLE[:TAG]", about=told)
    told = "an option of this engine alone, read as JSON where it is; may be repeated"
    _many(parser, "--native", metavar="KEY=VALUE", about=told)
    _takes_json(parser)


def _many(parser: argparse.ArgumentParser, name: str, *, metavar: str, about: str) -> None:
    parser.add_argument(name, action="append", default=[], metavar=metavar, help=about)


def _takes_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="for programs"
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print it; 1 if there is no such engine, or its order cannot be placed like this."""
    if options.what is None:
        return _print_all(options, settings)
    if options.engine not in known():
        return _refused(options, {"engine": _no_such(options.engine)})
    shown = show(known()[options.engine], settings)
    try:
        if options.what == "show":
            return _print_one(options, shown, settings)
        return _rehearse(options, shown, settings)
    finally:
        asyncio.run(let_go([shown]))


def _print_all(options: argparse.Namespace, settings: Settings) -> int:
    shown = show_all(settings)
    tables = [table_of(each, settings) for each in shown]
    asyncio.run(let_go(shown))
    print(_json({"engines": tables}) if options.json else overview(tables))
    return 0


def _print_one(options: argparse.Namespace, shown: Shown, settings: Settings) -> int:
    table = table_of(shown, settings)
    print(_json(table) if options.json else page(table))
    return 0


def _rehearse(options: argparse.Namespace, shown: Shown, settings: Settings) -> int:
    redactor = redactor_of(settings)
    if shown.engine is None:
        return _refused(options, {"engine": redactor.text(shown.unfit or shown.unseen)})
    try:
        rehearsal = rehearsed(_wishes(options), shown.engine)
    except BadForm as wrong:
        fields = {name: redactor.known(text) for name, text in wrong.fields.items()}
        return _refused(options, fields)
    sheet = sheet_of(rehearsal.call, redactor, rehearsal.spec.refs)
    notes = [redactor.known(note) for note in notes_on(rehearsal, shown)]
    if options.json:
        spec = rehearsal.spec
        chosen = {"engine": shown.kind.name, "mode": spec.mode.value, "model": spec.model}
        print(_json({**chosen, "request": sheet, "notes": notes}))
        return 0
    if sheet is not None:
        print(printed(sheet))
    print("\n".join(notes), file=sys.stderr)
    return 0


def _wishes(options: argparse.Namespace) -> Wishes:
    return Wishes(
        mode=options.mode,
        model=options.model,
        prompt=options.prompt,
        negative=options.negative,
        seconds=options.seconds,
        ratio=options.ratio,
        resolution=options.resolution,
        fps=options.fps,
        seed=options.seed,
        audio=options.audio,
        refs=tuple(options.ref),
        native=tuple(options.native),
    )


def _no_such(name: str) -> str:
    near = get_close_matches(name.lower(), known(), n=3)
    meant = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(known())}."
    return f"There is no engine {name}. {meant}"


def _refused(options: argparse.Namespace, fields: dict[str, str]) -> int:
    if options.json:
        problems = [{"field": name, "text": text} for name, text in fields.items()]
        print(_json({"problems": problems}))
    else:
        for name, text in fields.items():
            print(f"{name}: {text}", file=sys.stderr)
    return 1


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
