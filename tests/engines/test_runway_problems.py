"""What Runway cannot do is said in the form, before money moves."""

from pathlib import Path

import pytest

from engines import (
    JobSpec,
    Mode,
    Ref,
    RefKind,
    RefRole,
)

from .at_runway import MP4, PICTURE, PNG, a_clip_of, clip, image, order, problems, runway


def test_an_emoji_counts_twice_in_a_prompt() -> None:
    assert problems(order(prompt="🎬" * 500)) == []
    assert problems(order(prompt="🎬" * 500 + "x")) == [
        (
            "prompt",
            "At most 1,000 UTF-16 units fit here, of which an emoji takes two; this has 1,001.",
        )
    ]


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (order(seconds=11), "seconds"),
        (order(seconds=2.5), "seconds"),
        (order(ratio="1:1"), "ratio"),
        (order(resolution="1080p"), "resolution"),
        (order(audio=True), "audio"),
        (order(negative="people"), "negative"),
        (order(model="gen4_aleph"), "model"),
        (order(model="router:film"), "model"),
        (order(Mode.EXTEND), "mode"),
        (order(Mode.IMAGE_TO_VIDEO), "refs"),
        (order(Mode.IMAGE_TO_VIDEO, refs=(image(), image(RefRole.LAST))), "refs"),
        (order(native={"outputFormat": "avi"}), "native"),
        (order(native={"cfgScale": 1}), "native"),
    ],
)
def test_what_gen45_cannot_do_is_said_at_its_field(spec: JobSpec, field: str) -> None:
    assert [found for found, _ in problems(spec)] == [field]


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        (["me"], "A tag has 3 to 16 letters, digits and underscores, and a letter first; me "),
        (["2nd_hero"], "A tag has 3 to 16 letters"),
        (["the-hero"], "A tag has 3 to 16 letters"),
        (["a" * 17], "A tag has 3 to 16 letters"),
        (["hero", "hero"], "Two pictures are called hero; give each its own tag."),
    ],
)
def test_a_tag_that_runway_would_not_take_is_said_before_the_order(
    tags: list[str], told: str
) -> None:
    refs = tuple(image(RefRole.REFERENCE, uri=PICTURE, tag=tag) for tag in tags)
    found = problems(order(Mode.TEXT_TO_IMAGE, "gen4_image", refs=refs))
    assert [field for field, _ in found] == ["refs"]
    assert found[0][1].startswith(told)


def test_a_tag_is_called_in_the_prompt_with_an_at() -> None:
    slot = runway().caps("gen4_image").modes[Mode.TEXT_TO_IMAGE].slot(RefRole.REFERENCE)
    assert slot is not None
    assert slot.call.format(tag="hero") == "@hero"


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.com/ref.png",
        "https://10.0.0.1/ref.png",
        "https://10.0.0.1",
        "https://[::1]/ref.png",
        "https://me:word@example.com/ref.png",
        "file:///etc/passwd",
        "ref.png",
    ],
)
def test_an_address_that_runway_does_not_fetch_is_said_before_the_order(uri: str) -> None:
    found = problems(order(Mode.IMAGE_TO_VIDEO, refs=(image(uri=uri),)))
    assert found == [("refs", "The first image needs an https address with a host's name in it.")]


def test_a_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "frame.png"
    file.write_bytes(MP4)
    spec = order(Mode.IMAGE_TO_VIDEO, refs=(image(path=file),))
    assert problems(spec) == [("refs", "The first image is not a jpg, png or webp file.")]
    file.write_bytes(PNG)
    assert problems(spec) == []
    file.unlink()
    text = "The first image has neither a file nor an address. Attach it again."
    assert problems(spec) == [("refs", text)]


def test_a_file_that_no_upload_takes_is_said_before_the_order(tmp_path: Path) -> None:
    file = tmp_path / "in.mp4"
    with file.open("wb") as long:
        long.write(MP4)
        long.truncate(200_000_001)
    spec = order(
        Mode.EDIT, "aleph2", refs=(Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=file),)
    )
    text = "The source video has 200.0 MB; at most 200 MB are taken here."
    assert problems(spec) == [("refs", text)]


def test_clips_and_large_pictures_are_uploaded_and_small_pictures_are_not(tmp_path: Path) -> None:
    small, large, film = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.mp4"
    small.write_bytes(PNG)
    large.write_bytes(PNG + bytes(3_500_000))
    film.write_bytes(MP4)
    refs = (
        image(path=small),
        image(path=large),
        Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=film),
        image(),
    )
    asked = [runway().upload(ref, order(refs=refs)) is not None for ref in refs]
    assert asked == [False, True, True, False]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (
            order(Mode.PERFORMANCE, "act_two", refs=(clip(),)),
            "This needs one character to perform: a picture or a clip.",
        ),
        (
            order(
                Mode.PERFORMANCE,
                "act_two",
                refs=(clip(), clip(RefRole.REFERENCE), image(RefRole.REFERENCE)),
            ),
            "This needs one character to perform: a picture or a clip.",
        ),
        (
            order(Mode.UPSCALE, "enhance_frame_rate", refs=(clip(),)),
            "Say how many frames a second the clip is to have.",
        ),
        (
            order(
                Mode.EDIT,
                "aleph2",
                refs=(clip(), image(RefRole.KEYFRAME)),
                native={"start_seconds": 1, "end_seconds": 2},
            ),
            "Say at which second of the edit window each keyframe belongs.",
        ),
        (
            order(
                Mode.EDIT,
                "aleph2",
                refs=(clip(),),
                native={"start_seconds": 1, "end_seconds": 2},
            ),
            "An edit window belongs to keyframes, and there is none.",
        ),
        (
            order(Mode.EDIT, "aleph2", refs=(clip(),), native={"start_seconds": 1}),
            "An edit window has start_seconds and end_seconds, or neither.",
        ),
        (
            order(
                Mode.UPSCALE,
                "magnific_video_upscaler_creative",
                resolution="4k",
                refs=(clip(),),
                native={"creativity": "a lot"},
            ),
            "creativity is a whole number from 0 to 100, not a lot.",
        ),
    ],
)
def test_what_an_order_lacks_beside_its_slots_is_said(spec: JobSpec, told: str) -> None:
    assert problems(spec)[0][1] == told


@pytest.mark.parametrize(("seconds", "count"), [(1, 1), (2, 0), (30, 0), (31, 1)])
def test_a_clip_that_is_too_short_or_too_long_is_said_before_the_order(
    seconds: int, count: int, tmp_path: Path
) -> None:
    spec = order(Mode.EDIT, "aleph2", refs=(a_clip_of(tmp_path / "in.mp4", seconds),))
    text = f"aleph2 works on clips of 2 to 30 seconds, and this has {seconds}.0."
    assert problems(spec) == [("refs", text)] * count


def test_a_file_that_is_kept_and_not_yet_at_hand_is_no_problem() -> None:
    frame = image(sha256="ab" * 32, size=1000)
    assert problems(order(Mode.IMAGE_TO_VIDEO, refs=(frame,))) == []
    assert problems(order(Mode.IMAGE_TO_VIDEO, refs=(Ref(role=RefRole.FIRST),)))
