"""The log tells what happened, and never a secret."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from bot.redaction import HIDDEN, Redactor
from bot.settings import read
from bot.telling import begin_telling, hiding
from storage import Database
from storage._sql import insert_new
from storage.models import LogHead

TOKEN = "xoxb-1111111111-2222222222-AbCdEfGhIjKlMnOpQrStUvWx"
SETTINGS = read({
    "SLACK_BOT_TOKEN": TOKEN,
    "SLACK_APP_TOKEN": "xapp-1-A0123-456-789abcdef",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "CIRCLETAKE_DATABASE_URL": "postgresql://office:p%40ss%2Fword@db.test/circletake",
    "RUNWAY_API_KEY": "plain-looking-vendor-value",
    "COMFYUI_ADDRESS": "http://desk:hush-hush@comfy.test:8188",
    "ANIMATIC_CONCURRENCY": "2",
})  # fmt: skip
REDACTOR = Redactor.of(SETTINGS)
PLACED = st.tuples(st.text(max_size=20), st.text(max_size=20))
BRIEFLY = settings(max_examples=25, deadline=None)
WORD = st.text(st.characters(codec="ascii", categories=("L", "Nd")), min_size=12, max_size=40)


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    root, hook = logging.getLogger(), sys.excepthook
    before = (root.handlers[:], root.level)
    out = io.StringIO()
    begin_telling(SETTINGS, to=out)
    yield out
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers[:], root.level = before
    sys.excepthook = hook
    logging.getLogger("dbos").handlers.clear()
    logging.getLogger("dbos").propagate = True


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "xapp-1-A0123-456-789abcdef",
        "8f742231b10e8888abcd99yyyzzz85a5",
        "p%40ss%2Fword",
        "p@ss/word",
        "plain-looking-vendor-value",
        "hush-hush",
    ],
)
@BRIEFLY
@given(around=PLACED)
def test_a_secret_of_this_installation_is_hidden_wherever_it_stands(
    secret: str, around: tuple[str, str]
) -> None:
    assert secret not in REDACTOR.text(secret.join(around))
    assert secret not in json.dumps(REDACTOR.value({"a": [{"b": (secret.join(around),)}]}))
    assert secret not in json.dumps(REDACTOR.value({secret: 1}))


@pytest.mark.parametrize(
    "shape",
    [
        "xoxb-{}", "xoxe-1-{}", "xoxe.xoxp-1-{}", "xapp-1-{}", "Bearer {}",
        "authorization: Bearer {}",
        "https://hooks.slack.com/actions/T1/2/{}", "https://files.slack.com/files-pri/T1-F2/{}?t=1",
        "https://slack-files.com/T1-F1-{}", "postgresql://user:{}@host/name", "redis://:{}@host",
        "token={}", "'client_secret': '{}'", '"password": "{}"', "api_key={}&x=1", "key={}",
        'RUNWAY_API_KEY="{}"', "response_url=https://slack.test/{}", "sk-{}{}", "AIza{}{}{}",
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", "eyJhbGciOiJI.{}.sig",
        '{{\\"token\\": \\"{}\\"}}', "https://s.test/a?X-Amz-Signature={}&b=1",
    ],
)  # fmt: skip
@BRIEFLY
@given(secret=WORD)
def test_what_looks_like_a_secret_is_hidden(shape: str, secret: str) -> None:
    shown = REDACTOR.text(f"It said: {shape.replace('{}', secret)} and went on.")

    assert secret not in shown
    assert HIDDEN in shown
    assert shown.startswith("It said: ")


@pytest.mark.parametrize(
    "name",
    ["token", "signing_secret", "response_url", "Authorization", "DB_PASSWORD", "LUMA_API_KEY"],
)
@BRIEFLY
@given(secret=st.text(min_size=1))
def test_a_value_with_a_secret_name_is_hidden_whatever_it_is(name: str, secret: str) -> None:
    assert REDACTOR.value({name: secret}) == {name: HIDDEN}
    assert REDACTOR.value({name: {"deep": [secret]}}) == {name: HIDDEN}


@BRIEFLY
@given(text=st.text(max_size=300))
def test_hiding_twice_is_hiding_once(text: str) -> None:
    once = REDACTOR.text(text)

    assert REDACTOR.text(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "Scene 7 take 4: approved by Maya.",
        "8f3c0e6f2e3a4b5c6d7e8f90123456789abcdef0123456789abcdef012345678",
        "https://circletake.slack.com/archives/C1/p1700000000000100",
        "The key is in the picture; the token gesture stays.",
        "sqlite:////data/circletake.db",
    ],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_numbers_moments_and_secrets_of_pydantic_are_written_safely() -> None:
    event = {"port": 3000, "ok": True, "none": None, "it": SecretStr("hidden-anyway"), "b": b"x"}

    shown = hiding(REDACTOR)(None, "info", event)

    assert shown == {"port": 3000, "ok": True, "none": None, "it": "**********", "b": "x"}


def test_a_tower_of_nested_values_is_cut_off() -> None:
    tower: list[object] = []
    tower.append(tower)

    assert HIDDEN in json.dumps(REDACTOR.value({"tower": tower}))


def test_our_lines_are_json_with_moment_and_level(told: io.StringIO) -> None:
    structlog.get_logger("bot.app").warning("card.late", take="t1", token=TOKEN)

    (line,) = lines(told)
    assert line["event"] == "card.late"
    assert line["level"] == "warning"
    assert line["logger"] == "bot.app"
    assert line["take"] == "t1"
    assert str(line["at"]).endswith("Z")
    assert line["token"] == HIDDEN


def test_lines_of_libraries_come_the_same_way(told: io.StringIO) -> None:
    logging.getLogger("some.library").warning("posting to %s", f"https://x.test/?token={TOKEN}")
    logging.getLogger("dbos").warning("stored with %s", TOKEN)

    first, second = lines(told)
    assert first["event"] == f"posting to https://x.test/?token={HIDDEN}"
    assert second["event"] == f"stored with {HIDDEN}"


def test_a_traceback_is_told_without_the_secret(told: io.StringIO) -> None:
    try:
        int(f"Slack refused {TOKEN}")
    except ValueError:
        logging.getLogger("lib").exception("broken")
        structlog.get_logger("ours").exception("broken")

    for line in lines(told):
        assert "ValueError: invalid literal" in str(line["exception"])
        assert TOKEN not in str(line)


def test_what_nobody_catches_is_told_without_the_secret(told: io.StringIO) -> None:
    trouble = RuntimeError(TOKEN)

    sys.excepthook(RuntimeError, trouble, None)

    assert lines(told)[0]["event"] == "app.broken"
    assert TOKEN not in told.getvalue()


def test_a_line_that_cannot_be_written_names_its_place_only(told: io.StringIO) -> None:
    (handler,) = logging.getLogger("dbos").handlers[:1]

    handler.handle(logging.LogRecord("lib", 30, "lib.py", 7, "two %s %s", (TOKEN,), None))

    assert told.getvalue().startswith("A log line of lib:7 ")
    assert TOKEN not in told.getvalue()


def test_text_lines_are_for_eyes(told: io.StringIO) -> None:
    begin_telling(read({"CIRCLETAKE_LOG_FORMAT": "text"}), to=told)

    structlog.get_logger("bot.app").info("app.open", port=3000, token=TOKEN)

    assert "app.open" in told.getvalue()
    assert "port=3000" in told.getvalue()
    assert TOKEN not in told.getvalue()
    assert "\x1b" not in told.getvalue()


async def test_an_error_of_the_database_says_nothing_of_the_values(
    told: io.StringIO, tmp_path: Path
) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")
    row = {"workspace_id": "a-clients-words", "seq": 1}
    with pytest.raises(DBAPIError) as caught:
        async with db.begin() as session:
            await insert_new(session, LogHead, row)
    await db.close()
    structlog.get_logger("bot").warning("database.broken", exc_info=caught.value)

    assert "no such table" in told.getvalue()
    assert "a-clients-words" not in told.getvalue()
