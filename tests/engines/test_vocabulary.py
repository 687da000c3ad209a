import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    Native,
    Offer,
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
    offer = Offer(
        lengths=Lengths(only=(5, 10)),
        ratios={"16:9": {"720p": (1280, 720)}, "1:1": {"540p": (540, 540)}},
        slots=(Slot(role=RefRole.FIRST),),
        prompt_most=20,
        native={"style": Native(about="The look.", only=("plain", "warm"))},
    )
    return Caps(
        model="swift",
        modes={Mode.TEXT_TO_VIDEO: offer},
        price=Price(text="$0.10 a second", source="price page", dated=NOON.date()),
    )


def a_wish(**changes: Any) -> JobSpec:
    plain: dict[str, Any] = {"prompt": "A boat", **changes}
    return JobSpec(**plain)


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
    order = JobSpec(prompt="A boat", seconds=10, model="swift", refs=(Ref(role=RefRole.FIRST),))
    assert problems_with(order, a_table()) == []


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (a_wish(mode=Mode.EXTEND), "mode"),
        (a_wish(seconds=7), "seconds"),
        (a_wish(seconds=float("nan")), "seconds"),
        (a_wish(ratio="2:1"), "ratio"),
        (a_wish(ratio="1:1", resolution="720p"), "resolution"),
        (a_wish(fps=30), "fps"),
        (a_wish(model="coarse"), "model"),
        (a_wish(prompt="x" * 21), "prompt"),
        (a_wish(prompt=" "), "prompt"),
        (a_wish(native={"grain": 1}), "native"),
        (a_wish(native={"style": "cold"}), "native"),
        (a_wish(native={"style": "1e999"}), "native"),
        (a_wish(native={"style": float("nan")}), "native"),
        (a_wish(native={"style": 10**400}), "native"),
        (a_wish(negative="rain"), "negative"),
        (a_wish(seed=0), "seed"),
        (a_wish(audio=True), "audio"),
        (a_wish(refs=(Ref(role=RefRole.FIRST), Ref(role=RefRole.FIRST))), "refs"),
        (a_wish(refs=(Ref(role=RefRole.FIRST, kind=RefKind.VIDEO),)), "refs"),
        (a_wish(refs=(Ref(role=RefRole.LAST),)), "refs"),
    ],
)
def test_what_the_table_does_not_offer_is_one_problem_at_its_field(
    order: JobSpec, field: str
) -> None:
    problems = problems_with(order, a_table())
    assert [problem.field for problem in problems] == [field]
    assert problems[0].text.endswith(".")
