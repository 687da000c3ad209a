"""Say what is missing before the app can run, and what to do about it."""

import argparse
import asyncio

from bot import checkup
from bot.checkup import Check
from bot.engine_checkup import examined
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take none: everything is a setting."""
    del parser


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print one line for each check; 1 if anything is missing."""
    del options
    checks = asyncio.run(_checks(settings))
    for check in checks:
        print(f"{'ok     ' if check.is_ok else 'MISSING'}  {check.what}: {check.told}")
    missing = sum(not check.is_ok for check in checks)
    print(f"{missing} of {len(checks)} are missing." if missing else "Nothing is missing.")
    return int(missing > 0)


async def _checks(settings: Settings) -> list[Check]:
    from bot.app import examine_slack, now  # noqa: PLC0415 - `circletake --help` is faster without it

    has_token = bool(settings.slack_bot_token.get_secret_value())
    return [
        Check("settings", is_ok=True, told="every value can be used"),
        *checkup.tokens(settings),
        *(await examine_slack(settings) if has_token else []),
        await checkup.records(settings),
        await checkup.replicas(settings),
        checkup.disk(settings),
        await checkup.file_store(settings),
        await checkup.encoders(),
        await checkup.engines(settings),
        *(await examined(settings, today=now().date())),
    ]
