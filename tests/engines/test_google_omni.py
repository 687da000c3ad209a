"""What Omni offers, costs and says, without a network."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engines import (
    Broken,
    Busy,
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    OutOfCredit,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Status,
)
from engines._call import Answer
from engines.google_omni import GoogleOmni
from engines.google_omni_cloud import GoogleOmniCloud

from .captures import captures

NEW, OLD = "gemini-omni-1.2-flash", "gemini-omni-1.1-flash"
FILM = b"\x00\x00\x00\x18ftypmp42"


def omni(**settings: str) -> GoogleOmni:
    return GoogleOmni({"GOOGLE_OMNI_API_KEY": "AIza-secret", **settings})


def cloud(**settings: str) -> GoogleOmniCloud:
    plain = {"GOOGLE_OMNI_CLOUD_PROJECT": "p", "GOOGLE_OMNI_CLOUD_BUCKET": "takes"}
    return GoogleOmniCloud({**plain, **settings})


def a_shot(**words: Any) -> JobSpec:
    plain: dict[str, Any] = {"prompt": "A paper boat", "seconds": 8.0}
    return JobSpec(**{**plain, **words})


def told(status: int, message: str, **more: Any) -> Answer:
    error = {"code": status, "message": message, **more}
    return Answer(status=status, headers={}, body=json.dumps({"error": error}).encode())


def stands(**interaction: Any) -> Status:
    engine = omni()
    body = json.dumps({"id": "v1_abcdefgh", **interaction}).encode()
    handle = engine.handle("v1_abcdefgh", a_shot())
    return engine.standing(handle, Answer(status=200, headers={}, body=body))


def made(*content: dict[str, str]) -> list[dict[str, Any]]:
    said = {"type": "user_input", "content": [{"type": "image", "data": "AAAA"}]}
    return [said, {"type": "model_output", "content": list(content)}]


@pytest.mark.parametrize(
    ("model", "seconds", "fits"),
    [(NEW, 15, True), (NEW, 16, False), (OLD, 10, True), (OLD, 11, False), (NEW, 3.5, False)],
)
def test_the_longest_clip_depends_on_the_model(model: str, seconds: float, fits: bool) -> None:  # noqa: FBT001  a table's column
    assert (omni().validate(a_shot(model=model, seconds=seconds)) == []) is fits


def test_a_model_that_is_retired_or_unknown_is_not_offered() -> None:
    (problem,) = omni().validate(a_shot(model="gemini-omni-flash-preview"))
    assert problem.field == "model"


def test_only_a_price_that_is_known_is_an_estimate() -> None:
    assert omni().estimate(a_shot(model=OLD, resolution="1080p")) == 120
    assert omni().estimate(a_shot(model=OLD, mode=Mode.UPSCALE, resolution="4k")) is None
    assert omni().estimate(a_shot(model=NEW)) is None


def test_silence_cannot_be_ordered_and_sound_need_not_be() -> None:
    (problem,) = omni().validate(a_shot(audio=False))
    assert problem.field == "audio"
    assert omni().validate(a_shot(audio=True)) == []


def test_what_omni_does_not_know_is_a_problem_at_its_field() -> None:
    fields = [each.field for each in omni().validate(a_shot(seed=7, negative="rain"))]
    assert fields == ["negative", "seed"]


def test_references_are_called_by_their_tags() -> None:
    modes = omni().caps().modes
    pictures = modes[Mode.REFERENCE_TO_VIDEO].slot(RefRole.REFERENCE)
    first = modes[Mode.IMAGE_TO_VIDEO].slot(RefRole.FIRST)
    assert pictures is not None
    assert first is not None
    assert [pictures.call.format(index=n) for n in (0, 1)] == ["<IMAGE_REF_0>", "<IMAGE_REF_1>"]
    assert (first.call, pictures.most) == ("<FIRST_FRAME>", 6)


def test_media_are_sent_in_the_order_in_which_tags_count_them(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Image.new("RGB", (2, 2), "teal" if name == "a" else "plum").save(tmp_path / f"{name}.png")
    clip = Ref(kind=RefKind.VIDEO, uri="https://example.com/walk.webm")
    pictures = tuple(Ref(path=tmp_path / f"{name}.png") for name in ("a", "b"))
    refs = (clip, *pictures)
    call = omni().order(a_shot(mode=Mode.REFERENCE_TO_VIDEO, refs=refs))
    *media, text = call.json["input"][0]["content"]
    data = [base64.b64encode((tmp_path / f"{name}.png").read_bytes()).decode() for name in "ab"]
    assert [each.get("data") for each in media] == [*data, None]
    assert media[2] == {
        "type": "video",
        "mime_type": "video/webm",
        "uri": "https://example.com/walk.webm",
    }
    assert text["text"] == "A paper boat"


def test_a_reference_that_is_no_picture_is_said_before_money(tmp_path: Path) -> None:
    (tmp_path / "face.png").write_text("not a picture")
    shot = a_shot(mode=Mode.REFERENCE_TO_VIDEO, refs=(Ref(path=tmp_path / "face.png"),))
    (problem,) = omni().validate(shot)
    assert (problem.field, "can be read" in problem.text) == ("refs", True)


def test_references_need_at_least_one() -> None:
    (problem,) = omni().validate(a_shot(mode=Mode.REFERENCE_TO_VIDEO))
    assert problem.field == "refs"


def test_an_inline_film_is_an_output_and_is_not_kept_twice() -> None:
    engine, answer = omni(), captures("google_omni")["t2v_sync_minimal"].answer
    status = engine.standing(engine.ticket(a_shot(), answer), answer)
    assert status.state is JobState.SUCCEEDED
    assert status.outputs[0].data is not None
    assert status.outputs[0].data.startswith(FILM)
    assert "ZnR5c" not in json.dumps(dict(status.raw))


def test_a_film_elsewhere_is_fetched_without_the_key() -> None:
    film = stands(
        status="completed", steps=made({"type": "video", "uri": "https://example.com/files/abc"})
    ).outputs[0]
    assert (film.url, film.needs_auth) == ("https://example.com/files/abc", False)


def test_a_gateway_of_the_operator_is_asked_for_googles_files() -> None:
    engine = omni(GOOGLE_OMNI_BASE_URL="https://gateway.example.com/gemini")
    film = engine.film_at("https://generativelanguage.googleapis.com/v1beta/files/abc123")
    assert film.url == "https://gateway.example.com/gemini/v1/files/abc123:download?alt=media"


@pytest.mark.parametrize(
    ("interaction", "kind", "words"),
    [
        ({"status": "completed"}, FailKind.ENGINE, "made no clip"),
        ({"status": "completed", "steps": made({"type": "text", "text": "I can't."})},
         FailKind.ENGINE, "I can't."),
        ({"status": "failed", "errors": [{"code": "x/internal", "message": "Oh no"}]},
         FailKind.ENGINE, "Oh no."),
        ({"status": "failed", "errors": None}, FailKind.ENGINE, "does not say why"),
        ({"status": "failed", "errors": [{"message": "Quota exhausted"}]},
         FailKind.RATE_LIMIT, "Order again later."),
        ({"status": "incomplete", "errors": [{"code": "x/blocked"}]},
         FailKind.MODERATION_OUTPUT, "what it had made"),
        ({"status": "budget_exceeded"}, FailKind.OUT_OF_CREDIT, "producer"),
        ({"status": "requires_action"}, FailKind.ENGINE, "requires_action"),
        ({"status": "failed", "steps": [{"type": "model_output",
          "error": {"code": 14, "message": "Backend away"}}]},
         FailKind.TRANSIENT, "Backend away."),
    ],
)  # fmt: skip
def test_a_job_that_came_to_nothing_says_who_acts_next(
    interaction: dict[str, Any], kind: FailKind, words: str
) -> None:
    status = stands(**interaction)
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert status.fail.kind is kind
    assert words in status.fail.text


@pytest.mark.parametrize(("status", "state"), [("queued", JobState.QUEUED),
    ("in_progress", JobState.RUNNING), ("dreaming", JobState.UNKNOWN), ("", JobState.UNKNOWN),
    ("cancelled", JobState.CANCELED)])  # fmt: skip
def test_a_status_is_read_and_an_unknown_one_is_neither_good_nor_bad(
    status: str, state: JobState
) -> None:
    assert stands(status=status).state is state


def test_a_film_that_is_no_base64_is_looked_at_again() -> None:
    with pytest.raises(Broken):
        stands(status="completed", steps=made({"type": "video", "data": "%%%"}))


@pytest.mark.parametrize(
    ("answer", "error", "kind", "words"),
    [
        (told(400, "API key not valid."), Misconfigured, FailKind.AUTH, "checks the key"),
        (told(400, "User location is not supported for the API use."), Misconfigured,
         FailKind.AUTH, "does not offer it where"),
        (told(400, "The prompt violates our usage guidelines. Support codes: 61493863"), Refused,
         FailKind.MODERATION_INPUT, "because of violence"),
        (told(403, "Permission denied on resource"), Misconfigured, FailKind.AUTH, "operator"),
        (told(403, "You do not have permission to access the File abc"), Refused,
         FailKind.BAD_INPUT, "order again"),
        (told(404, "Interaction v1_x was not found"), Refused, FailKind.BAD_INPUT, "source=file"),
        (told(404, "models/x is not found"), Misconfigured, FailKind.RETIRED, "choose another"),
        (told(429, "Your prepayment credits are depleted."), OutOfCredit,
         FailKind.OUT_OF_CREDIT, "tops it up"),
        (told(429, "Too many concurrent requests"), Busy, FailKind.CONCURRENCY, "wait"),
    ],
)  # fmt: skip
def test_a_refused_order_says_who_acts_next(
    answer: Answer, error: type[EngineError], kind: FailKind, words: str
) -> None:
    engine = omni()
    refused = engine._faulted(answer, creating=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of it
    assert isinstance(refused, error)
    assert refused.kind is kind
    assert words in str(refused)


def test_google_says_in_its_error_how_long_to_wait() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}
    refused = omni().fault(told(429, "Slow down", details=[info]), creating=True)
    assert isinstance(refused, Busy)
    assert refused.retry_after == 34.5


@pytest.mark.parametrize("job_id", ["", "v1", "https://aistudio.google.com/x", "v1_a b c d e f"])
def test_what_is_no_interactions_id_is_not_taken(job_id: str) -> None:
    with pytest.raises(Refused, match="no interaction's id"):
        omni().adopted(job_id, a_shot())


def test_an_id_of_either_door_is_taken() -> None:
    assert omni().adopted("v1_ChdpbnRlcmFjdGlvbg", a_shot()).model == NEW
    assert cloud().adopted("ChAzN2Y4OTlhNzAwZTczMDYzEAgaATAqBG1haW4", a_shot()).id


def test_an_accepted_order_without_an_id_has_no_handle() -> None:
    with pytest.raises(Broken, match="no id"):
        omni().ticket(a_shot(), Answer(status=200, headers={}, body=b'{"status":"queued"}'))


def test_a_rehearsed_order_names_files_that_are_not_handed_over_yet(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(FILM)
    source = Ref(
        role=RefRole.SOURCE, kind=RefKind.VIDEO, path=tmp_path / "clip.mp4", sha256="c0ffee" * 8
    )
    call = omni().rehearse(a_shot(mode=Mode.EDIT, refs=(source,)))
    assert call.path == "https://generativelanguage.googleapis.com/v1/interactions"
    assert call.json["input"][0]["content"][0]["uri"] == "uploaded:c0ffeec0ffee"


def test_the_doctor_hears_of_every_model_also_of_one_that_is_gone() -> None:
    talk = omni().finding()
    assert talk is not None
    next(talk)
    talk.send(Answer(status=200, headers={}, body=b"{}"))
    with pytest.raises(StopIteration) as done:
        talk.throw(Broken("It is gone."))
    assert [each.is_ok for each in done.value.value] == [True, False]
