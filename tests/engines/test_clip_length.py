"""How long a clip says it is, read from its boxes; a real one is read in test_luma_jobs."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines._clip_length import seconds_of
from engines._media_kind import mime_of

from .clips import mp4


@pytest.mark.parametrize("seconds", [0.5, 5.0, 3600.0])
def test_a_clip_says_how_long_it_is(tmp_path: Path, seconds: float) -> None:
    assert seconds_of(mp4(tmp_path, seconds=seconds)) == seconds


def test_a_clip_that_says_nothing_of_its_length_has_none(tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    for content in (b"", b"\0\0\0\x08ftyp", bytes(64), b"\xff" * 4096, b"\0\0\0\x10moovmvhd"):
        path.write_bytes(content)
        assert seconds_of(path) is None
    assert seconds_of(tmp_path / "nowhere.mp4") is None


@given(st.binary(max_size=200))
def test_no_bytes_upset_the_reader_of_lengths(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.mp4"
        path.write_bytes(b"\0\0\0\x18ftypmp42" + content)
        assert seconds_of(path) is None or seconds_of(path)
        assert mime_of(path) == "video/mp4"
