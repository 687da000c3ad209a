import hashlib
from pathlib import Path

import pytest

from engines import Broken
from engines._sink import Sink


def test_a_file_is_hashed_while_it_arrives(tmp_path: Path) -> None:
    with Sink(tmp_path / "a" / "take.mp4") as sink:
        for piece in (b"ab", b"c"):
            sink.take(piece)
        stored = sink.kept()
    assert stored.path.read_bytes() == b"abc"
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"abc").hexdigest(), 3)


def test_a_file_that_grows_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="larger"), Sink(tmp_path / "take.mp4", most=3) as sink:
        sink.take(b"abcd")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        _break_off(tmp_path / "take.mp4")
    assert list(tmp_path.iterdir()) == []


def _break_off(path: Path) -> None:
    with Sink(path) as sink:
        sink.take(b"ab")
        raise ConnectionError


def test_an_empty_file_is_the_engines_fault(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="empty"), Sink(tmp_path / "take.mp4") as sink:
        sink.kept()
    assert list(tmp_path.iterdir()) == []
