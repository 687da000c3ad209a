"""Keep a file that arrives in pieces: hashed on the way, never too large, whole or not there."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from ._answer import Stored
from ._errors import Broken

MOST_BYTES = 4 * 1024**3
MEGABYTE = 1024 * 1024
_AHEAD = 32 * MEGABYTE


class Sink:
    """A context that takes pieces; the file appears at `path` when `kept` is called."""

    def __init__(self, path: Path, *, most: int = MOST_BYTES) -> None:
        self.path = path
        self.most = most
        self.size = 0
        self._begun = 0
        self._hash = hashlib.sha256()
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("wb")
        return self

    def take(self, piece: bytes) -> None:
        """Write one more piece, unless the file grows beyond what is allowed."""
        self.size += len(piece)
        if self.size > self.most:
            raise self.too_large()
        self._hash.update(piece)
        self._file.write(piece)
        if self.size - self._begun >= _AHEAD:
            self._begin_writing()

    def too_large(self) -> Broken:
        """Say what is allowed, for whoever sees it coming."""
        return Broken(f"The file is larger than the {self.most / MEGABYTE:,.0f} MB we accept.")

    def restart(self) -> None:
        """Begin the file again from its first byte."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.size = self._begun = 0

    def _begin_writing(self) -> None:
        """Have the disk begin with what it has not got, so that little is left to wait for.

        Linux takes this advice as a wish to write: what is not on the disk yet is not forgotten.
        """
        if hasattr(os, "posix_fadvise"):
            length = self.size - self._begun
            os.posix_fadvise(self._file.fileno(), self._begun, length, os.POSIX_FADV_DONTNEED)
        self._begun = self.size

    def kept(self) -> Stored:
        """Put the whole file in its place; an empty one is a fault of the engine."""
        if not self.size:
            raise Broken("The engine handed over an empty file.")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self.path)
        return Stored(path=self.path, sha256=self._hash.hexdigest(), size=self.size)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)
