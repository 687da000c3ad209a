"""The log as a file that can be checked without us: one JSON object a line, each log's head last.

An entry's line has `workspace`, `seq`, `hash` and `body`; SHA-256 of a zero byte and `body` is
`hash`, and the body's `prev` is the hash of the entry before. A head's line has `workspace`,
`entries` and `head`.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import NotNow
from bot.proof import Chain, Proof, ended, entries, fault_of
from storage import Database, Session, log

_LONGEST_LINE = 1 << 22
Line = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What a written file is, and what was found out on the way."""

    sha256: str
    proofs: list[Proof]


async def write(db: Database, path: Path, workspace_id: str | None = None) -> Written:
    """Write the logs to a new file, whatever state they are in, and check them on the way.

    Raises NotNow if there is nothing to write, OSError if there is no room or the file exists.
    """
    with path.open("xb") as file:
        sink, proofs = _Sink(file), list[Proof]()
        async with db.read(long=True) as session:
            await log.hold_still(session)
            counts = await log.counted(session)
            for one in await _wanted(session, workspace_id):
                proofs.append(await _write_one(session, one, counts.get(one, 0), sink))
        file.flush()
        os.fsync(file.fileno())
    return Written(sink.digest.hexdigest(), proofs)


async def _wanted(session: Session, workspace_id: str | None) -> list[str]:
    known = sorted(await log.workspaces(session))
    wanted = [one for one in known if workspace_id in {None, one}]
    if not wanted:
        whose = f"of {workspace_id} " if workspace_id else ""
        raise NotNow(f"There is no log {whose}yet: nothing has happened.")
    return wanted


class _Sink:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def put(self, line: Line) -> None:
        written = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._file.write(written)
        self.digest.update(written)


async def _write_one(session: Session, workspace_id: str, counted: int, sink: _Sink) -> Proof:
    chain, fault = Chain(workspace_id), None
    async for entry in entries(session, workspace_id):
        fault = fault or fault_of(chain, entry)
        if entry:
            sink.put({
                "workspace": workspace_id, "seq": entry.seq, "hash": entry.hash, "body": entry.body,
            })  # fmt: skip
    head = await log.head_of(session, workspace_id)
    if head:
        sink.put({"workspace": workspace_id, "entries": head.seq, "head": head.hash})
    return Proof(workspace_id, chain.seq, chain.head, fault or ended(chain, head, counted))


def proofs_of(path: Path) -> list[Proof]:
    """Check an exported file, a line at a time. Raises OSError if it cannot be read."""
    reader = _Reader()
    with path.open("rb") as file:
        for number, line in _lines(file):
            reader.take(number, line)
    return reader.proofs()


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        yield number, line


class _Reader:
    """Follows the chains of a file; a log's first fault is the one that is told."""

    def __init__(self) -> None:
        self._chains: dict[str, Chain] = {}
        self._faults: dict[str, str] = {}
        self._ended: set[str] = set()

    def take(self, number: int, raw: bytes) -> None:
        line = _read(raw)
        name = line.get("workspace") if line else None
        if line is None or not isinstance(name, str):
            self._faults.setdefault("", f"Line {number} is not a line of an exported log.")
            return
        if name in self._ended:
            self._faults.setdefault(name, f"Line {number} comes after the head of its log.")
        elif name not in self._faults and (fault := self._follow(name, line)):
            self._faults[name] = f"Line {number}: {fault}"

    def _follow(self, name: str, line: Line) -> str | None:
        chain = self._chains.setdefault(name, Chain(name))
        match line:
            case {"seq": int() as seq, "hash": str() as hashed, "body": str() as body}:
                return chain.follow(seq, body, hashed)
            case {"entries": int() as seq, "head": str() as head}:
                self._ended.add(name)
                return chain.close(seq, head)
            case _:
                return "It is neither an entry nor a head."

    def proofs(self) -> list[Proof]:
        names = sorted({*self._chains, *self._faults}) or [""]
        return [self._proof(name) for name in names]

    def _proof(self, name: str) -> Proof:
        chain = self._chains.get(name, Chain(name))
        fault = self._faults.get(name)
        if fault is None and name not in self._ended:
            fault = f"The file ends after entry {chain.seq} without a head: it has been cut off."
        return Proof(name, chain.seq, chain.head, fault)


def _read(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None  # pyright: ignore[reportUnknownVariableType] - JSON
