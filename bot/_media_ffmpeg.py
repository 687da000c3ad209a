"""Run ffmpeg once and hand out its stills as they come."""

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from bot._media_confine import die_with_parent
from bot.media import MediaProblem

FULL_DISK = "No space left on device"


class Transcode:
    """One run of ffmpeg: first its stills, in order, then the verdict on the whole."""

    def __init__(self, command: list[str], desk: Path) -> None:
        self._desk = desk
        with self._told.open("wb") as told:
            self._run = subprocess.Popen(  # noqa: S603 - our own ffmpeg, arguments as a list
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
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

    def finish(self) -> int:
        """Wait for the proxy and return how many frames it has; raise if there is none."""
        status = self._run.wait()
        told = self._told.read_text(errors="replace")
        if FULL_DISK in told:
            raise OSError(errno.ENOSPC, FULL_DISK)
        if status < 0:
            raise MediaProblem("The video cannot be read: it makes the decoder crash.")
        frames = self._frames()
        if not frames:
            raise MediaProblem("The video has no frame that can be read.")
        if status:
            raise RuntimeError(told)
        return frames

    def _frames(self) -> int:
        counted = self._desk / "frames"
        return counted.read_bytes().count(b"\n") if counted.exists() else 0
