"""What Luma's Dream Machine can do, costs and refuses, before anything is sent."""

import json
from pathlib import Path
from typing import Any

import pytest

from engines import (
    EngineError,
    FailKind,
    JobSpec,
    JobState,
    Mode,
    Ref,
    RefKind,
    RefRole,
    Refused,
    known,
)
from engines._call import Answer, Call
from engines.luma_dream_machine import LumaDreamMachine

from .conftest import HouseTerms

JOB = "123e4567-e89b-12d3-a456-426614174000"
PICTURE = "https://example.com/ref.png"
OWN_CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=JOB)
FOREIGN = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri="https://example.com/in.mp4")
FIRST, LAST = Ref(role=RefRole.FIRST, uri=PICTURE), Ref(role=RefRole.LAST, uri=PICTURE)


def dream_machine() -> LumaDreamMachine:
    return LumaDreamMachine({"LUMA_DREAM_MACHINE_API_KEY": "secret"})


def clip(mode: Mode = Mode.TEXT_TO_VIDEO, **words: Any) -> JobSpec:
    told: dict[str, Any] = {"mode": mode, "prompt": "A paper boat.", "user_tag": "take-1", **words}
    return JobSpec(**told)


def still(**words: Any) -> JobSpec:
    told: dict[str, Any] = {"model": "photon-1", "resolution": "1080p", **words}
    return clip(Mode.TEXT_TO_IMAGE, **told)


WRONG: dict[str, tuple[JobSpec, str, str]] = {
    "a local frame": (
        clip(Mode.IMAGE_TO_VIDEO, refs=(Ref(role=RefRole.FIRST, path=Path("frame.png")),)),
        "refs", "The first image needs a public https address, and this file has none."),
    "a frame by plain http": (
        clip(Mode.IMAGE_TO_VIDEO, refs=(Ref(role=RefRole.FIRST, uri="http://example.com/a.png"),)),
        "refs", "needs a public https address"),
    "no frame": (clip(Mode.IMAGE_TO_VIDEO), "refs", "a first or a last frame"),
    "a foreign clip extended": (
        clip(Mode.EXTEND, refs=(FOREIGN,)), "refs", "extends takes of its own only"),
    "a foreign clip enlarged": (
        clip(Mode.UPSCALE, resolution="4k", refs=(FOREIGN,)), "refs", "upscales takes of its own"),
    "a foreign clip given sound": (
        clip(Mode.SOUND, refs=(FOREIGN,)), "refs", "makes sound for takes of its own"),
    "an extension that begins elsewhere": (
        clip(Mode.EXTEND, refs=(OWN_CLIP, FIRST)), "refs", "give a last frame at most"),
    "a lead-in that ends elsewhere": (
        clip(Mode.EXTEND, refs=(OWN_CLIP, LAST), native={"direction": "backward"}),
        "refs", "give a first frame at most"),
    "ten seconds": (clip(seconds=10), "seconds", "5 or 9 seconds"),
    "a weight that is none": (
        still(native={"image_weight": "heavy"}), "native", "a number from 0 to 1, not heavy"),
    "a weight that is too large": (still(native={"style_weight": 1.2}), "native", "0 to 1"),
    "a crop that is none": (
        clip(Mode.REFRAME, refs=(FOREIGN,), native={"x_start": "left"}),
        "native", "a whole number of pixels"),
    "a character whom nobody shows": (
        still(native={"character": "hero"}), "native", "names hero, and no reference has that"),
    "an unknown size to enlarge to": (
        clip(Mode.UPSCALE, resolution="8k", refs=(OWN_CLIP,)), "resolution", "1080p, 720p or 4k"),
    "sound where none is made": (clip(audio=True), "audio", "no sound"),
    "a clip by a model for stills": (clip(model="photon-1"), "mode", "does not do t2v"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_it_does_not_make_is_said_before_money_is_spent(case: str) -> None:
    spec, field, words = WRONG[case]
    problems = dream_machine().validate(spec)
    assert field in {problem.field for problem in problems}, problems
    (text,) = [problem.text for problem in problems if words in problem.text]
    assert text.endswith(".")


ESTIMATES = {
    "a clip": (clip(), 71),
    "a clip of nine seconds": (clip(seconds=9), 127),
    "a large clip": (clip(resolution="1080p"), 159),
    "a very large clip": (clip(resolution="4k"), 637),
    "a quick clip": (clip(model="ray-flash-2", resolution="540p"), 14),
    "a still": (still(), 2),
    "a quick still, which is not free": (still(model="photon-flash-1"), 1),
    "an edit, whose price is not written down": (clip(Mode.EDIT, refs=(FOREIGN,)), None),
    "an upscale": (clip(Mode.UPSCALE, resolution="4k", refs=(OWN_CLIP,)), None),
    "sound": (clip(Mode.SOUND, refs=(OWN_CLIP,)), None),
}


@pytest.mark.parametrize("case", ESTIMATES)
def test_an_order_is_priced_by_its_pixels(case: str) -> None:
    spec, cents = ESTIMATES[case]
    assert dream_machine().estimate(spec) == cents


def answer(told: Any, status: int = 200) -> Answer:
    return Answer(status=status, headers={}, body=json.dumps(told).encode())


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("The prompt did not pass content Moderation", FailKind.MODERATION_INPUT),
        ("prompt not allowed because advanced moderation failed", FailKind.MODERATION_INPUT),
        ("Generation failed", FailKind.ENGINE),
        (None, FailKind.ENGINE),
    ],
)
def test_a_failure_is_told_by_its_sentence(reason: str | None, kind: FailKind) -> None:
    engine = dream_machine()
    failed = answer({"id": JOB, "state": "failed", "failure_reason": reason})
    status = engine.standing(engine.adopted(JOB, clip()), failed)
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert status.fail.kind is kind
    assert status.fail.text.endswith(".")


