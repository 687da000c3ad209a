"""What the app measures of itself, in Prometheus's terms."""

from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

heard = Histogram(
    "circletake_heard_seconds",
    "From Slack's delivery to our answer",
    ["what"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
decided = Counter("circletake_decisions_total", "Decisions recorded", ["stage", "verdict"])
sent = Counter("circletake_cards_total", "Cards sent to Slack", ["outcome"])
takes = Gauge("circletake_takes", "Takes that are not decided", ["state"])
stale = Gauge("circletake_cards_due", "Cards that wait to be sent")


@contextmanager
def timed(what: str) -> Generator[None]:
    """Measure one delivery."""
    began = perf_counter()
    try:
        yield
    finally:
        heard.labels(what).observe(perf_counter() - began)
