"""Every setting, its variable and its default; the environment is read here, once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class BadSettings(Exception):  # noqa: N818 - reads as the sentence it is
    """The settings cannot be used; the text names each one, what is wrong and its default."""


def _named(name: str, default: Any, **more: Any) -> Any:
    return Field(default=default, validation_alias=AliasChoices(name), **more)


class Settings(BaseSettings):
    """What the operator may choose. `.env.example` shows the same list."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

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
    default_engine: str = _named("CIRCLETAKE_DEFAULT_ENGINE", "animatic")
    engine_variables: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)
    """Whatever the engines' own variables are, by name; filled by `read`."""

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


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings. Raises BadSettings with one sentence for each wrong value."""
    try:
        return Settings(engine_variables=dict(environment))
    except ValidationError as wrong:
        raise BadSettings("\n".join(_sentence(error) for error in wrong.errors())) from None


def _sentence(error: Any) -> str:
    variable = str(error["loc"][0])
    for name, field in Settings.model_fields.items():
        aliases = field.validation_alias
        if variable in {name, *(aliases.choices if isinstance(aliases, AliasChoices) else ())}:
            shown = "(empty)" if field.default == "" else field.default
            secret = "SECRET" in variable or "TOKEN" in variable
            given = "a value that" if secret else f"{str(error['input'])[:60]!r}, which"
            return f"{variable} is {given} cannot be used: {error['msg']}. Its default is {shown}."
    return f"{variable}: {error['msg']}."
