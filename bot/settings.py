"""Every setting, its variable and its default; the environment is read here, once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from sqlalchemy.exc import ArgumentError

from storage.database import address_of

_FILE = Path(".env")


class BadSettings(Exception):  # noqa: N818 - reads as the sentence it is
    """The settings cannot be used; the text names each one, what is wrong and its default."""


def _named(name: str, default: Any, **more: Any) -> Any:
    return Field(default=default, validation_alias=name, **more)


class Settings(BaseModel):
    """What the operator may choose. `.env.example` shows the same list."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    slack_bot_token: SecretStr = _named("SLACK_BOT_TOKEN", SecretStr(""))
    slack_app_token: SecretStr = _named("SLACK_APP_TOKEN", SecretStr(""))
    slack_signing_secret: SecretStr = _named("SLACK_SIGNING_SECRET", SecretStr(""))
    slack_api_url: str = _named("SLACK_API_URL", "https://slack.com/api/")
    data: Path = _named("CIRCLETAKE_DATA", Path("var"))
    database_url: str = _named("CIRCLETAKE_DATABASE_URL", "")
    files_url: str = _named("CIRCLETAKE_FILES_URL", "")
    host: str = _named("CIRCLETAKE_HOST", "0.0.0.0")  # noqa: S104 - a container's port must be reachable; a person sets 127.0.0.1
    port: int = _named("CIRCLETAKE_PORT", 3000, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _named("CIRCLETAKE_LOG_LEVEL", "INFO")
    log_format: Literal["json", "text"] = _named("CIRCLETAKE_LOG_FORMAT", "json")
    media_limit_seconds: int = _named("CIRCLETAKE_MEDIA_LIMIT_SECONDS", 300, ge=10, le=7200)
    file_limit_mb: int = _named("CIRCLETAKE_FILE_LIMIT_MB", 1000, ge=1)
    posts_per_second: float = _named("CIRCLETAKE_POSTS_PER_SECOND", 1.0, ge=0, le=100)
    """In each channel; 0 for a Slack that does not mind."""
    lease_seconds: float = _named("CIRCLETAKE_LEASE_SECONDS", 10.0, ge=1, le=300)
    """How long a replica on PostgreSQL may be silent before the others take its work over."""
    outage_after_seconds: float = _named("CIRCLETAKE_OUTAGE_AFTER_SECONDS", 45, ge=0)
    """How long an engine may be silent before its productions hear of it."""
    slow_after_hours: float = _named("CIRCLETAKE_SLOW_AFTER_HOURS", 6, gt=0)
    """When a job that does not end is spoken of; nothing is ever cancelled for being slow."""
    default_engine: str = _named("CIRCLETAKE_DEFAULT_ENGINE", "animatic")
    engine_variables: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """Whatever the engines' own variables are, by name; filled by `read`."""

    @field_validator("slack_api_url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        return url.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        try:
            if url:
                address_of(url)
        except ArgumentError:
            raise ValueError("it is not a database's address") from None
        return url

    @property
    def uses_socket(self) -> bool:
        """Socket Mode, if there is an app token; otherwise HTTP."""
        return bool(self.slack_app_token.get_secret_value())

    @property
    def database(self) -> str:
        """The database's address: SQLite in the data folder unless said otherwise."""
        return self.database_url or f"sqlite:///{(self.data / 'circletake.db').resolve()}"

    @property
    def work_store(self) -> str:
        """Where durable work keeps its steps: beside the records, in a database of its own."""
        if self.database_url.startswith("postgresql"):
            return self.database_url
        return f"sqlite:///{(self.data / 'work.db').resolve()}"

    @property
    def files(self) -> str:
        """Where files are kept: a folder unless said otherwise."""
        return self.files_url or str((self.data / "files").resolve())

    @property
    def engine_work(self) -> Path:
        """The folder that engines and the media room may scratch in."""
        return (self.data / "work").resolve()


def from_environment() -> Settings:
    """Read the settings from the process's environment and, behind it, the file `.env` here.

    Raises BadSettings.
    """
    told = dict(os.environ)  # noqa: TID251 - this is where the environment is read
    for name, value in dotenv_values(_FILE, interpolate=False).items():
        told.setdefault(name, value or "")
    return read(told)


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises BadSettings with one sentence for each wrong value.

    What is empty counts as not set.
    """
    told: dict[str, Any] = {
        name: environment[name] for name in variables() if environment.get(name, "").strip()
    }
    try:
        return Settings.model_validate(told | {"engine_variables": dict(environment)})
    except ValidationError as wrong:
        raise BadSettings("\n".join(_sentence(error) for error in wrong.errors())) from None


def variables() -> dict[str, str]:
    """Name every variable, with its default as the operator would write it."""
    return {
        str(field.validation_alias): ""
        if isinstance(field.default, SecretStr)
        else str(field.default)
        for field in Settings.model_fields.values()
        if field.validation_alias
    }


def _sentence(error: Any) -> str:
    variable = str(error["loc"][0])
    is_private = any(word in variable for word in ("SECRET", "TOKEN", "DATABASE_URL", "FILES_URL"))
    given = "a value that" if is_private else f"{str(error['input'])[:60]!r}, which"
    why = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    default = variables()[variable] or "(empty)"
    return f"{variable} is {given} cannot be used: {why}. Its default is {default}."
