"""Look at everything on this side that the app needs before it can work."""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot._media_run import Lost, in_child
from bot.replicas import count_living
from bot.settings import Settings
from bot.standing import fit_of
from engines import hire, known, misfits
from storage import Database, schema
from storage.files import Files, FilesRefused
from storage.schema import Fit

_GIB = 1 << 30
_ENCODES_WITHIN = 30.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `told` says how it is, or what to do about it."""

    what: str
    is_ok: bool
    told: str


class NoEncoder(Exception):  # noqa: N818 - reads as the sentence it is
    """The child's own sentence on why it cannot encode."""


async def records(settings: Settings) -> Check:
    """Ask the database for its migration."""
    try:
        fit, stands_at = await asyncio.to_thread(fit_of, settings)
    except (SQLAlchemyError, OSError) as trouble:
        why = str(getattr(trouble, "orig", trouble)).partition("\n")[0]
        return Check("database", is_ok=False, told=f"it does not answer: {why}")
    match fit:
        case Fit.CURRENT:
            return Check("database", is_ok=True, told=f"stands at migration {stands_at}")
        case Fit.EMPTY:
            return Check("database", is_ok=True, told="is empty; `circletake run` makes its tables")
        case Fit.BEHIND:
            told = f"stands at {stands_at}, not {schema.wanted()}. Run `circletake db upgrade`."
        case Fit.AHEAD:
            told = (
                f"stands at {stands_at}, which this version does not know. Install the newer one."
            )
    return Check("database", is_ok=False, told=told)


async def replicas(settings: Settings) -> Check:
    """Count who shares the database, and whether they share the files as well."""
    if not settings.work_store.startswith("postgresql"):
        return Check("replicas", is_ok=True, told="one process, because the records are in SQLite")
    db = Database(settings.database)
    try:
        living = [each.host for each in await count_living(db)]
    except (SQLAlchemyError, OSError):
        return Check("replicas", is_ok=False, told="cannot be counted: see the database above.")
    finally:
        await db.close()
    shown = f"{len(living)} at work{': ' if living else ''}{', '.join(living)}"
    if len(living) > 1 and not settings.files_url:
        told = f"{shown}. Set CIRCLETAKE_FILES_URL to one file store for all of them."
        return Check("replicas", is_ok=False, told=told)
    return Check("replicas", is_ok=True, told=shown)


def disk(settings: Settings) -> Check:
    """Measure the room in the data folder: two of the largest files, and never under 1 GiB."""
    place = settings.data.resolve()
    while not place.exists():
        place = place.parent
    free, wanted = shutil.disk_usage(place).free, max(_GIB, settings.file_limit_mb * 2_000_000)
    shown = f"{free / _GIB:.1f} GiB are free at {place}"
    if free < wanted:
        return Check("disk", is_ok=False, told=f"{shown}; make room for {wanted / _GIB:.1f}.")
    return Check("disk", is_ok=True, told=shown)


async def file_store(settings: Settings) -> Check:
    """Write a few bytes where takes are kept."""
    try:
        await Files(settings.files).try_out()
    except (FilesRefused, OSError, ValueError) as why:
        return Check("file store", is_ok=False, told=f"{why}. See CIRCLETAKE_FILES_URL.")
    return Check("file store", is_ok=True, told="takes files")


async def encoders() -> Check:
    """Encode a few H.264 frames in a child process, with both encoders that takes need."""
    with tempfile.TemporaryDirectory() as desk:
        job = {"desk": desk, "limit_seconds": _ENCODES_WITHIN}
        try:
            done = await in_child(
                "bot._encoder_child", job, NoEncoder, limit_seconds=_ENCODES_WITHIN
            )
        except (NoEncoder, Lost, TimeoutError, OSError, RuntimeError) as why:
            told = f"{why or 'no answer'}. Install Circletake's requirements again."
            return Check("encoders", is_ok=False, told=told.replace("\n", " "))
    return Check("encoders", is_ok=True, told=f"H.264 by PyAV, ffmpeg {done['ffmpeg']}")


async def engines(settings: Settings) -> Check:
    """Hire the engines, and let them go."""
    hired = hire(settings)
    for engine in hired.values():
        await engine.close()
    if unfit := misfits(settings):
        return Check("engines", is_ok=False, told=" ".join(unfit.values()))
    if settings.default_engine not in hired:
        told = f"{settings.default_engine} is the default, but is not set up."
        return Check("engines", is_ok=False, told=told)
    idle = ", ".join(sorted(set(known()) - set(hired)))
    told = ", ".join(sorted(hired)) + (f" (not set up: {idle})" if idle else "")
    return Check("engines", is_ok=True, told=told)


def tokens(settings: Settings) -> list[Check]:
    """Say which of the three secrets is missing for the way in that was chosen."""
    way = "SLACK_APP_TOKEN" if settings.uses_socket else "SLACK_SIGNING_SECRET"
    where = {
        "SLACK_BOT_TOKEN": "xoxb-…, on your app's OAuth & Permissions page",
        way: "HTTP needs it, from Basic Information; Socket Mode needs SLACK_APP_TOKEN instead",
    }
    values = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
    }
    return [
        Check(name, is_ok=True, told="is set")
        if values[name].get_secret_value()
        else Check(name, is_ok=False, told=f"is not set: {told}.")
        for name, told in where.items()
    ]
