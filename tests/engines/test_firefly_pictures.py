"""The pictures that Firefly can work from, said before money."""

import struct
from pathlib import Path

import pytest

from engines import JobSpec, Mode, Ref, RefRole
from engines.firefly import Firefly

from .test_firefly import firefly, texts

__all__ = ["firefly"]


def test_a_picture_is_read_from_a_few_hosts_only(firefly: Firefly) -> None:
    def told(uri: str) -> list[str]:
        frame = Ref(role=RefRole.FIRST, uri=uri)
        return texts(firefly, JobSpec(mode=Mode.IMAGE_TO_VIDEO, refs=(frame,)))

    assert told("https://bucket.s3.amazonaws.com/a.png") == []
    for uri in (
        "https://example.com/a.png",
        "http://bucket.s3.amazonaws.com/a.png",
        "https://example.com/?.amazonaws.com/a.png",
    ):
        (text,) = told(uri)
        assert text.endswith("Attach the picture as a file.")


def test_a_file_that_is_no_picture_is_refused_whatever_its_name(
    firefly: Firefly, tmp_path: Path
) -> None:
    (tmp_path / "frame.png").write_bytes(b"<svg/>")
    frame = Ref(role=RefRole.FIRST, path=tmp_path / "frame.png")
    (text,) = texts(firefly, JobSpec(mode=Mode.IMAGE_TO_VIDEO, refs=(frame,)))
    assert text == "Firefly takes JPEG, PNG, WebP or TIFF pictures; this file is none of them."


def test_a_file_that_is_too_large_is_refused(firefly: Firefly, tmp_path: Path) -> None:
    with (tmp_path / "frame.png").open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80\x00\x00\x01\x68")
        file.truncate(15_000_001)
    frame = Ref(role=RefRole.FIRST, path=tmp_path / "frame.png")
    (text,) = texts(firefly, JobSpec(mode=Mode.IMAGE_TO_VIDEO, refs=(frame,)))
    assert text == "The first image has 15.0 MB; at most 15 MB are taken here."


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [
        (511, 512, "Image 5 works on pictures between 512 x 512 and 2048 x 2048 pixels; this has"),
        (2688, 1600, "Image 5 works on pictures between 512 x 512 and 2048 x 2048 pixels; this"),
        (3000, 599, "Image 5 works on pictures of 1:5 to 5:1; this one is slimmer."),
        (2688, 1512, ""),
    ],
)
def test_image_5_works_on_pictures_within_its_bounds(
    firefly: Firefly, tmp_path: Path, width: int, height: int, text: str
) -> None:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    (tmp_path / "still.png").write_bytes(head + struct.pack(">II", width, height))
    source = Ref(role=RefRole.SOURCE, path=tmp_path / "still.png")
    order = JobSpec(
        mode=Mode.IMAGE_TO_IMAGE, prompt="Dusk", model="image5", resolution="1MP", refs=(source,)
    )
    told = texts(firefly, order)
    assert len(told) == bool(text)
    assert all(each.startswith(text) for each in told)
