"""Whatever JSON comes from Runway, what leaves the engine is a status or an EngineError."""

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engines import EngineError, Handle
from engines._call import Answer

from .at_runway import JOB, NOW, order, runway

WORDS = st.sampled_from(
    (
        *("id", "status", "output", "progress", "failure", "failureCode", "cost", "credits"),
        *("error", "issues", "path", "estimatedCost", "routing", "model", "creditBalance", "tier"),
    )
)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(),
    st.sampled_from(["SUCCEEDED", "FAILED", "RUNNING", "INTERNAL", "http://[", "https://a.test/b"]),
)
ODD = st.recursive(PLAIN, lambda odd: st.lists(odd) | st.dictionaries(WORDS, odd), max_leaves=12)
TASKS = st.fixed_dictionaries(
    {"status": st.sampled_from(["SUCCEEDED", "FAILED", "RUNNING", "CANCELLED"])},
    optional={
        "output": st.none() | st.lists(st.text() | st.just("http://[")),
        "progress": ODD,
        "failure": ODD,
        "failureCode": ODD,
        "cost": ODD,
    },
)


@given(ODD | TASKS)
def test_an_odd_task_is_a_status_or_an_error_of_ours(told: Any) -> None:
    handle = Handle(engine="runway", id=JOB, submitted_at=NOW)
    with contextlib.suppress(EngineError):
        found = runway().standing(handle, answer(told))
        assert found.progress is None or 0 <= found.progress <= 1
        assert not found.state.is_over or found.outputs or found.fail


@given(ODD, st.sampled_from([200, 400, 404, 429, 500]))
def test_nothing_but_an_engine_error_comes_of_an_odd_answer(told: Any, status: int) -> None:
    engine = runway()
    assert engine.fault(answer(told, status), creating=True) is None or status in {400, 404}
    with contextlib.suppress(EngineError):
        assert engine.ticket(order(), answer(told)).id
    with contextlib.suppress(EngineError, StopIteration):
        talk = engine.finding()
        next(talk)
        talk.send(answer(told))


def answer(told: Any, status: int = 200) -> Answer:
    return Answer(status=status, headers={}, body=json.dumps(told).encode())
