"""The vendor, as a process of its own: Runway of the sandbox, and its host of files."""

import asyncio
import json
import sys

from tests.sandbox import Sandbox


async def main(latency: float) -> None:
    """Serve until the process is told to stop; tell on one line where."""
    async with Sandbox(latency=latency, only=("runway",)) as sandbox:
        told = {"url": sandbox.url("runway"), "key": sandbox.key("runway"), "files": sandbox.origin}
        print(json.dumps(told), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
