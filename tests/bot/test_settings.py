"""Settings are read once; what cannot be used is named, with its default, in one sentence each."""

import re
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, from_environment, read, variables
from engines import known

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_needs_to_be_set_to_be_read() -> None:
    settings = read({})

    assert settings.port == 3000
    assert settings.database == f"sqlite:///{Path('var/circletake.db').resolve()}"
    assert settings.files == str(Path("var/files").resolve())
    assert not settings.uses_socket


def test_what_is_empty_counts_as_not_set() -> None:
    settings = read({"CIRCLETAKE_PORT": "", "CIRCLETAKE_DATA": "  ", "SLACK_APP_TOKEN": ""})

    assert settings == read({}).model_copy(update={"engine_variables": settings.engine_variables})


def test_an_app_token_means_socket_mode() -> None:
    assert read({"SLACK_APP_TOKEN": "xapp-1"}).uses_socket


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CIRCLETAKE_PORT", "many", "CIRCLETAKE_PORT is 'many', which cannot be used: "),
        ("CIRCLETAKE_PORT", "70000", "less than or equal to 65535. Its default is 3000."),
        ("CIRCLETAKE_LOG_LEVEL", "LOUD", "Its default is INFO."),
        ("CIRCLETAKE_LOG_FORMAT", "xml", "Its default is json."),
        ("CIRCLETAKE_FILE_LIMIT_MB", "0", "Its default is 1000."),
        ("SLACK_API_URL", "slack.com", "with https:// or http://. Its default is https:"),
        ("CIRCLETAKE_DATABASE_URL", "mysql://a/b", "mysql is not a database we know"),
        ("CIRCLETAKE_DATABASE_URL", "my database", "is a value that cannot be used: it is not"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_default(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSettings) as wrong:
        read({name: value})

    assert said in str(wrong.value)
    assert str(wrong.value).startswith(f"{name} is ")


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as wrong:
        read({"CIRCLETAKE_PORT": "x", "CIRCLETAKE_LOG_LEVEL": "y"})

    assert len(str(wrong.value).splitlines()) == 2


def test_a_wrong_database_address_is_named_without_its_password() -> None:
    with pytest.raises(BadSettings) as wrong:
        read({"CIRCLETAKE_DATABASE_URL": "mysql://office:hush@db/circletake"})

    assert "hush" not in str(wrong.value)


def test_secrets_are_not_shown_with_the_settings() -> None:
    settings = read({"SLACK_BOT_TOKEN": "xoxb-hush", "LUMA_API_KEY": "hush-too"})

    assert "hush" not in repr(settings)


def test_the_work_store_is_in_postgresql_if_the_records_are() -> None:
    url = "postgresql://office@db/circletake"

    assert read({"CIRCLETAKE_DATABASE_URL": url}).work_store == url


def test_the_file_stands_behind_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CIRCLETAKE_PORT=4000\nCIRCLETAKE_HOST=127.0.0.1\nLUMA_KEY=x\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIRCLETAKE_PORT", "5000")

    settings = from_environment()

    assert settings.port == 5000
    assert settings.host == "127.0.0.1"
    assert settings.engine_variables["LUMA_KEY"] == "x"


def test_the_example_lists_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    shown = dict(line.split("=", 1) for line in lines if line and line[0] != "#")

    assert shown == variables()
    assert list(shown) == list(variables())


def test_the_example_has_a_line_of_help_for_every_setting() -> None:
    text = (ROOT / ".env.example").read_text()

    for name in variables():
        assert re.search(rf"^# \S.*\.\n{name}=", text, re.MULTILINE), name


def test_the_example_can_be_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    assert isinstance(from_environment(), Settings)
    assert "animatic" in known()
