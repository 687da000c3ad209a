"""What an answer that is no success means, and how long it asks us to wait."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engines import (
    Broken,
    Busy,
    EngineError,
    FailKind,
    Misconfigured,
    OutOfCredit,
    Refused,
    Unsure,
)
from engines._answers import fault_of, retry_after, said
from engines._call import Answer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = 3600.0


def answer(status: int = 400, body: bytes = b"{}", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body)


def fault(answer: Answer, *, creating: bool) -> EngineError:
    return fault_of(answer, engine="Engine", now=NOW, creating=creating)


def told(body: Any) -> str:
    return said(answer(body=json.dumps(body).encode()))


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


Meaning = tuple[type[EngineError], FailKind]
WAIT: Meaning = (Busy, FailKind.RATE_LIMIT)
UNWELL: Meaning = (Busy, FailKind.TRANSIENT)
OPEN: Meaning = (Unsure, FailKind.AMBIGUOUS_SUBMIT)
WRONG: Meaning = (Refused, FailKind.BAD_INPUT)
KEY: Meaning = (Misconfigured, FailKind.AUTH)
EMPTY: Meaning = (OutOfCredit, FailKind.OUT_OF_CREDIT)
LOST: Meaning = (Broken, FailKind.NOT_FOUND)
UNWANTED: Meaning = (Refused, FailKind.MODERATION_INPUT)
MEANINGS: dict[int, tuple[Meaning, Meaning]] = {
    301: (KEY, KEY),
    302: (OPEN, UNWELL),
    307: (KEY, KEY),
    308: (KEY, KEY),
    400: (WRONG, WRONG),
    401: (KEY, KEY),
    402: (EMPTY, EMPTY),
    403: (KEY, KEY),
    404: (LOST, LOST),
    408: (OPEN, UNWELL),
    409: (WRONG, WRONG),
    413: (WRONG, WRONG),
    418: (WRONG, WRONG),
    422: (WRONG, WRONG),
    429: (WAIT, WAIT),
    451: (UNWANTED, UNWANTED),
    500: (OPEN, UNWELL),
    502: (OPEN, UNWELL),
    503: (UNWELL, UNWELL),
    504: (OPEN, UNWELL),
    529: (OPEN, UNWELL),
}
"""For each status what it means for an order, and for any other call."""


@pytest.mark.parametrize("creating", [True, False], ids=["an order", "a look"])
@pytest.mark.parametrize("status", MEANINGS)
def test_a_status_is_named_by_who_acts_next(status: int, *, creating: bool) -> None:
    error, kind = MEANINGS[status][not creating]
    found = fault(answer(status), creating=creating)
    assert type(found) is error
    assert found.kind is kind
    assert str(found).startswith("Engine ")
    assert str(found).endswith(".")
    assert "  " not in str(found)


HTML = b"<!doctype html><html><title>502 Bad Gateway</title></html>"


@pytest.mark.parametrize(("status", "creating"), [(500, True), (502, True), (503, True)])
def test_a_web_page_in_place_of_an_answer_leaves_an_order_open(
    status: int, *, creating: bool
) -> None:
    found = fault(answer(status, HTML), creating=creating)
    assert isinstance(found, Unsure)
    assert "<" not in str(found)


def test_a_server_that_says_when_to_come_back_has_accepted_nothing() -> None:
    found = fault(answer(503, HTML, retry_after="7"), creating=True)
    assert isinstance(found, Busy)
    assert found.retry_after == 7


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
def test_a_web_page_never_reaches_a_person(status: int) -> None:
    found = fault(answer(status, HTML), creating=False)
    assert "<" not in str(found)
    assert str(found).endswith(".")


SENTENCES: dict[str, tuple[Any, str]] = {
    "plain text": ("No.", "No."),
    "OpenAI, Google": ({"error": {"message": "Bad size", "code": 1}}, "Bad size."),
    "Runway": ({"error": "Invalid", "issues": [{"path": ["a", 0], "message": "is odd"}]},
               "Invalid: a.0 is odd."),
    "Luma": ({"detail": "Rate limit exceeded"}, "Rate limit exceeded."),
    "FastAPI": ({"detail": [{"loc": ["body", "size"], "msg": "missing"}]}, "body.size missing."),
    "Firefly": ({"error_code": "prompt_unsafe"}, "prompt_unsafe."),
    "Adobe's lists": ({"validation_errors": [{"message": "too long"}]}, "too long."),
    "a path that is a word": ({"detail": [{"path": "size", "msg": "odd"}]}, "size odd."),
    "an empty list": ({"detail": []}, ""),
    "complaints that are words": ({"detail": ["first", "second", "third", "fourth"]},
                                  "first; second; third."),
    "both": ({"detail": "See below", "validation_errors": [{"msg": "odd"}]}, "odd."),
    "a question": ({"message": "Really?"}, "Really?"),
    "several lines": ({"message": "one\n\ttwo\u0000three\ud800"}, "one two three."),
    "something else": ({"weather": "fine"}, ""),
    "null": (None, ""),
    "a number": (7, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES)
def test_the_sentence_for_people_is_found(case: str) -> None:
    body, sentence = SENTENCES[case]
    assert told(body) == sentence


def test_a_sentence_is_shortened_to_what_fits_in_a_card() -> None:
    assert len(told({"message": "word " * 1000})) <= 301


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["error", "message", "detail", "issues", "path", "loc", "msg",
                         "validation_errors", "error_code"]), inner, max_size=4),
)  # fmt: skip


@given(JSON, st.integers(300, 599), st.booleans())
def test_whatever_an_engine_answers_becomes_one_error_with_a_sentence(
    body: Any, status: int, creating: bool,  # noqa: FBT001 - hypothesis fills it
) -> None:  # fmt: skip
    found = fault(answer(status, json.dumps(body).encode()), creating=creating)
    assert str(found)[-1] in ".!?…"
    assert str(found).isprintable()


@given(st.binary(max_size=300))
@example(b"[" * 100_000)
@example(b"\xff\xfe")
def test_no_bytes_upset_the_reader(body: bytes) -> None:
    assert isinstance(said(answer(body=body)), str)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0), ("20", 20), ("1.5", 1.5), (" 3 ", 3), ("86400", HOUR), ("9" * 5000, HOUR)],
)
def test_retry_after_in_seconds(header: str, seconds: float) -> None:
    assert retry_after({"retry-after": header}, now=NOW) == seconds


def test_retry_after_in_milliseconds_is_finer_and_comes_first() -> None:
    headers = {"retry-after-ms": "1500", "retry-after": "2"}
    assert retry_after(headers, now=NOW) == 1.5
    assert retry_after({**headers, "retry-after-ms": "soon"}, now=NOW) == 2
    assert retry_after({"retry-after-ms": "9" * 5000}, now=NOW) == HOUR
    assert retry_after({"retry-after-ms": "\u00b2"}, now=NOW) is None


def test_retry_after_as_a_date() -> None:
    headers = {"retry-after": http_date(NOW + timedelta(seconds=30))}
    assert retry_after(headers, now=NOW) == 30


@pytest.mark.parametrize("skew", [timedelta(days=1), -timedelta(hours=5), timedelta(seconds=3)])
def test_a_date_is_measured_by_the_clock_of_the_server_that_wrote_it(skew: timedelta) -> None:
    theirs = NOW + skew
    headers = {"date": http_date(theirs), "retry-after": http_date(theirs + timedelta(seconds=30))}
    assert retry_after(headers, now=NOW) == 30


def test_a_date_that_has_passed_means_now() -> None:
    assert retry_after({"retry-after": http_date(NOW - timedelta(days=3))}, now=NOW) == 0


@pytest.mark.parametrize(
    "header",
    ["", "soon", "-5", "1e3", "٣", "NaN", "inf", "Mon, 01 Jan 99999999999 00:00:00 GMT",
     "Mon, 99 Foo 2026 00:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 +9999"],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_no_wish(header: str) -> None:
    assert retry_after({"retry-after": header}, now=NOW) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_no_header_upsets_the_reader(after: str, date: str, milliseconds: str) -> None:
    headers = {"retry-after": after, "date": date, "retry-after-ms": milliseconds}
    found = retry_after(headers, now=NOW)
    assert found is None or 0 <= found <= HOUR
