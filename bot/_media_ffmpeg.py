"""Run ffmpeg once and hand out its stills as they come."""

import errno
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot._media_confine import die_with_parent
from bot.media import MediaProblem

FULL_DISK = "No space left on device"
ENOUGH_TOLD = 1 << 16
PIPE_BYTES = 1 << 20
"""Linux gives that much to anybody; a small pipe makes ffmpeg wait for us on a busy machine."""


@dataclass(frozen=True)
class Verdict:
    """How a run went that gave a proxy."""

    frames: int
    is_guessed: bool
    """Whether the decoder had to fill in what the file did not give."""


class Transcode:
    """One run of ffmpeg: first its stills, in order, then the verdict on the whole."""

    def __init__(self, command: list[str], desk: Path) -> None:
        self._desk = desk
        with self._told.open("wb") as told:
            self._run = subprocess.Popen(  # noqa: S603 - our own ffmpeg, arguments as a list
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                pipesize=PIPE_BYTES,
                stderr=told,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
            )

    @property
    def _told(self) -> Path:
        return self._desk / "told"

    def stills(self, size: tuple[int, int]) -> Iterator[Image.Image]:
        """Yield each still when it has been decoded."""
        assert self._run.stdout  # noqa: S101 - we asked for a pipe
        length = size[0] * size[1] * 3
        while len(raw := self._run.stdout.read(length)) == length:
            yield Image.frombytes("RGB", size, raw)

    def dismiss(self) -> None:
        """Wait for the end of a run of which only the stills were wanted."""
        self._run.wait()

    def finish(self, codec: str) -> Verdict:
        """Wait for the proxy; raise if it has no frame."""
        status = self._run.wait()
        with self._told.open(errors="replace") as file:
            told = file.read(ENOUGH_TOLD)
        if FULL_DISK in told:
            raise OSError(errno.ENOSPC, FULL_DISK)
        if status < 0:
            raise MediaProblem("The video cannot be read: it makes the decoder crash.")
        frames = self._frames()
        if not frames:
            raise MediaProblem("The video has no frame that can be read.")
        if status:
            raise RuntimeError(told)
        blamed = rf"^\[(in#|vist#|aist#|{re.escape(codec)} @)"
        return Verdict(frames, bool(re.search(blamed, told, re.MULTILINE)))

    def _frames(self) -> int:
        counted = self._desk / "frames"
        return counted.read_bytes().count(b"\n") if counted.exists() else 0
