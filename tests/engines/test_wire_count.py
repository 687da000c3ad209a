"""How much of what the vendors' SDKs put on the wire our adapters speak."""

from importlib import import_module
from typing import Any

from .captures import captures, vendors


def test_166_of_181_recordings_are_spoken_and_15_are_left_out_with_a_reason() -> None:
    spoken: set[tuple[str, str]] = set()
    left_out: set[tuple[str, str]] = set()
    for vendor in vendors():
        tests: Any = import_module(f"{__package__}.test_wire_{vendor}")
        spoken |= {(vendor, case) for case in tests.SPOKEN}
        left_out |= {(vendor, case) for case, why in tests.LEFT_OUT.items() if len(why) > 20}
    recorded = {(vendor, case) for vendor in vendors() for case in captures(vendor)}
    assert spoken | left_out == recorded
    assert (len(spoken), len(left_out), len(recorded)) == (166, 15, 181)
    assert not spoken & left_out
