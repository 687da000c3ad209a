"""What Veo offers, costs and says, without a network."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engines import (
    Broken,
    FailKind,
    JobSpec,
    JobState,
    Mode,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Status,
)
from engines._base import Finding
from engines._call import Answer
from engines.google_veo import GoogleVeo

STANDARD, FAST, LITE = (
    "veo-3.1-generate-001",
    "veo-3.1-fast-generate-001",
    "veo-3.1-lite-generate-001",
)
JOB = (
    f"projects/p/locations/us-central1/publishers/google/models/{STANDARD}"
    "/operations/11111111-2222-3333-4444-555555555555"
)


def veo(**settings: str) -> GoogleVeo:
    return GoogleVeo({"GOOGLE_VEO_PROJECT": "p", **settings})


def a_shot(**words: Any) -> JobSpec:
    plain: dict[str, Any] = {"prompt": "A paper boat", "seconds": 8.0}
    return JobSpec(**{**plain, **words})


def stands(**operation: Any) -> Status:
    engine = veo()
    body = json.dumps({"name": JOB, **operation}).encode()
    return engine.standing(engine.handle(JOB, a_shot()), Answer(status=200, headers={}, body=body))


@pytest.mark.parametrize(
    ("model", "resolution", "cents"),
    [(STANDARD, "1080p", 320), (STANDARD, "4k", 480), (FAST, "1080p", 96), (LITE, "720p", 40)],
)
def test_a_clip_costs_by_model_and_resolution(model: str, resolution: str, cents: int) -> None:
    assert veo().estimate(a_shot(model=model, resolution=resolution)) == cents


def test_an_extension_costs_its_seven_seconds() -> None:
    assert veo().estimate(a_shot(mode=Mode.EXTEND, seconds=1)) == 280


def test_the_small_model_has_no_4k_no_references_and_no_extension() -> None:
    modes = veo().caps(LITE).modes
    assert set(modes) == {Mode.TEXT_TO_VIDEO, Mode.IMAGE_TO_VIDEO}
    assert "4k" not in modes[Mode.TEXT_TO_VIDEO].resolutions


def test_a_clip_with_references_is_eight_seconds(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    refs = (Ref(path=tmp_path / "a.png"),)
    (problem,) = veo().validate(a_shot(mode=Mode.REFERENCE_TO_VIDEO, seconds=4, refs=refs))
    assert problem.field == "seconds"


def test_sources_disagree_on_when_veo_goes_and_that_is_said() -> None:
    retires = veo().caps().retires
    assert retires is not None
    assert retires.on is None
    assert "2027" in retires.text


def test_what_cannot_be_sent_is_said_before_money(tmp_path: Path) -> None:
    (tmp_path / "long.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(20_000_000))
    sources = {
        "20 MB": Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=tmp_path / "long.mp4"),
        "kept here": Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri="https://example.com/a.mp4"),
        "can be read": Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=tmp_path / "none.mp4"),
    }
    for words, source in sources.items():
        (problem,) = veo().validate(a_shot(mode=Mode.EXTEND, refs=(source,)))
        assert words in problem.text
    with_bucket = veo(GOOGLE_VEO_BUCKET="b")
    assert with_bucket.validate(a_shot(mode=Mode.EXTEND, refs=(sources["20 MB"],))) == []


def test_a_file_that_is_kept_is_held_to_its_size_before_it_is_at_hand() -> None:
    small, large = (Ref(sha256="ab" * 32, size=size) for size in (20_000_000, 20_000_001))
    shot = a_shot(mode=Mode.REFERENCE_TO_VIDEO)
    assert veo().validate(replace(shot, refs=(small,))) == []
    (problem,) = veo().validate(replace(shot, refs=(large,)))
    assert (problem.field, "over 20 MB" in problem.text) == ("refs", True)
    assert veo(GOOGLE_VEO_BUCKET="b").validate(replace(shot, refs=(large,))) == []
    stored = replace(large, uri="gs://b/circletake/mira.png")
    assert veo().validate(replace(shot, refs=(stored,))) == []


@pytest.mark.parametrize(
    "heavy", [{"resolution": "4k"}, {"native": {"compressionQuality": "LOSSLESS"}}]
)
def test_a_clip_too_large_for_an_answer_needs_a_bucket(heavy: dict[str, Any]) -> None:
    (problem,) = veo().validate(a_shot(**heavy))
    assert "GOOGLE_VEO_BUCKET" in problem.text
    assert veo(GOOGLE_VEO_BUCKET="b").validate(a_shot(**heavy)) == []


@pytest.mark.parametrize("seed", [-1, 4_294_967_296])
def test_a_seed_that_google_lacks_is_a_problem(seed: int) -> None:
    (problem,) = veo().validate(a_shot(seed=seed))
    assert problem.field == "seed"


def test_silence_is_ordered_as_such() -> None:
    assert veo().order(a_shot(audio=False)).json["parameters"]["generateAudio"] is False
    assert "generateAudio" not in veo().order(a_shot()).json["parameters"]


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (
            3,
            "The prompt could not be submitted. Support codes: 58061214",
            FailKind.MODERATION_INPUT,
        ),
        (3, "Unsupported duration", FailKind.BAD_INPUT),
        (4, "Deadline exceeded", FailKind.TRANSIENT),
        (5, "Object not found", FailKind.NOT_FOUND),
        (7, "No access to the bucket", FailKind.AUTH),
        (8, "Resource exhausted", FailKind.TRANSIENT),
        (9, "Precondition", FailKind.ENGINE),
        (13, "Internal", FailKind.TRANSIENT),
        (14, "Unavailable", FailKind.TRANSIENT),
        (16, "Token", FailKind.AUTH),
        (2, "", FailKind.ENGINE),
    ],
)
def test_a_failed_operation_says_who_acts_next(code: int, message: str, kind: FailKind) -> None:
    status = stands(done=True, error={"code": code, "message": message})
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert status.fail.kind is kind
    assert status.fail.text.endswith(".")


def test_a_clip_that_was_filtered_names_what_was_seen() -> None:
    reasons = ["The video was filtered. Support codes: 29310472, 61493863"]
    status = stands(
        done=True, response={"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": reasons}
    )
    assert status.fail is not None
    assert status.fail.kind is FailKind.MODERATION_OUTPUT
    assert "because of a celebrity, violence" in status.fail.text


@pytest.mark.parametrize("response", ["null", "{}", '{"videos": null}', '{"videos": [{}]}'])
def test_done_with_nothing_is_a_failure(response: str) -> None:
    status = stands(done=True, response=json.loads(response))
    assert status.fail is not None
    assert (status.state, status.fail.kind) == (JobState.FAILED, FailKind.ENGINE)


def test_an_operation_is_found_again_by_its_name_or_its_number() -> None:
    assert veo().adopted(JOB.rpartition("/")[2], a_shot()).id == JOB
    assert veo().adopted(JOB, a_shot()).id == JOB


@pytest.mark.parametrize(
    ("job_id", "words"),
    [("", "no operation's name"), ("../../x", "no operation's name"),
     (JOB.replace("generate-001", "fast-generate-001"), "one of veo-3.1-fast")],
)  # fmt: skip
def test_what_is_no_operation_of_the_order_is_not_taken(job_id: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        veo().adopted(job_id, a_shot())


@pytest.mark.parametrize(
    ("location", "host"),
    [("", "us-central1-aiplatform"), ("europe-west4", "europe-west4-aiplatform"),
     ("global", "aiplatform")],
)  # fmt: skip
def test_each_location_has_its_own_address(location: str, host: str) -> None:
    call = veo(GOOGLE_VEO_LOCATION=location).rehearse(a_shot())
    where = location or "us-central1"
    assert call.path.startswith(
        f"https://{host}.googleapis.com/v1beta1/projects/p/locations/{where}/"
    )


def test_a_film_outside_every_bucket_is_not_fetched() -> None:
    with pytest.raises(Broken, match="in no bucket"):
        stands(done=True, response={"videos": [{"gcsUri": "https://example.com/take.mp4"}]})


def test_the_token_is_for_googles_own_hosts_only() -> None:
    may_see = veo()._may_see_key  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  the promise itself
    assert may_see("https://storage.googleapis.com/storage/v1/b/b/o/x")
    assert not may_see("http://storage.googleapis.com/storage/v1/b/b/o/x")
    assert not may_see("https://storage.googleapis.com.example.com/x")
    assert not may_see("https://example.com/storage.googleapis.com")


def test_the_doctor_takes_no_sign_in_page_for_a_model() -> None:
    talk = veo().finding()
    next(talk)
    found: list[Finding] = []
    try:
        while True:
            talk.send(Answer(status=200, headers={}, body=b"<html>Sign in</html>"))
    except StopIteration as done:
        found = done.value
    assert found
    assert not any(each.is_ok for each in found)
