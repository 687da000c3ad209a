"""Fetches one large file as an engine does, as a process of its own: time, and memory's growth."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from engines import Output
from engines._fetch import fetched
from engines._wire import Wire

_WARM_UP = 64 * 1024**2


async def main(origin: str, size: int, folder: str) -> None:
    """Fetch a smaller file first; tell seconds and megabytes on one line of JSON."""
    wire = Wire("Bench", origin)
    try:
        await _fetch(wire, f"{origin}/files/big?bytes={_WARM_UP}", Path(folder))
        before = _peak()
        start = time.perf_counter()
        await _fetch(wire, f"{origin}/files/big?bytes={size}", Path(folder))
        took = time.perf_counter() - start
        print(json.dumps({"seconds": took, "grown": _peak() - before, "peak": _peak()}))
    finally:
        await wire.close()


async def _fetch(wire: Wire, url: str, folder: Path) -> None:
    stored = await fetched(wire, Output(url=url), folder / "film.mp4", key={}, hosts=())
    stored.path.unlink()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
