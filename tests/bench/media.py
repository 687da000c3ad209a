"""Preparing a take, against one ffmpeg transcode to the same proxy with the same slate."""

import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from bot._media_graph import AAC, ONE_SECOND_GOP, X264, proxy_size
from bot._media_slate import strip
from bot.media import Slate, process
from tests.bench import Row

ROUNDS = 5
GOAL = 1.3
SLATE = Slate("Midnight Harbour", "SC020", "SH010", "T3", "2026-11-22", "in review", "9f3a1c7e")
SIZE = (1920, 1080)


@dataclass(frozen=True)
class Cost:
    """What one run took: by the clock, and on the processors."""

    wall: float
    busy: float


async def rows() -> list[Row]:
    """Alternate the two on one 9 s 1080p24 clip with sound, each going first in turn."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        clip, image = home / "clip.mp4", home / "strip.png"
        await _ffmpeg(*_clip(), str(clip))
        strip(SLATE, *proxy_size(*SIZE)).save(image)

        async def ours() -> None:
            await process(clip, SLATE, home / "take")

        async def bare() -> None:
            await _ffmpeg(*_transcode(clip, image), str(home / "bare.mp4"))

        await ours()
        await bare()
        pairs = [await _pair(ours, bare, swapped=bool(turn % 2)) for turn in range(ROUNDS)]
    walls = [(ours.wall, bare.wall) for ours, bare in pairs]
    busy = [(ours.busy, bare.busy) for ours, bare in pairs]
    return [
        _row("prepare a take (9 s, 1080p24)", walls, GOAL),
        _row("the same, in CPU time", busy, None),
    ]


async def _pair(
    ours: Callable[[], Awaitable[None]], bare: Callable[[], Awaitable[None]], *, swapped: bool
) -> tuple[Cost, Cost]:
    if swapped:
        floor = await _cost(bare)
        return await _cost(ours), floor
    return await _cost(ours), await _cost(bare)


async def _cost(work: Callable[[], Awaitable[None]]) -> Cost:
    wall, busy = time.perf_counter(), _children_busy()
    await work()
    return Cost(time.perf_counter() - wall, _children_busy() - busy)


def _children_busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(what: str, pairs: list[tuple[float, float]], most: float | None) -> Row:
    ratios = [ours / bare for ours, bare in pairs]
    middle = statistics.median(ratios)
    return Row(
        what=what,
        figure=f"{statistics.median(ours for ours, _ in pairs):.2f} s",
        floor=f"{statistics.median(bare for _, bare in pairs):.2f} s, one ffmpeg to that proxy",
        ratio=middle,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"<= {most}x" if most else "",
        met=middle <= most if most else None,
    )


def _clip() -> list[str]:
    """Make moving colours with some grain at 12 Mbit/s, which is what engines deliver."""
    wide, high = SIZE
    return [
        "-f", "lavfi", "-i", f"gradients=s={wide}x{high}:r=24:d=9:n=4:seed=7:speed=0.03",
        "-f", "lavfi", "-i", "sine=440:d=9",
        "-vf", "noise=alls=6:allf=t:all_seed=7,format=yuv420p",
        "-c:v", "libx264", "-preset", "faster", "-b:v", "12M", "-c:a", "aac", "-shortest",
    ]  # fmt: skip


def _transcode(clip: Path, image: Path) -> list[str]:
    width, height = proxy_size(*SIZE)
    graph = (
        f"[0:v]scale={width}:{height},format=yuv420p[small];"
        "[small][1:v]overlay=0:H-h:eof_action=repeat:format=yuv420[proxy]"
    )
    return [
        "-threads", "2", "-i", str(clip), "-i", str(image), "-filter_complex_threads", "2",
        "-filter_complex", graph, "-map", "[proxy]", "-map", "0:a", *AAC, *X264, *ONE_SECOND_GOP,
        "-threads", "2", "-movflags", "+faststart",
    ]  # fmt: skip


async def _ffmpeg(*arguments: str) -> None:
    run = await asyncio.create_subprocess_exec(
        get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-y", *arguments
    )
    if await run.wait():
        raise RuntimeError(f"ffmpeg ended with {run.returncode}.")
