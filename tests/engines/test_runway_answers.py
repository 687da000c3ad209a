"""What Runway's engine makes of answers, odd ones included."""

import json
from datetime import timedelta
from typing import Any

import pytest

from engines import (
    Broken,
    Busy,
    EngineError,
    FailKind,
    Finding,
    Handle,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    RefKind,
    Refused,
    Status,
)
from engines._call import Answer, Call

from .at_runway import (
    JOB,
    NOW,
    order,
    runway,
)


def answer(told: Any, status: int = 200) -> Answer:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Answer(status=status, headers={}, body=body)


def standing(told: Any, **extra: Any) -> Status:
    handle = Handle(engine="runway", id=JOB, submitted_at=NOW, extra=extra)
    return runway().standing(handle, answer(told))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SAFETY.INPUT.IMAGE", FailKind.MODERATION_INPUT),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", FailKind.MODERATION_INPUT),
        ("SAFETY.OUTPUT.VIDEO", FailKind.MODERATION_OUTPUT),
        ("ASSET.INVALID", FailKind.BAD_INPUT),
        ("INTERNAL.BAD_OUTPUT.CODE02", FailKind.ENGINE),
        ("INPUT_PREPROCESSING.INTERNAL", FailKind.TRANSIENT),
        ("THIRD_PARTY.UNAVAILABLE", FailKind.TRANSIENT),
        ("INTERNAL", FailKind.TRANSIENT),
        (None, FailKind.TRANSIENT),
        ("SOMETHING.NEW", FailKind.ENGINE),
    ],
)
def test_a_failure_code_leads_to_who_acts_next(code: str | None, kind: FailKind) -> None:
    status = standing({"status": "FAILED", "failure": "Why.", "failureCode": code})
    assert status.fail is not None
    assert status.fail.kind is kind
    assert (code or "Why") in status.fail.text


@pytest.mark.parametrize("told", [{"output": []}, {"output": None}, {}])
def test_done_with_no_file_is_a_failure(told: dict[str, Any]) -> None:
    status = standing({"status": "SUCCEEDED", "cost": {"credits": 60}, **told})
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert (status.fail.kind, status.cost_cents) == (FailKind.ENGINE, 60)


def test_a_status_that_nobody_knows_is_polled_further() -> None:
    assert standing({"status": "DEFERRED"}).state is JobState.UNKNOWN


def test_a_cancelled_task_is_over() -> None:
    status = standing({"status": "CANCELLED", "cost": {"credits": 0}})
    assert (status.state, status.cost_cents) == (JobState.CANCELED, 0)


@pytest.mark.parametrize(
    ("told", "shown"), [(1.7, 1.0), (-3, 0.0), (0.25, 0.25), (None, None), ("half", None)]
)
def test_progress_stays_between_nothing_and_all(told: Any, shown: float | None) -> None:
    assert standing({"status": "RUNNING", "progress": told}).progress == shown


@pytest.mark.parametrize(
    ("url", "mime", "kind"),
    [
        ("https://a.test/x/take.mp4?_jwt=a.mov", "video/mp4", RefKind.VIDEO),
        ("https://a.test/take.MOV?_jwt=x", "video/quicktime", RefKind.VIDEO),
        ("https://a.test/frames.zip", "application/zip", RefKind.VIDEO),
        ("https://a.test/still.png", "image/png", RefKind.IMAGE),
        ("https://a.test/sound.wav", "audio/wav", RefKind.AUDIO),
        ("https://a.test/6f1c?_jwt=x", "video/quicktime", RefKind.VIDEO),
    ],
)
def test_what_was_made_is_told_by_its_address_or_else_by_the_order(
    url: str, mime: str, kind: RefKind
) -> None:
    spec = order(native={"outputFormat": "prores"})
    extra = runway().ticket(spec, answer({"id": JOB})).extra
    output = standing({"status": "SUCCEEDED", "output": [url]}, **extra).outputs[0]
    assert (output.mime, output.kind, output.url) == (mime, kind, url)
    assert not output.needs_auth
    assert output.expires_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("spec", "mime"),
    [
        (order(), "video/mp4"),
        (order(native={"outputFormat": "png_sequence"}), "application/zip"),
        (order(native={"outputFormat": "hdr_exr_acescg_sequence_2_0"}), "application/zip"),
        (order(native={"outputFormat": "hdr_pq_12bit_master"}), "video/quicktime"),
        (order(Mode.TEXT_TO_IMAGE, "gen4_image"), "image/png"),
        (order(Mode.TEXT_TO_IMAGE, "muse_image", native={"outputFormat": "webp"}), "image/webp"),
    ],
)
def test_a_handle_remembers_what_kind_of_file_was_ordered(spec: JobSpec, mime: str) -> None:
    ticket = runway().ticket(spec, answer({"id": JOB}))
    assert ticket.extra["mime"] == mime
    assert Handle.from_json(json.loads(json.dumps(ticket.to_json()))) == ticket


