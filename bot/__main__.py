"""The command line: `circletake COMMAND`, or `python -m bot COMMAND`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from sqlalchemy.exc import DBAPIError

from bot import commands
from bot.errors import OfficeError
from bot.settings import BadSettings, from_environment
from bot.telling import begin_telling

_STOPPED_BY_HAND = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status: 0 done, 1 not done, 2 not understood."""
    known = _commands()
    options = _parser(known).parse_args(argv)
    try:
        settings = from_environment()
        begin_telling(settings)
        return known[options.command].run(options, settings)
    except (BadSettings, OfficeError) as wrong:
        return _refused(str(wrong))
    except DBAPIError as trouble:
        return _refused(f"The database did not do it: {trouble.orig}")
    except BrokenPipeError:  # whoever reads, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as trouble:
        return _refused(f"It could not be done: {trouble}")
    except KeyboardInterrupt:
        return _STOPPED_BY_HAND


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


def _commands() -> dict[str, ModuleType]:
    names = [module.name for module in iter_modules(commands.__path__) if module.name[0] != "_"]
    return {name: import_module(f"{commands.__name__}.{name}") for name in sorted(names)}


def _parser(known: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="circletake", description="The production system of a small film team, in Slack."
    )
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in known.items():
        about = (module.__doc__ or "").partition("\n")[0]
        module.arguments(choices.add_parser(name, help=about, description=about))
    return parser


if __name__ == "__main__":
    sys.exit(main())
