"""The shape of the database: where its migrations stand, and bringing them up to date."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event

from storage._sqlite import prepare
from storage.database import address_of


class Fit(StrEnum):
    """How a database's tables fit this version of the code."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def wanted() -> str:
    """Name the newest migration that this version of the code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("There are no migrations in this installation.")
    return head


def upgrade(where: str) -> tuple[str | None, str]:
    """Bring a database up to date; give the migration it stood at and the one it stands at now.

    Blocks; safe to run twice at once (SQLite locks the file, PostgreSQL takes an advisory lock).
    """
    with _connected(where) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4127)")
        before = _standing(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        after = _standing(connection)
        connection.commit()
    return before, after or ""


def standing(where: str) -> str | None:
    """Name the migration that a database stands at; None if it has none of our tables."""
    with _connected(where) as connection:
        return _standing(connection)


def fit(stands_at: str | None) -> Fit:
    """Say how a database that stands at this migration fits the code."""
    if stands_at is None:
        return Fit.EMPTY
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if stands_at == wanted():
        return Fit.CURRENT
    return Fit.BEHIND if stands_at in known else Fit.AHEAD


def _connected(where: str) -> Connection:
    url = address_of(where)
    if url.get_backend_name() == "sqlite":
        Path(url.database or ".").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url.set(drivername="sqlite"), poolclass=NullPool, hide_parameters=True
        )
        event.listen(engine, "connect", prepare)
    else:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    return engine.connect()


def _standing(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