@pytest.mark.parametrize(
    ("told", "status", "error", "kind"),
    [
        (
            {"error": "You do not have enough credits to run this task."},
            400,
            OutOfCredit,
            FailKind.OUT_OF_CREDIT,
        ),
        (
            {"error": "Validation of body failed", "issues": [{"path": ["model"]}]},
            400,
            Misconfigured,
            FailKind.RETIRED,
        ),
        ({"error": "Model not found"}, 404, Misconfigured, FailKind.RETIRED),
    ],
)
def test_what_runway_says_in_its_own_way_is_understood(
    told: Any, status: int, error: type[EngineError], kind: FailKind
) -> None:
    found = runway().fault(answer(told, status), creating=True)
    assert found is not None
    assert (type(found), found.kind) == (error, kind)
    assert str(found).endswith(".")


@pytest.mark.parametrize(
    "told", [{"error": "Validation of body failed", "issues": [{"path": ["ratio"]}]}, b"<html>"]
)
def test_any_other_bad_request_is_the_artists(told: Any) -> None:
    assert runway().fault(answer(told, 400), creating=True) is None


def test_an_upload_that_the_store_refuses_is_made_again_and_an_order_is_not() -> None:
    told = answer(b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", 502)
    found = runway().fault(told, creating=False)
    assert isinstance(found, Busy)
    assert found.kind is FailKind.TRANSIENT
    assert runway().fault(told, creating=True) is None


@pytest.mark.parametrize(
    "odd", [{"estimatedCost": 60}, {"estimatedCost": {"credits": None}}, {"routing": []}]
)
def test_an_order_with_an_id_is_kept_however_odd_the_rest_of_its_answer_is(
    odd: dict[str, Any],
) -> None:
    ticket = runway().ticket(order(), answer({"id": JOB, **odd}))
    assert (ticket.id, "estimate_cents" in ticket.extra) == (JOB, False)


def test_a_part_of_a_credit_is_estimated_as_a_whole_cent() -> None:
    ticket = runway().ticket(order(), answer({"id": JOB, "estimatedCost": {"credits": 2.5}}))
    assert ticket.extra["estimate_cents"] == 3


def test_a_task_that_was_deleted_is_said_to_be_gone() -> None:
    found = runway().fault(answer({"error": "Task not found"}, 404), creating=False)
    assert isinstance(found, Broken)
    assert found.kind is FailKind.NOT_FOUND


def test_an_order_without_an_id_is_no_ticket() -> None:
    for told in ({"error": "Something went wrong"}, {"id": ""}):
        with pytest.raises(Broken):
            runway().ticket(order(), answer(told))


def test_a_task_is_adopted_by_an_id_of_the_right_form_only() -> None:
    assert runway().adopted(f" {JOB.upper()} ", order()).id == JOB
    for wrong in ("", "17f20503", "../organization", "https://dev.runwayml.com/task/1"):
        with pytest.raises(Refused, match=r"not the id of a Runway task"):
            runway().adopted(wrong, order())


def found_in(told: Any) -> list[Finding]:
    engine = runway()
    talk = engine.finding()
    assert isinstance(next(talk), Call)
    try:
        talk.send(answer(told))
    except StopIteration as done:
        return done.value
    raise AssertionError(told)


def account(credit: int, **limits: Any) -> dict[str, Any]:
    named = {model: {"maxConcurrentGenerations": 2, **limits} for model in runway().models()}
    made = {"gen4.5": {"dailyGenerations": 3}}
    tier = {"maxMonthlyCreditSpend": 10_000, "models": named}
    return {"creditBalance": credit, "tier": tier, "usage": {"models": made}}


def test_the_doctor_tells_key_credit_and_the_tiers_limits() -> None:
    assert found_in(account(1200, maxDailyGenerations=200)) == [
        Finding("key", is_ok=True, told="Runway accepts the key."),
        Finding(
            "credit",
            is_ok=True,
            told="1,200 credits are left, $12.00. At most 10,000 can be bought a month.",
        ),
        Finding("limits", is_ok=True, told="gen4.5: 2 at once, 200 a day, 3 made today."),
    ]


def test_the_doctor_tells_an_empty_account_a_spent_day_and_models_out_of_reach() -> None:
    told = account(0, maxDailyGenerations=None)
    told["tier"]["models"]["gen4.5"] = {"maxDailyGenerations": 3}
    del told["tier"]["models"]["veo3.1"]
    wrong = [finding.told for finding in found_in(told) if not finding.is_ok]
    assert wrong == [
        "No credit is left. A producer adds some in Runway's console.",
        "Used up for today: gen4.5. Runway takes more tomorrow.",
        "This account's tier does not name veo3.1; orders may be refused.",
    ]


def test_the_doctor_tells_a_key_that_is_wrong() -> None:
    talk = runway().finding()
    next(talk)
    with pytest.raises(StopIteration) as done:
        talk.throw(Misconfigured("Runway refused: Unauthorized. The operator checks the key."))
    assert [finding.is_ok for finding in done.value.value] == [False]


def test_no_text_of_the_engine_holds_the_key() -> None:
    engine = runway()
    shown = [
        repr(engine.order(order())),
        str(engine.facts),
        str(engine.ticket(order(), answer({"id": JOB}))),
    ]
    assert not any("key_secret" in text for text in shown)


def test_its_terms_are_shown_with_their_link() -> None:
    facts = runway().facts
    assert (facts.credit, facts.credit_url) == ("Powered by Runway", "https://runwayml.com")
    assert runway().caps("veo3.1").rights
    assert not runway().caps("gen4.5").rights
