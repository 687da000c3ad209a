"""An order is fitted to an engine's table, and what is lost is said."""

from dataclasses import replace

import pytest

from bot.fitting import Order, Pick, fitted
from engines import Caps, Mode, RefKind, RefRole
from engines.runway import Runway

ORDER = Order(engine="runway", seconds=5, ratio="16:9")
HERO = Pick(role=RefRole.REFERENCE, id="1", name="Mara", sha256="ab" * 32)
FRAME = Pick(role=RefRole.FIRST, id="2", name="Ridge", sha256="cd" * 32)
CLIP = Pick(role=RefRole.SOURCE, id="3", name="T001", sha256="ef" * 32, kind=RefKind.VIDEO)


def caps(model: str) -> Caps:
    return Runway({"RUNWAY_API_KEY": "key"}).caps(model)


def test_references_alone_are_no_frame_so_that_words_are_ordered_and_the_loss_is_said() -> None:
    fit = fitted(ORDER, caps("gen4.5"), (HERO,), label="Runway")
    assert fit is not None
    assert (fit.mode, fit.picks) == (Mode.TEXT_TO_VIDEO, ())
    assert fit.losses[0] == "Mara does not go along: Runway takes no reference here."


def test_a_frame_goes_along_where_references_do_not() -> None:
    fit = fitted(ORDER, caps("gen4.5"), (FRAME, HERO), label="Runway")
    assert fit is not None
    assert (fit.mode, [pick.name for pick in fit.picks]) == (Mode.IMAGE_TO_VIDEO, ["Ridge"])


def test_a_kind_of_work_that_was_chosen_stays_until_what_it_works_from_is_chosen() -> None:
    order = replace(ORDER, mode=Mode.IMAGE_TO_VIDEO)
    for picks in ((), (HERO,)):
        fit = fitted(order, caps("gen4.5"), picks, label="Runway")
        assert fit is not None
        assert (fit.mode, fit.picks) == (Mode.IMAGE_TO_VIDEO, ())


def test_a_frame_that_cannot_go_along_leaves_words_and_the_loss_is_said() -> None:
    order, heavy = replace(ORDER, mode=Mode.IMAGE_TO_VIDEO), replace(FRAME, size=10**9)
    fit = fitted(order, caps("gen4.5"), (heavy,), label="Runway")
    assert fit is not None
    assert fit.mode is Mode.TEXT_TO_VIDEO
    assert any(each.startswith("Ridge does not go along: ") for each in fit.losses)


def test_a_model_that_must_have_a_frame_makes_nothing_of_words_alone() -> None:
    assert fitted(ORDER, caps("gen4_turbo"), (), label="Runway") is None


@pytest.mark.parametrize(("asked", "given"), [("", "2k"), ("4k", "4k"), ("1080p", "2k")])
def test_a_resolution_is_brought_to_what_is_offered_where_the_ratio_is_the_clips(
    asked: str, given: str
) -> None:
    order = Order(engine="runway", seconds=5, ratio="16:9", mode=Mode.UPSCALE, resolution=asked)
    fit = fitted(order, caps("magnific_video_upscaler_creative"), (CLIP,), label="Runway")
    assert fit is not None
    assert fit.order.resolution == given
