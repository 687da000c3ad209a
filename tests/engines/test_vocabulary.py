import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engines import (
    Actor,
    Broken,
    Busy,
    Caps,
    EngineError,
    FailKind,
    Handle,
    JobSpec,
    JobState,
    Lengths,
    Misconfigured,
    Mode,
    OutOfCredit,
    Price,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Slot,
    Unsure,
    problems_with,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_table() -> Caps:
    return Caps(
        modes=frozenset({Mode.TEXT_TO_VIDEO}),
        lengths=Lengths(only=(5, 10)),
        ratios={"16:9": {"720p": (1280, 720)}, "1:1": {"540p": (540, 540)}},
        price=Price(text="$0.10 a second", source="price page", dated=NOON.date()),
        models=("swift", "fine"),
        slots=(Slot(role=RefRole.FIRST),),
        prompt_most=20,
    )


def test_an_order_survives_a_trip_through_json() -> None:
    order = JobSpec(
        mode=Mode.IMAGE_TO_VIDEO,
        prompt="Боат ⛵",
        seconds=7.5,
        seed=7,
        refs=(Ref(path=Path("/a/plate.png"), role=RefRole.FIRST, tag="plate", at=1.5),),
        user_tag="take-1",
        native={"shot": "SH010"},
    )
    assert JobSpec.from_json(json.loads(json.dumps(order.to_json()))) == order


def test_a_handle_survives_a_trip_through_json() -> None:
    handle = Handle(
        engine="luma", id="=+/", submitted_at=NOON, extra={"a": [1]}, poll_url="https://x"
    )
    assert Handle.from_json(json.loads(json.dumps(handle.to_json()))) == handle


def test_an_order_from_an_older_version_still_reads() -> None:
    assert JobSpec.from_json({"prompt": "A boat"}) == JobSpec(prompt="A boat")


@pytest.mark.parametrize("kind", FailKind)
def test_every_failure_has_somebody_who_acts_next(kind: FailKind) -> None:
    assert kind.next_actor in Actor


@pytest.mark.parametrize(
    ("error", "actor"),
    [
        (Refused("No."), Actor.ARTIST),
        (OutOfCredit("No."), Actor.PRODUCER),
        (Misconfigured("No."), Actor.OPERATOR),
        (Busy("No.", retry_after=3), Actor.NOBODY),
        (Broken("No."), Actor.PERSON),
        (Unsure("No."), Actor.PERSON),
    ],
)
def test_an_error_is_named_by_who_acts_next(error: EngineError, actor: Actor) -> None:
    assert error.kind.next_actor is actor
    assert str(error) == "No."


def test_only_a_finished_job_is_over() -> None:
    over = {state for state in JobState if state.is_over}
    assert over == {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED}


def test_an_order_within_the_table_has_no_problem() -> None:
    order = JobSpec(prompt="A boat", seconds=10, model="fine", refs=(Ref(role=RefRole.FIRST),))
    assert problems_with(order, a_table()) == []


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (JobSpec(mode=Mode.EXTEND), "mode"),
        (JobSpec(seconds=7), "seconds"),
        (JobSpec(seconds=float("nan")), "seconds"),
        (JobSpec(ratio="2:1"), "ratio"),
        (JobSpec(ratio="1:1", resolution="720p"), "resolution"),
        (JobSpec(fps=30), "fps"),
        (JobSpec(model="coarse"), "model"),
        (JobSpec(prompt="x" * 21), "prompt"),
        (JobSpec(negative="rain"), "negative"),
        (JobSpec(seed=0), "seed"),
        (JobSpec(audio=True), "audio"),
        (JobSpec(refs=(Ref(role=RefRole.FIRST), Ref(role=RefRole.FIRST))), "refs"),
        (JobSpec(refs=(Ref(role=RefRole.FIRST, kind=RefKind.VIDEO),)), "refs"),
        (JobSpec(refs=(Ref(role=RefRole.LAST),)), "refs"),
    ],
)
def test_what_the_table_does_not_offer_is_one_problem_at_its_field(
    order: JobSpec, field: str
) -> None:
    problems = problems_with(order, a_table())
    assert [problem.field for problem in problems] == [field]
    assert problems[0].text.endswith(".")
