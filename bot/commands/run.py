"""Run the app until it is told to stop."""

import argparse
import asyncio
import os
import signal
import sys
import threading

import structlog

from bot.settings import Settings
from bot.standing import fit_of, unfit
from storage import schema
from storage.schema import Fit

_STOPS_WITHIN = 9.0
_tell = structlog.get_logger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take none: everything is a setting."""
    del parser


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Start, serve until SIGTERM or SIGINT, stop cleanly."""
    del options
    reasons = missing(settings) or _unready(settings)
    for reason in reasons:
        print(reason, file=sys.stderr)
    return 1 if reasons else asyncio.run(_serve(settings))


def missing(settings: Settings) -> list[str]:
    """Say for each setting that the app cannot start without what it is and where it comes from."""
    reasons: list[str] = []
    if not settings.slack_bot_token.get_secret_value():
        reasons.append(
            "SLACK_BOT_TOKEN is not set: copy it (xoxb-…) from your app's OAuth & Permissions page."
        )
    if not settings.uses_socket and not settings.slack_signing_secret.get_secret_value():
        reasons.append(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set the first (xapp-…) for "
            "Socket Mode, or the second for HTTP; both are on your app's page, Basic Information."
        )
    return reasons


def _unready(settings: Settings) -> list[str]:
    """Make the tables of a database that has none; say why one that has others will not do."""
    if fit_of(settings)[0] is Fit.EMPTY:
        schema.upgrade(settings.database)
        _tell.info("database.made", migration=schema.wanted())
    why = unfit(settings)
    return [why] if why else []


async def _serve(settings: Settings) -> int:
    stop = _stop_signal()
    from bot.app import NotOpen, open_app  # noqa: PLC0415 - the other commands start faster without it

    try:
        async with open_app(settings):
            await stop.wait()
    except NotOpen as why:
        print(f"{why} `circletake doctor` tells more.", file=sys.stderr)
        return 1
    return 0


def _stop_signal() -> asyncio.Event:
    """Give what SIGTERM and SIGINT set; they also bound the time that stopping may take."""
    stop = asyncio.Event()

    def told() -> None:
        if not stop.is_set():
            stop.set()
            limit = threading.Timer(_STOPS_WITHIN, _leave)
            limit.daemon = True
            limit.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told)
    return stop


def _leave() -> None:
    """End at once: whatever is still under way is durable and is taken up at the next start."""
    _tell.warning("app.left", why="It did not close in time; nothing is lost.")
    sys.stderr.flush()
    os._exit(0)
