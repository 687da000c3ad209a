from itertools import pairwise

import pytest

from engines._animatic_camera import View, path_of


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("Push in", "push in"),
        ("slow push-in on her face", "push in"),
        ("The camera slowly dollies in", "push in"),
        ("dolly forward", "push in"),
        ("pull out", "pull out"),
        ("dolly back to reveal the hall", "pull out"),
        ("camera pulls slowly away", "pull out"),
        ("zoom in", "zoom in"),
        ("crash zoom", "zoom in"),
        ("zoom out", "zoom out"),
        ("dolly zoom", "dolly zoom"),
        ("pan left", "pan left"),
        ("whip pan to the right", "pan right"),
        ("panning", "pan right"),
        ("tilt up", "tilt up"),
        ("tilt slowly down", "tilt down"),
        ("truck left", "truck left"),
        ("tracking right", "truck right"),
        ("camera moves from left to right", "truck right"),
        ("dolly left", "truck left"),
        ("tracking shot", "track"),
        ("crane up", "crane up"),
        ("jib down", "crane down"),
        ("orbit", "orbit right"),
        ("arc left around her", "orbit left"),
        ("handheld", "handheld"),
        ("hand-held, nervous", "handheld"),
        ("static", "static"),
        ("locked-off on tripod", "static"),
        ("drone", "aerial"),
        ("handheld push in", "push in + handheld"),
        ("push in, then pan left", "push in, then pan left"),
        ("", ""),
        ("Kamera steht auf dem Kopf", ""),
    ],
)
def test_the_camera_understands_the_trade(words: str, understood: str) -> None:
    assert path_of(words).label == understood


def _travelled(words: str) -> View:
    path = path_of(words)
    start, end = (path.at(moment, seconds=5, seed=1) for moment in (0.0, 1.0))
    return end.plus(start, share=-1.0)


@pytest.mark.parametrize(
    ("words", "axis", "sign"),
    [
        ("push in", "dolly", 1),
        ("pull out", "dolly", -1),
        ("zoom in", "zoom", 1),
        ("pan left", "pan", -1),
        ("pan right", "pan", 1),
        ("tilt up", "tilt", -1),
        ("tilt down", "tilt", 1),
        ("truck left", "truck", -1),
        ("crane up", "rise", -1),
        ("crane down", "rise", 1),
        ("orbit left", "orbit", -1),
    ],
)
def test_the_camera_goes_where_the_words_say(words: str, axis: str, sign: int) -> None:
    assert getattr(_travelled(words), axis) * sign > 0.1


def test_a_static_camera_does_not_move() -> None:
    assert _travelled("static, locked off") == View()


def test_a_slow_move_goes_less_far_than_a_fast_one() -> None:
    assert _travelled("slow push in").dolly < _travelled("fast push in").dolly


def test_one_move_follows_another_without_a_jump() -> None:
    path = path_of("push in, then pan left")
    views = [path.at(step / 240, seconds=10, seed=1) for step in range(241)]
    steps = [later.plus(view, share=-1.0) for view, later in pairwise(views)]
    assert max(abs(part) for step in steps for part in step) < 0.03


def test_a_hand_that_holds_the_camera_trembles_the_same_for_the_same_seed() -> None:
    path = path_of("handheld")
    assert path.at(0.3, seconds=5, seed=1) == path.at(0.3, seconds=5, seed=1)
    assert path.at(0.3, seconds=5, seed=1) != path.at(0.3, seconds=5, seed=2)
