"""The animatic as its callers see it: real children, real films."""
# Pillow's hints name numpy, which is not installed, and PyAV's pictures follow them:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import json
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

import engines
from engines import (
    Broken,
    FailKind,
    Handle,
    JobState,
    Mode,
    Ref,
    RefRole,
    Refused,
)
from engines.animatic import Animatic

from .films import a_shot, film_of, sha256_of, until


async def test_a_shot_becomes_a_film_that_any_editor_opens(animatic: Animatic) -> None:
    film = await film_of(animatic, a_shot(seconds=2.5))
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (960, 540)
        assert stream.average_rate == stream.base_rate == 24
        keys = [frame.time for frame in container.decode(video=0) if frame.key_frame]
        assert stream.frames == 60
        assert keys == [0.0, 1.0, 2.0]
    told = film.read_bytes()
    assert told.index(b"moov") < told.index(b"mdat")
    assert b"Lavf" not in told


@pytest.mark.parametrize("ratio", ["16:9", "9:16", "1:1", "4:5", "21:9", "4:3", "2.39:1"])
async def test_every_ratio_is_rendered_at_its_size(animatic: Animatic, ratio: str) -> None:
    film = await film_of(animatic, a_shot(ratio=ratio))
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == animatic.caps().modes[Mode.TEXT_TO_VIDEO].ratios[
            ratio
        ]["540p"]


async def test_the_same_setup_gives_the_same_bytes_for_any_take_in_any_process(
    tmp_path: Path,
) -> None:
    digests: list[str] = []
    for number in (1, 2):
        plate = tmp_path / str(number) / f"plate{number}.png"
        plate.parent.mkdir()
        Image.linear_gradient("L").resize((800, 450)).save(plate)
        engine = Animatic(tmp_path / str(number) / "work")
        order = a_shot(user_tag=f"take-{number}", refs=(Ref(path=plate),))
        digests.append(sha256_of(await film_of(engine, order)))
        await engine.close()
    assert digests[0] == digests[1]


async def test_another_seed_gives_another_drawing(animatic: Animatic) -> None:
    one = await film_of(animatic, a_shot())
    other = await film_of(animatic, a_shot(seed=8, user_tag="take-2"))
    assert sha256_of(one) != sha256_of(other)


@pytest.mark.parametrize("camera", ["slow push in", "static"])
async def test_another_seed_is_another_take_of_the_same_picture(
    animatic: Animatic, tmp_path: Path, camera: str
) -> None:
    plate = tmp_path / "plate.png"
    Image.linear_gradient("L").resize((800, 450)).save(plate)
    shots = [
        a_shot(
            user_tag=f"seed-{seed}", seed=seed, refs=(Ref(path=plate),), about={"camera": camera}
        )
        for seed in (1, 2)
    ]
    one, other = [sha256_of(await film_of(animatic, shot)) for shot in shots]
    assert one != other


async def test_progress_only_grows(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot(seconds=3))
    seen = await until(animatic, handle, lambda status: status.state.is_over)
    shares = [status.progress or 0.0 for status in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any(0 < share < 1 for share in shares)


async def test_ordering_the_same_take_again_is_the_same_order(animatic: Animatic) -> None:
    first = await animatic.submit(a_shot())
    assert await animatic.submit(a_shot()) == first
    assert Handle.from_json(json.loads(json.dumps(first.to_json()))) == first


async def test_a_film_is_copied_whole_and_hashed(animatic: Animatic, tmp_path: Path) -> None:
    film = await film_of(animatic, a_shot())
    stored = await animatic.download(engines.Output(path=film), tmp_path / "kept" / "take.mp4")
    assert (stored.sha256, stored.size) == (sha256_of(film), film.stat().st_size)
    assert stored.path.read_bytes() == film.read_bytes()


async def test_one_film_is_drawn_at_a_time_and_the_rest_wait_in_line(animatic: Animatic) -> None:
    handles = [await animatic.submit(a_shot(user_tag=f"take-{number}")) for number in range(3)]
    standing = [await animatic.poll(handle) for handle in handles]
    assert [status.queue_pos for status in standing] == [None, 1, 2]
    for handle in reversed(handles):
        seen = await until(animatic, handle, lambda status: status.state.is_over)
        assert seen[-1].state is JobState.SUCCEEDED


async def test_an_unknown_order_is_not_found(animatic: Animatic) -> None:
    handle = await animatic.submit(a_shot())
    for unknown in (replace(handle, id="0" * 32, extra={}), replace(handle, id="../secret")):
        with pytest.raises(Broken, match="order") as told:
            await animatic.poll(unknown)
        assert told.value.kind is FailKind.NOT_FOUND


async def test_what_is_no_picture_is_a_problem_before_anything_is_drawn(
    animatic: Animatic, tmp_path: Path
) -> None:
    path = tmp_path / "notes.png"
    path.write_text("<html>gone</html>")
    order = a_shot(refs=(Ref(path=path),))
    assert [problem.field for problem in animatic.validate(order)] == ["refs"]
    with pytest.raises(Refused, match=r"notes\.png is not a JPEG"):
        await animatic.submit(order)


async def test_a_picture_of_200_megapixels_is_a_problem(animatic: Animatic, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 10_000)).save(path)
    problems = animatic.validate(a_shot(refs=(Ref(path=path),)))
    assert [problem.text for problem in problems] == [
        "The reference huge.png is 20000 x 10000; the most is 50 megapixels."
    ]


async def test_a_picture_that_breaks_off_fails_at_once_and_says_which(
    animatic: Animatic, tmp_path: Path
) -> None:
    path = tmp_path / "plate.png"
    Image.effect_noise((400, 400), 90).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    handle = await animatic.submit(a_shot(refs=(Ref(path=path),)))
    last = (await until(animatic, handle, lambda status: status.state.is_over))[-1]
    assert last.fail is not None
    assert last.fail.kind is FailKind.BAD_INPUT
    assert "plate.png" in last.fail.text


async def test_pictures_are_shown_first_to_last(animatic: Animatic, tmp_path: Path) -> None:
    refs: list[Ref] = []
    for name, light, role in (
        ("last", 250, RefRole.LAST),
        ("first", 0, RefRole.FIRST),
        ("between", 128, RefRole.REFERENCE),
    ):
        path = tmp_path / f"{name}.png"
        Image.new("L", (640, 360), light).save(path)
        refs.append(Ref(path=path, role=role))
    order = a_shot(mode=Mode.IMAGE_TO_VIDEO, seconds=3, refs=tuple(refs))
    film = await film_of(animatic, order)
    with av.open(str(film)) as container:
        frames = [frame.to_image().convert("L") for frame in container.decode(video=0)]
    lights = [frames[number].getpixel((480, 270)) for number in (12, 36, 60)]
    assert lights == pytest.approx([0, 128, 250], abs=6)


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"action": "木のボートが漂う مرحبا 🎬"},
        {"action": "x" * 10_000, "title": "y" * 10_000, "camera": "z" * 10_000},
        {"framing": "Over the shoulder", "action": "A crowd runs across the city at night"},
        {"framing": "Insert", "action": "The bottle turns in the light"},
        {"framing": "Extreme close-up", "action": "Empty room", "camera": "handheld, orbit"},
    ],
)
async def test_any_words_can_be_drawn(animatic: Animatic, about: dict[str, str]) -> None:
    assert (await film_of(animatic, a_shot(about=about, seed=None))).stat().st_size > 1000
