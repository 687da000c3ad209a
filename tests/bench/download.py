"""Fetching a film of 2 GB as an engine does, against curl from the same host to the same disk.

Each is a process of its own. Ours also hashes what it writes and waits until the disk has it.
"""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import Row
from tests.bench._servers import Vendor, vendor

ROUNDS, SIZE = 5, 2 * 1024**3
MEGABYTES = SIZE / 1024**2
GOAL, FLAT = 0.8, 16
"""At least so much of curl's speed, and no more megabytes of memory than for 64 MB."""


@dataclass(frozen=True)
class Fetched:
    """What one fetching took, in seconds and in megabytes of memory."""

    seconds: float
    grown: float = 0.0
    peak: float = 0.0


async def rows() -> list[Row]:
    """Alternate the two, each going first in turn."""
    if shutil.which("curl") is None:
        raise RuntimeError("There is no curl on this machine to measure against.")
    with tempfile.TemporaryDirectory() as folder:
        async with vendor(latency=1) as host:
            pairs = [await _pair(host, folder, swapped=bool(turn % 2)) for turn in range(ROUNDS)]
    return [_speed(pairs), _memory([ours for ours, _ in pairs])]


async def _pair(host: Vendor, folder: str, *, swapped: bool) -> tuple[Fetched, Fetched]:
    if swapped:
        floor = await _curl(host, folder)
        return await _ours(host, folder), floor
    return await _ours(host, folder), await _curl(host, folder)


async def _ours(host: Vendor, folder: str) -> Fetched:
    os.sync()
    module = "tests.bench._fetch_child"
    told = await _output(sys.executable, "-m", module, host.files, str(SIZE), folder)
    return Fetched(**json.loads(told))


async def _curl(host: Vendor, folder: str) -> Fetched:
    os.sync()
    path, url = Path(folder) / "curl.mp4", f"{host.files}/files/big?bytes={SIZE}"
    start = time.perf_counter()
    await _output("curl", "--silent", "--show-error", "--fail", "-o", str(path), url)
    took = time.perf_counter() - start
    if path.stat().st_size != SIZE:
        raise RuntimeError("curl did not fetch the whole file.")
    path.unlink()
    return Fetched(took)


async def _output(*command: str) -> bytes:
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}.")
    return told


def _speed(pairs: list[tuple[Fetched, Fetched]]) -> Row:
    ratios = [floor.seconds / ours.seconds for ours, floor in pairs]
    middle = statistics.median(ratios)
    ours, floor = ([MEGABYTES / each.seconds for each in side] for side in zip(*pairs, strict=True))
    return Row(
        what="fetch a film of 2 GB",
        figure=f"{statistics.median(ours):.0f} MB/s",
        floor=f"{statistics.median(floor):.0f} MB/s, curl",
        ratio=middle,
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f">= {GOAL}x",
        met=middle >= GOAL,
    )


def _memory(found: list[Fetched]) -> Row:
    grown = max(each.grown for each in found)
    return Row(
        what="memory, a film of 2 GB after one of 64 MB",
        figure=f"{grown:.0f} MB more",
        floor=f"{max(each.peak for each in found):.0f} MB at most in all",
        ratio=None,
        spread="",
        goal=f"<= {FLAT} MB",
        met=grown <= FLAT,
    )
