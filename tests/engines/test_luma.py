"""What Luma's Agents API can do, costs and refuses, before anything is sent."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import (
    Engine,
    JobSpec,
    Mode,
    Ref,
    RefKind,
    RefRole,
    Refused,
    known,
)
from engines._media_kind import mime_of
from engines.luma import Luma

from .clips import mp4
from .conftest import HouseTerms

JOB = "d290f1ee-6c54-4b01-90e6-d701748f0851"
PICTURE = "https://example.com/ref.png"
OWN_CLIP = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=JOB)


def luma() -> Luma:
    return Luma({"LUMA_API_KEY": "luma-api-secret"})


def clip(mode: Mode = Mode.TEXT_TO_VIDEO, **words: Any) -> JobSpec:
    told: dict[str, Any] = {"mode": mode, "prompt": "A paper boat.", "user_tag": "take-1", **words}
    return JobSpec(**told)


def image(role: RefRole, at: float | None = None) -> Ref:
    return Ref(role=role, uri=PICTURE, at=at)


def keyed(*at: float | None) -> tuple[Ref, ...]:
    return tuple(image(RefRole.KEYFRAME, each) for each in at)


FIRST, LAST = image(RefRole.FIRST), image(RefRole.LAST)
I2V, EDIT, REFRAME = Mode.IMAGE_TO_VIDEO, Mode.EDIT, Mode.REFRAME
WRONG: dict[str, tuple[JobSpec, str, str]] = {
    "ten seconds from a first frame": (
        clip(I2V, seconds=10, refs=(FIRST,)), "seconds", "make the pictures keyframes"),
    "ten seconds to a last frame": (
        clip(I2V, seconds=10, refs=(LAST,)), "seconds", "make the pictures keyframes"),
    "a loop of ten seconds": (
        clip(seconds=10, native={"loop": True}), "seconds", "A loop is 5 seconds"),
    "HDR of ten seconds": (
        clip(seconds=10, native={"hdr": "true"}), "seconds", "HDR is made 5 seconds"),
    "HDR of a small clip": (
        clip(resolution="540p", native={"hdr": "true"}), "resolution", "720p or 1080p"),
    "HDR from a first frame": (
        clip(I2V, refs=(FIRST,), native={"hdr": "true"}), "native", "as keyframes"),
    "a loop in HDR": (clip(native={"loop": "true", "hdr": "true"}), "native", "one of the two"),
    "EXR without HDR": (clip(native={"exr_export": "true"}), "native", "choose hdr too"),
    "a loop to a last frame": (
        clip(I2V, refs=(FIRST, LAST), native={"loop": "true"}), "native", "no last frame"),
    "frames and keyframes": (
        clip(I2V, refs=(FIRST, *keyed(2))), "refs", "make all of them keyframes"),
    "no frame at all": (clip(I2V), "refs", "needs a first frame"),
    "a keyframe without a place": (clip(I2V, refs=keyed(0, None)), "refs", "at which second"),
    "a keyframe after the end": (clip(I2V, refs=keyed(0, 5.2)), "refs", "between 0 and 5"),
    "two keyframes on one frame": (
        clip(I2V, refs=keyed(1, 1.01)), "refs", "the same frame"),
    "a foreign clip extended": (
        clip(Mode.EXTEND, refs=(Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, uri=PICTURE),)),
        "refs", "takes of its own"),
    "ten seconds more": (
        clip(Mode.EXTEND, seconds=10, refs=(OWN_CLIP,)), "seconds", "5 seconds"),
    "an edit that is led twice": (
        clip(EDIT, refs=(OWN_CLIP,), native={"auto_controls": True, "strength": "flex_1"}),
        "native", "Either Luma decides"),
    "an edit with an unknown strength": (
        clip(EDIT, refs=(OWN_CLIP,), native={"strength": "bold"}), "native", "adhere_1"),
    "a control that cannot be read": (
        clip(EDIT, refs=(OWN_CLIP,), native={"depth": "deep"}), "native", "0 to 1"),
    "a control that is too strong": (
        clip(EDIT, refs=(OWN_CLIP,), native={"normals": 1.5}), "native", "0 to 1"),
    "a pose that nobody knows": (
        clip(EDIT, refs=(OWN_CLIP,), native={"pose": "0.5"}), "native", "precise, coarse"),
    "a frame rate that is none": (
        clip(EDIT, refs=(OWN_CLIP, *keyed(1)), native={"source_fps": "fast"}),
        "native", "such as 24"),
    "an edit at a size that is not made": (
        clip(EDIT, resolution="4k", refs=(OWN_CLIP,)), "resolution", "360p"),
    "an upright reframe at 1080p": (
        clip(REFRAME, ratio="9:16", resolution="1080p", refs=(OWN_CLIP,)),
        "resolution", "720p"),
    "a place that is none": (
        clip(REFRAME, refs=(OWN_CLIP,), native={"source_position": "0,0,1"}),
        "native", "four numbers"),
    "a reference that is nowhere": (
        clip(I2V, refs=(Ref(role=RefRole.FIRST),)), "refs", "neither a file nor an address"),
    "a seed": (clip(seed=7), "seed", "no seed"),
    "a negative prompt": (clip(negative="rain"), "negative", "no negative prompt"),
    "sound": (clip(audio=True), "audio", "no sound"),
    "a model that is not Luma's": (clip(model="ray-9"), "model", "not a model"),
    "ten guides for a still": (
        clip(Mode.TEXT_TO_IMAGE, model="uni-1", resolution="2k",
             refs=tuple(image(RefRole.REFERENCE) for _ in range(10))),
        "refs", "At most 9 reference images"),
}  # fmt: skip
RIGHT: dict[str, JobSpec] = {
    "ten seconds of words": clip(seconds=10),
    "ten seconds of keyframes": clip(I2V, seconds=10, refs=keyed(0, 10)),
    "a loop from a first frame": clip(I2V, refs=(FIRST,), native={"loop": True}),
    "HDR from keyframes": clip(I2V, refs=keyed(0), native={"hdr": True, "exr_export": True}),
    "a draft": clip(resolution="360p"),
    "an edit at keyframes late in the clip": clip(EDIT, refs=(OWN_CLIP, *keyed(12.5))),
    "an upright reframe": clip(REFRAME, ratio="9:16", refs=(OWN_CLIP,)),
    "a reference that is kept elsewhere": clip(
        I2V, refs=(Ref(role=RefRole.FIRST, sha256="ab", size=100),)
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_luma_does_not_make_is_said_before_money_is_spent(case: str) -> None:
    spec, field, words = WRONG[case]
    problems = luma().validate(spec)
    assert field in {problem.field for problem in problems}, problems
    (text,) = [problem.text for problem in problems if words in problem.text]
    assert text.endswith(".")


@pytest.mark.parametrize("case", RIGHT)
def test_what_luma_makes_has_no_problem(case: str) -> None:
    assert luma().validate(RIGHT[case]) == []


def test_a_prompt_is_counted_in_characters_whatever_they_are() -> None:
    assert luma().validate(clip(prompt="🎬" * 6000)) == []
    (problem,) = luma().validate(clip(prompt="🎬" * 6001))
    assert problem.text == "At most 6,000 characters fit here; this has 6,001."


ESTIMATES = {
    "a clip": (clip(), 30),
    "a small clip": (clip(resolution="540p"), 15),
    "a large clip of ten seconds": (clip(resolution="1080p", seconds=10), 360),
    "a draft, whose price is not written down": (clip(resolution="360p"), None),
    "HDR": (clip(native={"hdr": True}), 60),
    "HDR with EXR at 1080p": (
        clip(resolution="1080p", native={"hdr": True, "exr_export": "true"}), 360),
    "more of a take": (clip(Mode.EXTEND, refs=(OWN_CLIP,)), 30),
    "an edit of a clip whose length is not known": (clip(EDIT, refs=(OWN_CLIP,)), None),
    "a still": (clip(Mode.TEXT_TO_IMAGE, model="uni-1", resolution="2k"), 4),
    "a still from nine guides": (
        clip(Mode.TEXT_TO_IMAGE, model="uni-1", refs=(image(RefRole.REFERENCE),) * 9), 7),
    "a still by the larger model": (clip(Mode.TEXT_TO_IMAGE, model="uni-1-max"), 10),
}  # fmt: skip


@pytest.mark.parametrize("case", ESTIMATES)
def test_an_order_is_priced_by_the_table(case: str) -> None:
    spec, cents = ESTIMATES[case]
    assert luma().estimate(spec) == cents


@pytest.mark.parametrize(
    ("mode", "resolution", "cents"),
    [(EDIT, "540p", 144), (EDIT, "1080p", 432), (REFRAME, "720p", 120), (REFRAME, "360p", None)],
)
def test_work_on_a_clip_is_priced_by_its_length(
    tmp_path: Path, mode: Mode, resolution: str, *, cents: int | None
) -> None:
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=mp4(tmp_path, seconds=10))
    assert luma().estimate(clip(mode, resolution=resolution, refs=(source,))) == cents


@pytest.mark.parametrize(("mode", "fits", "most"), [(EDIT, 18.0, "18"), (REFRAME, 30.0, "30")])
def test_a_clip_that_is_too_long_to_work_on_is_named_with_its_length(
    tmp_path: Path, mode: Mode, fits: float, *, most: str
) -> None:
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=mp4(tmp_path, seconds=fits))
    assert luma().validate(clip(mode, refs=(source,))) == []
    mp4(tmp_path, seconds=fits + 0.5)
    (problem,) = luma().validate(clip(mode, refs=(source,)))
    assert problem.text.endswith(f"{fits + 0.5:.1f} seconds long; at most {most} fit here.")


def test_a_file_is_judged_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    film = mp4(tmp_path, seconds=1).rename(tmp_path / "frame.png")
    (problem,) = luma().validate(clip(I2V, refs=(Ref(role=RefRole.FIRST, path=film),)))
    assert problem.text == "The first image is not a picture that Luma reads."
    assert mime_of(film) == "video/mp4"


def test_a_file_that_is_gone_is_for_the_artist(tmp_path: Path) -> None:
    gone = Ref(role=RefRole.FIRST, path=tmp_path / "gone.png")
    with pytest.raises(Refused, match="attach it once more"):
        luma().order(clip(I2V, refs=(gone,)))


def test_a_rehearsal_shows_the_order_and_keeps_nothing_back_but_the_file(tmp_path: Path) -> None:
    path = mp4(tmp_path, seconds=2)
    path.write_bytes(path.read_bytes() + bytes(5_000_000))
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=path, sha256="c0ffee" * 6)
    call = luma().rehearse(clip(EDIT, refs=(source,)))
    assert call.path == "https://agents.lumalabs.ai/v1/generations"
    assert call.json["source"] == {"file_id": "uploaded:c0ffeec0ffee"}


@given(at=st.floats(0, 10), seconds=st.sampled_from([5, 10]))
def test_a_keyframe_lies_on_the_grid_of_its_clip(at: float, seconds: float) -> None:
    spec = clip(I2V, seconds=seconds, refs=keyed(at))
    if luma().validate(spec):
        assert at > seconds
        return
    (index,) = luma().order(spec).json["video"]["keyframe_indexes"]
    assert 0 <= index <= seconds * 24
    assert abs(index / 24 - at) <= 1 / 48 + 1e-9


def test_an_edit_counts_in_the_frames_of_its_clip() -> None:
    spec = clip(EDIT, refs=(OWN_CLIP, *keyed(0, 2)), native={"source_fps": 29.97})
    assert luma().order(spec).json["video"]["edit"]["keyframe_indexes"] == [0, 60]


def test_controls_are_switched_off_by_saying_so() -> None:
    spec = clip(EDIT, refs=(OWN_CLIP,), native={"face": "false", "trajectory": 0.5})
    assert luma().order(spec).json["video"]["edit"] == {
        "controls": {"face": {"enabled": False}, "trajectory": {"enabled": True, "sparsity": 0.5}}
    }


def test_the_edge_of_a_reframe_may_lie_outside() -> None:
    spec = clip(REFRAME, refs=(OWN_CLIP,), native={"source_position": [-0.5, 0, 2, 1]})
    assert luma().validate(spec) == []
    assert luma().order(spec).json["video"]["source_position"] == {
        "x_norm": -0.5, "y_norm": 0.0, "w_norm": 2.0, "h_norm": 1.0,
    }  # fmt: skip


def test_luma_is_hired_with_a_key_only(tmp_path: Path) -> None:
    engine: type[Engine] = known()["luma"]
    assert engine.hired(HouseTerms(tmp_path)) is None
    assert engine.hired(HouseTerms(tmp_path, {"LUMA_API_KEY": "k"})) is not None
