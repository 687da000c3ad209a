"""A take's file becomes a probe, a poster, a contact sheet and a slated proxy."""

import subprocess
import sys
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.media import Processed, Slate, process
from tests.bot._clips import (
    color,
    copied,
    drawn,
    ffmpeg,
    fingerprint,
    frames_of,
    is_near,
    sounding,
)

SLATE = Slate("Midnight Harbour", "SC020", "SH010", "T3", "2026-11-22", "in review", "9f3a1c7e")
BARS_444 = "testsrc2=r=24:s=322x182:d=0.5,format=yuv444p"
RED_ON_TOP = "color=red:s=320x180:r=24:d=0.5,drawbox=y=90:h=90:color=blue:t=fill"


async def processed(clip: Path) -> Processed:
    return await process(clip, SLATE, clip.parent / "out")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sounding(tmp_path_factory.mktemp("clip") / "take.mp4")


async def test_a_take_is_described(clip: Path) -> None:
    probe = (await processed(clip)).probe
    assert (probe.width, probe.height, probe.rotation) == (320, 180, 0)
    assert (probe.fps, probe.fps_exact, probe.frames, probe.seconds) == (24.0, "24", 48, 2.0)
    assert (probe.codec, probe.pixel_format, probe.container) == ("h264", "yuv420p", "mp4")
    assert probe.has_audio
    assert not probe.variable_rate
    assert probe.problem is None


async def test_the_three_files_lie_in_the_folder_and_nothing_else_does(clip: Path) -> None:
    made = await processed(clip)
    into = clip.parent / "out"
    assert sorted(into.iterdir()) == sorted([made.poster, made.proxy, made.sheet])


async def test_the_original_is_never_touched(clip: Path) -> None:
    before = fingerprint(clip)
    await processed(clip)
    assert fingerprint(clip) == before


async def test_a_proxy_can_be_scrubbed_a_second_at_a_time_and_starts_at_once(clip: Path) -> None:
    made = await processed(clip)
    with av.open(str(made.proxy)) as proxy:
        packets = [packet for packet in proxy.demux(video=0) if packet.size]
        assert proxy.streams.audio[0].codec_context.name == "aac"
    keys = [
        float((packet.pts or 0) * (packet.time_base or 0))
        for packet in packets
        if packet.is_keyframe
    ]
    assert keys == [0.0, 1.0]
    whole = made.proxy.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")


async def test_the_slate_covers_the_foot_of_every_frame_and_nothing_of_the_poster(
    tmp_path: Path,
) -> None:
    white = drawn(tmp_path / "white.mp4", "color=white:s=640x360:r=24:d=0.5")
    made = await processed(white)
    for frame in frames_of(made.proxy):
        assert max(color(frame, 0.5, 0.98)) < 90
        assert min(color(frame, 0.5, 0.5)) > 240
    with Image.open(made.poster) as poster:
        assert min(color(poster, 0.5, 0.98)) > 240


async def test_a_large_take_gets_a_720p_proxy_and_a_small_one_is_not_blown_up(
    tmp_path: Path,
) -> None:
    large = await processed(drawn(tmp_path / "large.mp4", "testsrc2=r=8:s=1080x1920:d=0.5"))
    with av.open(str(large.proxy)) as proxy, Image.open(large.poster) as poster:
        assert (proxy.streams.video[0].width, proxy.streams.video[0].height) == (720, 1280)
        assert poster.size == (1080, 1920)
    small = await processed(drawn(tmp_path / "small.mp4", "testsrc2=r=8:s=64x48:d=0.5"))
    with av.open(str(small.proxy)) as proxy:
        assert (proxy.streams.video[0].width, proxy.streams.video[0].height) == (64, 48)


@pytest.mark.parametrize(("size", "stands"), [("320x180", 0), ("180x320", 1)])
async def test_a_sheet_lies_or_stands_as_its_take_does(
    tmp_path: Path, size: str, stands: int
) -> None:
    made = await processed(drawn(tmp_path / "take.mp4", f"testsrc2=r=24:s={size}:d=1"))
    with Image.open(made.sheet) as sheet:
        assert (sheet.format, sheet.mode) == ("JPEG", "RGB")
        assert (sheet.height > sheet.width) == stands


