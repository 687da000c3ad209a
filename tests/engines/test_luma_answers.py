"""What Luma's Agents API says of a job, and what it refuses, as a person reads it."""

import json
from typing import Any

import pytest

from engines import (
    Busy,
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Misconfigured,
    RefKind,
    Refused,
)
from engines._call import Answer
from engines.luma import Luma

JOB = "d290f1ee-6c54-4b01-90e6-d701748f0851"
ORDER = JobSpec(prompt="A paper boat.", user_tag="take-1")


def luma() -> Luma:
    return Luma({"LUMA_API_KEY": "luma-api-secret"})


@pytest.mark.parametrize("wrong", ["", "d290f1ee", f"{JOB}x", "../files", "https://x/" + JOB])
def test_an_id_that_is_none_is_not_adopted(wrong: str) -> None:
    with pytest.raises(Refused, match="copy it whole"):
        luma().adopted(wrong, ORDER)


def test_an_id_is_adopted_with_the_spaces_it_was_copied_with() -> None:
    assert luma().adopted(f" {JOB}\n", ORDER).id == JOB


def answer(told: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status=status, headers=headers, body=json.dumps(told).encode())


def told_of(**generation: Any) -> Answer:
    return answer({"id": JOB, "model": "ray-3.2", "type": "video", **generation})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("content_moderated", FailKind.MODERATION_INPUT),
        ("budget_exhausted", FailKind.OUT_OF_CREDIT),
        ("rate_limited", FailKind.RATE_LIMIT),
        ("a_new_one", FailKind.ENGINE),
        (None, FailKind.ENGINE),
    ],
)
def test_a_failure_is_named_by_its_code(code: str | None, kind: FailKind) -> None:
    engine = luma()
    failed = told_of(state="failed", failure_code=code, failure_reason="It is  so.")
    status = engine.standing(engine.handle(JOB, ORDER), failed)
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert status.fail.kind is kind
    assert status.fail.text.endswith(".")


@pytest.mark.parametrize("output", [None, []])
def test_success_with_nothing_to_show_is_a_failure(output: list[str] | None) -> None:
    engine = luma()
    status = engine.standing(engine.handle(JOB, ORDER), told_of(state="completed", output=output))
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert "names no file" in status.fail.text


def test_the_clip_comes_before_its_exr_frames() -> None:
    engine = luma()
    made = [
        {"type": "exr", "url": "https://example.com/a/frames.zip?sig=1"},
        {"type": "video", "url": "https://example.com/a/clip?sig=1"},
    ]
    status = engine.standing(engine.handle(JOB, ORDER), told_of(state="completed", output=made))
    assert [(each.kind, each.mime) for each in status.outputs] == [
        (RefKind.VIDEO, "video/mp4"),
        (RefKind.IMAGE, "application/zip"),
    ]


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[]", b"{}", b"null", b""])
async def test_an_answer_that_is_none_is_looked_for_again(body: bytes) -> None:
    engine = luma()
    with pytest.raises(Busy) as later:
        engine._legible(  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of the adapter's word
            engine.handle(JOB, ORDER), Answer(status=200, headers={}, body=body)
        )
    assert later.value.kind is FailKind.TRANSIENT


@pytest.mark.parametrize(
    ("status", "detail", "error", "kind"),
    [
        (429, "Too many concurrent jobs", Busy, FailKind.CONCURRENCY),
        (400, "The prompt was moderated", Refused, FailKind.MODERATION_INPUT),
        (400, "Model ray-3.2 is deprecated", Misconfigured, FailKind.RETIRED),
        (422, "loop is not supported with 10s", Refused, FailKind.BAD_INPUT),
    ],
)
def test_a_refusal_is_told_by_its_words_where_the_status_is_not_enough(
    status: int, detail: str, error: type[EngineError], *, kind: FailKind
) -> None:
    refused = answer({"detail": detail}, status)
    told = luma()._faulted(refused, creating=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of the adapter's word
    assert isinstance(told, error)
    assert told.kind is kind