@pytest.mark.parametrize("assets", [None, {}, {"image": PICTURE}])
def test_a_clip_without_a_clip_is_a_failure(assets: dict[str, str] | None) -> None:
    engine = dream_machine()
    done = answer({"id": JOB, "state": "completed", "assets": assets})
    status = engine.standing(engine.adopted(JOB, clip()), done)
    assert status.state is JobState.FAILED
    assert status.fail is not None
    assert "names no file" in status.fail.text


def test_a_still_is_the_picture_that_was_made() -> None:
    engine = dream_machine()
    done = answer({"id": JOB, "state": "completed", "assets": {"image": PICTURE}})
    (output,) = engine.standing(engine.adopted(JOB, still()), done).outputs
    assert (output.kind, output.url, output.mime) == (RefKind.IMAGE, PICTURE, "image/png")


def test_an_order_without_an_id_is_broken() -> None:
    with pytest.raises(Exception, match="gave it no id"):
        dream_machine().ticket(clip(), answer({"state": "queued"}))


def test_a_picture_of_its_own_is_named_by_the_address_that_luma_tells() -> None:
    engine = dream_machine()
    own = Ref(role=RefRole.FIRST, job=JOB)
    talk = engine.upload(own, clip(Mode.IMAGE_TO_VIDEO, refs=(own,)))
    assert talk is not None
    wish = next(talk)
    assert isinstance(wish, Call)
    assert wish.path == f"/generations/{JOB}"
    with pytest.raises(StopIteration) as done:
        talk.send(answer({"state": "completed", "assets": {"image": PICTURE}}))
    assert done.value.value.uri == PICTURE


def test_a_picture_that_luma_has_lost_is_for_the_artist() -> None:
    engine = dream_machine()
    own = Ref(role=RefRole.FIRST, job=JOB)
    talk = engine.upload(own, clip(Mode.IMAGE_TO_VIDEO, refs=(own,)))
    assert talk is not None
    next(talk)
    with pytest.raises(Refused, match="choose another"):
        talk.send(answer({"state": "completed", "assets": None}))


def test_work_on_a_take_that_luma_has_lost_is_for_the_artist() -> None:
    refused = answer({"detail": "Generation not found"}, 404)
    for creating, kind in ((True, FailKind.BAD_INPUT), (False, FailKind.NOT_FOUND)):
        told = dream_machine()._faulted(refused, creating=creating)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  what HttpEngine makes of the adapter's word
        assert isinstance(told, EngineError)
        assert told.kind is kind


@pytest.mark.parametrize("wrong", ["", "123", "../credits", f"{JOB}/upscale"])
def test_an_id_that_is_none_is_not_adopted(wrong: str) -> None:
    with pytest.raises(Refused, match="copy it whole"):
        dream_machine().adopted(wrong, clip())


def test_the_two_lumas_are_hired_with_a_key_each(tmp_path: Path) -> None:
    engines = known()
    agents = HouseTerms(tmp_path, {"LUMA_API_KEY": "k"})
    legacy = HouseTerms(tmp_path, {"LUMA_DREAM_MACHINE_API_KEY": "k"})
    assert engines["luma_dream_machine"].hired(agents) is None
    assert engines["luma"].hired(legacy) is None
    assert engines["luma_dream_machine"].hired(legacy) is not None