@pytest.mark.parametrize(("asked", "turn"), [("-90", 90), ("180", 180), ("90", 270)])
async def test_a_turned_take_stands_upright_everywhere(
    tmp_path: Path, asked: str, turn: int
) -> None:
    plain = drawn(tmp_path / "plain.mp4", RED_ON_TOP)
    made = await processed(copied(plain, tmp_path / "turned.mp4", "-display_rotation", asked))
    red_at = {90: (0.9, 0.3), 180: (0.5, 0.9), 270: (0.1, 0.3)}[turn]
    upright = (320, 180) if turn == 180 else (180, 320)
    assert (made.probe.width, made.probe.height, made.probe.rotation) == (*upright, turn)
    with Image.open(made.poster) as poster:
        assert poster.size == upright
        assert is_near(color(poster, *red_at), (254, 0, 0))
    first = frames_of(made.proxy)[0]
    assert first.size == upright
    if turn != 180:
        assert is_near(color(first, *red_at), (254, 0, 0))


async def test_an_odd_size_gives_an_even_proxy(tmp_path: Path) -> None:
    odd = drawn(
        tmp_path / "odd.mp4", BARS_444, "-vf", "scale=321:181,setsar=1", "-pix_fmt", "yuv444p"
    )
    made = await processed(odd)
    assert (made.probe.width, made.probe.height) == (321, 181)
    with av.open(str(made.proxy)) as proxy:
        video = proxy.streams.video[0]
        assert (video.width % 2, video.height % 2, video.pix_fmt) == (0, 0, "yuv420p")


async def test_ten_bits_become_eight(tmp_path: Path) -> None:
    deep = tmp_path / "deep.mp4"
    x265 = ("-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=r=24:s=320x180:d=0.5", *x265, deep)
    made = await processed(deep)
    assert (made.probe.codec, made.probe.pixel_format) == ("hevc", "yuv420p10le")
    with av.open(str(made.proxy)) as proxy:
        assert proxy.streams.video[0].pix_fmt == "yuv420p"


async def test_uneven_frames_keep_their_moments(tmp_path: Path) -> None:
    uneven = drawn(
        tmp_path / "uneven.mp4", "testsrc2=r=24:s=320x180:d=2", "-vf",
        "select='not(mod(n,5))+gt(n,30)'", "-fps_mode", "passthrough",
    )  # fmt: skip
    made = await processed(uneven)
    assert made.probe.variable_rate
    with av.open(str(uneven)) as original, av.open(str(made.proxy)) as proxy:
        assert [f.time for f in proxy.decode(video=0)] == [f.time for f in original.decode(video=0)]


@pytest.mark.parametrize("count", [1, 5])
async def test_a_clip_of_few_frames_fills_its_sheet_by_repeating_them(
    tmp_path: Path, count: int
) -> None:
    made = await processed(
        drawn(tmp_path / "short.mp4", "testsrc2=r=24:s=320x180:d=2", "-frames:v", str(count))
    )
    assert made.probe.frames == count
    assert len(frames_of(made.proxy)) == count
    with Image.open(made.sheet) as sheet:
        assert max(color(sheet, 0.96, 0.85)) > 60


async def test_a_poster_is_not_black_where_the_take_is_not(tmp_path: Path) -> None:
    fade = tmp_path / "fade.mp4"
    black = "color=black:s=320x180:r=24:d=1.5"
    late = ("-f", "lavfi", "-i", "color=green:s=320x180:r=24:d=0.5", "-filter_complex", "concat")
    ffmpeg("-f", "lavfi", "-i", black, *late, fade)
    with Image.open((await processed(fade)).poster) as poster:
        assert color(poster, 0.5, 0.5)[1] > 100


async def test_what_an_engine_wrote_into_its_file_stays_out_of_the_proxy(tmp_path: Path) -> None:
    told = drawn(tmp_path / "told.mp4", RED_ON_TOP, "-metadata", "comment=the secret prompt")
    assert b"the secret prompt" in told.read_bytes()
    assert b"the secret prompt" not in (await processed(told)).proxy.read_bytes()


async def test_sound_longer_than_the_picture_is_not_kept_for_its_own_sake(tmp_path: Path) -> None:
    long = tmp_path / "long.mp4"
    tone = ("-f", "lavfi", "-i", "sine=440:d=8")
    ffmpeg("-f", "lavfi", "-i", RED_ON_TOP, *tone, "-c:a", "aac", long)
    made = await processed(long)
    assert made.probe.seconds == 0.5
    with av.open(str(made.proxy)) as proxy:
        assert (proxy.duration or 0) < 2_000_000


def test_the_app_never_loads_a_decoder() -> None:
    parts = "bot.media, bot.pictures, bot.stills, bot.bake_offs"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, {parts}; print(*sys.modules)"],
        check=True, capture_output=True, text=True, timeout=30,
    ).stdout.split()  # fmt: skip
    assert "bot.media" in said
    assert not {"PIL", "av", "numpy"} & set(said)
