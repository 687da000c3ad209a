"""Whether the database fits this version of the code, and what to do if it does not."""

from pathlib import Path

from bot.settings import Settings
from storage import schema
from storage.database import address_of
from storage.schema import Fit


def shown_place(settings: Settings) -> str:
    """Name the database for people, without its password."""
    url = address_of(settings.database)
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def fit_of(settings: Settings) -> tuple[Fit, str | None]:
    """Say how the database fits the code, and at which migration it stands; makes no file."""
    url = address_of(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return Fit.EMPTY, None
    stands_at = schema.standing(settings.database)
    return schema.fit(stands_at), stands_at


def unfit(settings: Settings) -> str | None:
    """Say in one sentence why the records cannot be used, if they cannot."""
    fit, stands_at = fit_of(settings)
    match fit:
        case Fit.CURRENT:
            return None
        case Fit.EMPTY:
            return (
                f"There are no records at {shown_place(settings)} yet: `circletake run` makes them."
            )
        case Fit.BEHIND:
            what = f"this version needs {schema.wanted()}: back it up, run `circletake db upgrade`"
        case Fit.AHEAD:
            what = f"this version ends at {schema.wanted()}: install the newer one again"
    return f"The database stands at migration {stands_at} and {what}."
