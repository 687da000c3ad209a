"""`python -m tests.sandbox`: run the vendor sandbox alone."""

import argparse
import asyncio
import contextlib

from tests.sandbox._server import Sandbox


async def serve(port: int, latency: float) -> None:
    """Answer until interrupted."""
    async with Sandbox(port=port, latency=latency, burns_ids=True) as sandbox:
        print(f"Vendor sandbox on {sandbox.origin}/ (jobs, and the words that make them fail)")
        for vendor in sandbox.vendors:
            print(f"  {vendor:20} {sandbox.url(vendor)}  key {sandbox.key(vendor)}")
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="the vendors get the ports after it")
    parser.add_argument("--latency", type=float, default=8.0, help="seconds from order to film")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.latency))


if __name__ == "__main__":
    main()
