"""What is sent to Runway for an order, and what it is expected to cost."""

from pathlib import Path

import pytest

from engines import (
    JobSpec,
    Mode,
    RefRole,
)

from .at_runway import CLIP, PICTURE, a_clip_of, body, clip, image, order, runway


def test_two_frames_are_sent_with_their_positions() -> None:
    refs = (image(), image(RefRole.LAST))
    sent = body(order(Mode.IMAGE_TO_VIDEO, "veo3.1", seconds=8, refs=refs, audio=False))
    assert sent["promptImage"] == [
        {"uri": PICTURE, "position": "first"},
        {"uri": PICTURE, "position": "last"},
    ]
    assert sent["audio"] is False


def test_keyframes_lie_within_the_window_of_the_edit() -> None:
    sent = body(
        order(
            Mode.EDIT,
            "aleph2",
            refs=(clip(), image(RefRole.KEYFRAME, uri=PICTURE, at=2.5)),
            native={"start_seconds": "2", "end_seconds": 4},
        )
    )
    window = {"start_seconds": 2, "end_seconds": 4}
    assert sent["keyframes"] == [{"seconds": 2.5, "uri": PICTURE, "range": window}]
    assert sent.keys() == {"model", "promptText", "videoUri", "keyframes"}


def test_keyframes_without_a_second_are_spread_over_the_clip() -> None:
    stills = (image(RefRole.KEYFRAME), image(RefRole.KEYFRAME), image(RefRole.KEYFRAME))
    sent = body(order(Mode.EDIT, "aleph2", refs=(clip(), *stills)))
    assert [still["at"] for still in sent["keyframes"]] == [0, 0.5, 1]
    sent = body(order(Mode.EDIT, "aleph2", refs=(clip(), stills[0])))
    assert [still["at"] for still in sent["keyframes"]] == [0]


def test_reframing_sends_the_ratio_and_asks_no_length() -> None:
    spec = order(Mode.REFRAME, "aleph2", ratio="9:16", resolution="source", refs=(clip(),))
    assert body(spec)["targetAspectRatio"] == "9:16"


def test_a_partners_extension_asks_for_its_length_in_its_own_words() -> None:
    sent = body(order(Mode.EXTEND, "seedance2_5", seconds=8, refs=(clip(),)))
    assert sent == {
        "model": "seedance2_5",
        "mode": "extend",
        "promptText": "A paper boat",
        "duration": 8,
        "promptVideo": CLIP,
    }


def test_the_frame_of_a_clip_decides_the_format_where_only_a_tier_is_asked() -> None:
    sent = body(order(Mode.IMAGE_TO_VIDEO, "kling_4", resolution="1080p", refs=(image(),)))
    assert sent["ratio"] == "auto_1080p"


def test_each_configuration_of_the_router_is_a_model_of_its_own() -> None:
    engine = runway(RUNWAY_ROUTER_CONFIGS="film, draft,")
    assert engine.models()[0] == "gen4.5"
    assert engine.models()[-2:] == ("router:film", "router:draft")
    sent = body(order(Mode.EDIT, "router:draft", refs=(clip(),)), RUNWAY_ROUTER_CONFIGS="draft")
    assert sent == {
        "configId": "draft",
        "input": {
            "promptText": "A paper boat",
            "referenceVideos": [{"role": "source", "uri": CLIP}],
        },
    }


def test_a_still_to_work_from_is_the_first_figure_of_the_prompt() -> None:
    offer = runway().caps("seedream5_pro").modes[Mode.IMAGE_TO_IMAGE]
    assert [slot.call for slot in offer.slots] == ["Figure 1", ""]


@pytest.mark.parametrize(
    ("spec", "cents"),
    [
        (order(), 60),
        (order(seconds=10, native={"outputFormat": "prores"}), 170),
        (order(seconds=2, native={"outputFormat": "hdr10"}), 64),
        (order(Mode.IMAGE_TO_VIDEO, "gen4_turbo"), 25),
        (order(model="veo3.1", seconds=8), 320),
        (order(Mode.TEXT_TO_IMAGE, "gen4_image", resolution="1080p"), 8),
        (order(Mode.TEXT_TO_IMAGE, "gen4_image_turbo"), 2),
        (order(Mode.EDIT, "aleph2"), None),
        (order(model="seedance2"), None),
        (JobSpec(), 60),
    ],
)
def test_an_estimate_is_the_dearer_end_of_a_published_price(
    spec: JobSpec, cents: int | None
) -> None:
    assert runway().estimate(spec) == cents


@pytest.mark.parametrize(
    ("mode", "model", "seconds", "cents"),
    [
        (Mode.EDIT, "aleph2", 10, 280),
        (Mode.EDIT, "aleph2", 1, 56),
        (Mode.PERFORMANCE, "act_two", 10, 50),
        (Mode.UPSCALE, "ruby", 10, 400),
        (Mode.UPSCALE, "magnific_video_upscaler_creative", 10, None),
    ],
)
def test_what_is_charged_by_the_clips_length_is_known_once_the_clip_is_at_hand(
    mode: Mode, model: str, seconds: int, cents: int | None, tmp_path: Path
) -> None:
    refs = (a_clip_of(tmp_path / "in.mp4", seconds),)
    assert runway().estimate(order(mode, model, refs=refs)) == cents
    assert runway().estimate(order(mode, model, refs=(clip(),))) is None


def test_every_price_says_where_and_when_it_was_read() -> None:
    engine = runway()
    for model in engine.models():
        price = engine.caps(model).price
        assert price.text
        assert price.source
        assert price.dated.year == 2026
