"""Empty databases with our tables, SQLite's and PostgreSQL's, made in no time from a template."""

import os
import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from storage.schema import upgrade

_FOUND = "postgresql://postgres@127.0.0.1:5432/postgres"


def postgres_server() -> str | None:
    """Give the PostgreSQL server to test on: the one that was named, or one on this machine."""
    named = os.environ.get("CIRCLETAKE_TEST_DATABASE_URL")  # noqa: TID251 - a test's setting, not the app's
    where = named or _FOUND
    try:
        psycopg.connect(_plain(make_url(where)), connect_timeout=3).close()
    except psycopg.OperationalError:
        if named:
            raise
        return None
    return where


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(server: str, statement: str) -> None:
    with psycopg.connect(_plain(make_url(server)), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def postgres_template(server: str) -> Generator[str]:
    """Make a database with our tables, to be copied."""
    name = f"circletake_template_{uuid.uuid4().hex[:12]}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        upgrade(_plain(make_url(server).set(database=name)))
        yield name
    finally:
        _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def postgres_copy(server: str, template: str) -> Generator[str]:
    """Copy the template; give the copy's address."""
    name = f"circletake_test_{uuid.uuid4().hex[:12]}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _plain(make_url(server).set(database=name))
    finally:
        _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def postgres_blank(server: str) -> Generator[str]:
    """Make a database without any table; give its address."""
    name = f"circletake_blank_{uuid.uuid4().hex[:12]}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield _plain(make_url(server).set(database=name))
    finally:
        _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def sqlite_template(folder: Path) -> Path:
    """Make a file with our tables, to be copied."""
    path = folder / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """Copy the template; give the copy's address."""
    path = folder / "circletake.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"
