"""The desk that gives out render work: a few children at a time, the rest in line.

It knows nothing that is not also on disk, so it may be forgotten at any moment: whoever looks at an
order that has no film and no child starts it again, and gets the same bytes.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from ._animatic_folder import Folder
from ._answer import Failure, Output, Status
from ._words import FailKind, JobState

_HOME = Path(__file__).parent.parent
_CHILD = f"{__package__}._animatic_render"
_AT_FAULT = 3
_TRIES = 2
_LONGEST_WAIT = 15.0  # seconds; a thousand who wait must not keep the app busy
_CRASHED = "The animatic renderer broke off twice in the middle of this film."


class Desk:
    """Starts, watches and ends the children; safe to ask from several threads."""

    def __init__(self, seats: int) -> None:
        self._seats = seats
        self._lock = threading.Lock()
        self._children: dict[Path, subprocess.Popen[bytes]] = {}
        self._line: dict[Path, Folder] = {}
        self._tries: dict[Path, int] = {}

    def look(self, folder: Folder) -> Status:
        """See how an order stands, starting it when there is a seat."""
        with self._lock:
            status = self._ended(folder)
            if status is None:
                self._line_up(folder)
                self._fill_seats()
                status = self._standing(folder)
            return status

    def stop(self, folder: Folder) -> bool:
        """End an order that is not finished; False if it was too late."""
        with self._lock:
            if self._ended(folder) is not None:
                return folder.end() == {"state": JobState.CANCELED.value}
            self._line.pop(folder.path, None)
            folder.close(state=JobState.CANCELED)
            self._dismiss(folder.path)
            return True

    def close(self) -> None:
        """End every child; their orders begin again when somebody looks."""
        with self._lock:
            self._line.clear()
            for path in list(self._children):
                self._dismiss(path)

    def _ended(self, folder: Folder) -> Status | None:
        """Tell the end of an order: its film, what is written down, or a child that just died."""
        end = folder.end()
        if end is None and folder.film.exists():
            self._forget(folder)
            return _succeeded(folder)
        child = self._children.get(folder.path)
        code = None if child is None else child.poll()
        if end is None and code is not None:
            self._bury(folder, code)
            end = folder.end()
        return None if end is None else _told(end)

    def _bury(self, folder: Folder, code: int) -> None:
        """Decide after a child that left no film: the order's fault, once more, or the end."""
        del self._children[folder.path]
        if code == _AT_FAULT:
            text = folder.fault() or "The references of this order cannot be read."
            folder.close(state=JobState.FAILED, kind=FailKind.BAD_INPUT, text=text)
        elif self._tries.get(folder.path, 0) >= _TRIES:
            folder.close(
                state=JobState.FAILED,
                kind=FailKind.ENGINE,
                text=_CRASHED,
                complaint=folder.complaint(),
            )

    def _line_up(self, folder: Folder) -> None:
        if folder.path not in self._children:
            self._line.setdefault(folder.path, folder)

    def _fill_seats(self) -> None:
        """Start whoever has waited longest, whether or not it is they who ask."""
        working = sum(1 for child in self._children.values() if child.poll() is None)
        while working < self._seats and self._line:
            path = next(iter(self._line))
            self._start(self._line.pop(path))
            working += 1

    def _start(self, folder: Folder) -> None:
        self._tries[folder.path] = self._tries.get(folder.path, 0) + 1
        command = [sys.executable, "-m", _CHILD, str(folder.film.absolute()), str(os.getpid())]
        with (
            folder.order_file.open("rb") as order,
            folder.report_file.open("wb") as report,
            folder.complaint_file.open("ab") as complaint,
        ):
            self._children[folder.path] = subprocess.Popen(  # noqa: S603  our own module
                command,
                cwd=_HOME,
                stdin=order,
                stdout=report,
                stderr=complaint,
                start_new_session=True,
            )

    def _standing(self, folder: Folder) -> Status:
        if folder.path in self._line:
            place = list(self._line).index(folder.path) + 1
            wait = min(float(place), _LONGEST_WAIT)
            return Status(state=JobState.QUEUED, queue_pos=place, progress=0.0, retry_after=wait)
        return Status(state=JobState.RUNNING, progress=folder.progress(), retry_after=0.5)

    def _dismiss(self, path: Path) -> None:
        child = self._children.pop(path, None)
        if child is not None:
            child.kill()
            child.wait()

    def _forget(self, folder: Folder) -> None:
        """Let go of a finished order; its child is only leaving."""
        self._line.pop(folder.path, None)
        self._tries.pop(folder.path, None)
        child = self._children.pop(folder.path, None)
        if child is not None:
            child.wait()


def _succeeded(folder: Folder) -> Status:
    return Status(
        state=JobState.SUCCEEDED,
        progress=1.0,
        outputs=(Output(path=folder.film),),
        cost_cents=0.0,
        raw={"state": JobState.SUCCEEDED.value, "bytes": folder.film.stat().st_size},
    )


def _told(end: dict[str, str]) -> Status:
    state = JobState(end["state"])
    fail = None
    if state is JobState.FAILED:
        fail = Failure(FailKind(end["kind"]), end["text"])
    return Status(state=state, fail=fail, cost_cents=0.0, raw=end)
