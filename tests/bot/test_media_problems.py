"""Files that are not what they should be, and machines that give up."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bot.media import MediaProblem, Slate, process
from tests.bot._clips import copied, cut, drawn, ffmpeg

SLATE = Slate("Midnight Harbour", "SC020", "SH010", "T3", "2026-11-22", "in review", "9f3a1c7e")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


async def problem_of(clip: Path) -> str:
    with pytest.raises(MediaProblem) as told:
        await process(clip, SLATE, clip.parent / "out")
    assert list((clip.parent / "out").iterdir()) == []
    return str(told.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is an empty file (0 bytes), not a video."),
        (b"<!DOCTYPE html><html>403", "This is a web page (HTML), not a video."),
        (b'{"error": "expired"}', "This is a JSON answer, not a video."),
        (PNG, "This is a picture (PNG), not a video."),
        (b"GIF89a" + bytes(99), "This is a picture (GIF), not a video."),
        (b"PK\x03\x04" + bytes(99), "This is a ZIP archive, not a video."),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "This is a text, not a video."),
        (b"\x01\x02\x03" * 999, "This is not a video in a format that can be read."),
    ],
)
async def test_what_is_no_video_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    clip = tmp_path / "take.mp4"
    clip.write_bytes(content)
    assert await problem_of(clip) == sentence


async def test_a_file_without_its_index_cannot_be_played(tmp_path: Path) -> None:
    clip = cut(drawn(tmp_path / "whole.mp4"), tmp_path / "take.mp4")
    assert "cut off before its index" in await problem_of(clip)


async def test_sound_alone_is_no_take_even_with_a_cover(tmp_path: Path) -> None:
    clip = tmp_path / "song.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v",
           "1", "-c:v", "png", "-disposition:v", "attached_pic", clip)  # fmt: skip
    assert await problem_of(clip) == "There is no moving picture in this file."


async def test_a_giant_is_refused_from_its_header(tmp_path: Path) -> None:
    clip = drawn(tmp_path / "wide.mp4", "color=s=8448x64:r=24:d=0.1")
    assert "8448 x 64" in await problem_of(clip)


async def test_a_clip_that_claims_to_last_a_day_is_refused(tmp_path: Path) -> None:
    late = ("-vf", "setpts=PTS+gt(N\\,10)*86400/TB", "-fps_mode", "passthrough")
    clip = drawn(tmp_path / "day.mp4", "color=s=64x64:r=24:d=1", *late)
    assert "1,440 minutes" in await problem_of(clip)


async def test_a_name_that_lies_is_mentioned_and_the_take_is_kept(tmp_path: Path) -> None:
    clip = tmp_path / "take.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=r=24:s=64x64:d=0.5", "-c:v", "libvpx", "-f", "webm", clip)
    probe = (await process(clip, SLATE, tmp_path / "out")).probe
    assert probe.container == "webm"
    assert probe.problem == "The file's name says .mp4, but its content is webm."


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
async def test_of_a_cut_off_file_what_decodes_is_kept_and_the_loss_is_told(
    tmp_path: Path, suffix: str
) -> None:
    codec = ("-movflags", "+faststart") if suffix == "mp4" else ("-c:v", "libvpx")
    whole = drawn(tmp_path / f"whole.{suffix}", "testsrc2=r=24:s=320x180:d=4", *codec)
    made = await process(cut(whole, tmp_path / f"take.{suffix}"), SLATE, tmp_path / "out")
    assert 1 <= made.probe.frames < 96
    assert made.probe.problem == (
        f"The file is damaged: {made.probe.frames} of 96 frames could be read."
    )
    assert all(path.stat().st_size for path in (made.poster, made.sheet, made.proxy))


async def test_damage_inside_a_file_is_told(tmp_path: Path) -> None:
    clip = drawn(tmp_path / "take.mp4", "testsrc2=r=24:s=320x180:d=2", "-g", "24")
    content = bytearray(clip.read_bytes())
    content[5000:80000:501] = bytes(byte ^ 0xFF for byte in content[5000:80000:501])
    clip.write_bytes(content)
    probe = (await process(clip, SLATE, tmp_path / "out")).probe
    assert probe.problem
    assert probe.problem.startswith("The file is damaged")


async def test_a_clip_that_changes_its_size_on_the_way_is_still_shown(tmp_path: Path) -> None:
    first = copied(drawn(tmp_path / "a.mp4"), tmp_path / "a.ts")
    second = copied(drawn(tmp_path / "b.mp4", "testsrc2=r=24:s=640x480:d=1"), tmp_path / "b.ts")
    clip = tmp_path / "take.ts"
    clip.write_bytes(first.read_bytes() + second.read_bytes())
    made = await process(clip, SLATE, tmp_path / "out")
    assert (made.probe.width, made.probe.height, made.probe.frames) == (320, 180, 72)


def runs_on(clip: Path) -> bool:
    """Whether some ffmpeg reads this file."""
    wanted = f"file:{clip}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if wanted in (folder / "cmdline").read_bytes():
                    return True
            except OSError:
                continue  # it ended while we looked
    return False


async def until(*, running: bool, clip: Path) -> None:
    async with asyncio.timeout(15):
        while runs_on(clip) is not running:  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip that takes some seconds to prepare."""
    folder = tmp_path_factory.mktemp("slow")
    return drawn(folder / "slow.mp4", "color=gray:s=1920x1080:r=60:d=10")


async def test_a_take_that_takes_too_long_is_given_up_with_all_its_processes(slow: Path) -> None:
    started = time.monotonic()
    with pytest.raises(MediaProblem, match="longer than 1 seconds"):
        await process(slow, SLATE, slow.parent / "out", limit_seconds=1)
    assert time.monotonic() - started < 5
    assert not list((slow.parent / "out").iterdir())
    await until(running=False, clip=slow)


async def test_a_cancelled_preparation_leaves_nothing_running(slow: Path) -> None:
    work = asyncio.create_task(process(slow, SLATE, slow.parent / "cancelled"))
    await until(running=True, clip=slow)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await until(running=False, clip=slow)
    assert not list((slow.parent / "cancelled").iterdir())


SCRIPT = """
import asyncio, sys
from pathlib import Path
from bot.media import Slate, process
asyncio.run(process(Path(sys.argv[1]), Slate(*"abcdefg"), Path(sys.argv[2])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
async def test_ffmpeg_dies_with_an_app_that_was_killed(slow: Path) -> None:
    own = copied(slow, slow.with_name("killed.mp4"))
    arguments = [sys.executable, "-c", SCRIPT, str(own), str(own.parent / "killed")]
    app = await asyncio.create_subprocess_exec(*arguments)
    await until(running=True, clip=own)
    os.kill(app.pid, signal.SIGKILL)
    await app.wait()
    await until(running=False, clip=own)
