"""One order on disk: a folder that says all there is to know about it, whatever dies meanwhile."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one order. The film is there only when it is whole."""

    path: Path

    @property
    def film(self) -> Path:
        """Where the finished film lies."""
        return self.path / "take.mp4"

    @property
    def order_file(self) -> Path:
        """What the child reads."""
        return self.path / "order.json"

    @property
    def report_file(self) -> Path:
        """What the child says."""
        return self.path / "report.txt"

    @property
    def complaint_file(self) -> Path:
        """What Python says when the child crashes."""
        return self.path / "complaint.txt"

    @property
    def _end_file(self) -> Path:
        return self.path / "end.json"

    def order(self) -> dict[str, Any] | None:
        """Read the order back, if there is a whole one."""
        return _read(self.order_file)

    def place(self, order: Mapping[str, Any]) -> None:
        """Write the order, all of it or nothing."""
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.order_file, order)

    def end(self) -> dict[str, Any] | None:
        """Read how it ended without a film, if it did."""
        return _read(self._end_file)

    def close(self, **end: str) -> None:
        """Write down that there will be no film, and why."""
        _write(self._end_file, end)

    def progress(self) -> float:
        """Read how much of the film the child has reported, from 0 to 1."""
        counts = [line.split("/") for line in self._lines() if "/" in line and line[0].isdigit()]
        return int(counts[-1][0]) / int(counts[-1][1]) if counts else 0.0

    def fault(self) -> str | None:
        """Read what the child found wrong with the order, if anything."""
        faults = [line for line in self._lines() if line.startswith('{"fault"')]
        return str(json.loads(faults[-1])["fault"]) if faults else None

    def complaint(self) -> str:
        """Read the end of what Python said when the child crashed."""
        try:
            return self.complaint_file.read_text("utf-8", errors="replace")[-2000:]
        except OSError:
            return ""

    def _lines(self) -> list[str]:
        """Read the child's whole lines; the last may still be half written."""
        try:
            told = self.report_file.read_text("utf-8", errors="replace")
        except OSError:
            return []
        return told.split("\n")[:-1]


def _write(path: Path, data: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(data), "utf-8")
    part.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
