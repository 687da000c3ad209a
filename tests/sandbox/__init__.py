"""A server that answers as each vendor does: for tests, benchmarks and the demo.

async with Sandbox(latency=0.1) as sandbox:
    client = AsyncRunwayML(base_url=sandbox.url("runway"), api_key=sandbox.key("runway"))
    sandbox.next("runway", Fault.ANSWER_LOST)

A vendor is one public file here with `VENDOR` and `routes(desk)`; adding the file adds the vendor.
"""

from tests.sandbox._faults import Fault, Stage
from tests.sandbox._jobs import Job, Ledger, Order, Picture, Placed, State
from tests.sandbox._server import Sandbox

__all__ = ["Fault", "Job", "Ledger", "Order", "Picture", "Placed", "Sandbox", "Stage", "State"]
