"""Check that a log is what was written: entry by entry, in constant memory, naming the first fault.

What this cannot show is that the newest entries were cut off together with the head; that takes a
head kept elsewhere, such as in an exported file.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import rfc8785

from bot.log import FIRST, leaf, stamp
from storage import Database, Session, log
from storage.models import Entry, LogHead

_COLUMNS = {"kind": "kind", "production": "production_id", "scene": "scene_id"} | {
    "take": "take_id", "actor": "actor", "workspace": "workspace_id",
}  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What was found out about one workspace's log. `fault` is one sentence, or None."""

    workspace_id: str
    entries: int
    head: str
    fault: str | None


class Chain:
    """Follows one workspace's entries, each sealed over the one before it."""

    def __init__(self, workspace_id: str) -> None:
        self.workspace_id = workspace_id
        self.seq = 0
        self.head = FIRST

    def follow(self, seq: int, body: str, hashed: str) -> str | None:
        """Take the next entry; say what is wrong with it, if anything is."""
        expected = self.seq + 1
        if seq != expected:
            return _gap(expected, seq)
        if leaf(body) != hashed:
            return f"Entry {seq} has been changed: its text and its hash disagree."
        fault = self._said(seq, body)
        if fault is None:
            self.seq, self.head = seq, hashed
        return fault

    def _said(self, seq: int, body: str) -> str | None:
        told = read_body(body)
        if told is None:
            return f"Entry {seq} is no entry: its text is not canonical JSON."
        if told.get("prev") != self.head or told.get("seq") != seq:
            return f"Entry {seq} does not follow entry {seq - 1}: it was sealed over another."
        if told.get("workspace") != self.workspace_id:
            return f"Entry {seq} belongs to another workspace's log."
        return None

    def close(self, seq: int, head: str) -> str | None:
        """Compare the end with what the head says it is."""
        if self.seq < seq:
            return f"Entry {self.seq + 1} is missing: the head says that there are {seq}."
        if self.seq > seq:
            return f"Entry {seq + 1} is not in the head's count: it says that there are {seq}."
        if self.head != head:
            return f"The head does not point at entry {seq}: it names another hash."
        return None


def read_body(body: str) -> dict[str, Any] | None:
    """Read an entry's text; None if it is not the canonical JSON of an object."""
    try:
        told: Any = json.loads(body)
        is_canonical = rfc8785.dumps(told) == body.encode()
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return None
    return cast("dict[str, Any]", told) if is_canonical and isinstance(told, dict) else None


def _gap(expected: int, seq: int) -> str:
    if seq < expected:
        return f"Entry {seq} comes twice, or out of order: it follows entry {expected - 1}."
    if expected == 1:
        return f"Entry 1 is missing: the log begins with entry {seq}."
    return f"Entry {expected} is missing: {seq} follows {expected - 1}."


def disagreement(entry: Entry) -> str | None:
    """Find a column that says something else than the entry's own text, which is what is sealed."""
    told = read_body(entry.body) or {}
    for name, column in _COLUMNS.items():
        if told.get(name) != getattr(entry, column):
            return f"Entry {entry.seq} has been changed: its column {column} is not what it says."
    if told.get("at") != stamp(entry.at):
        return f"Entry {entry.seq} has been changed: its column at is not what it says."
    return None


async def proofs(db: Database, workspace_id: str | None = None) -> list[Proof]:
    """Check the logs in a database: the entries, their columns, and the heads."""
    async with db.read(long=True) as session:
        await log.hold_still(session)
        counts = await log.counted(session)
        known = sorted({*counts, *await log.workspaces(session)})
        wanted = [one for one in known if workspace_id in {None, one}]
        return [await _proof(session, one, counts.get(one, 0)) for one in wanted]


async def _proof(session: Session, workspace_id: str, counted: int) -> Proof:
    chain, fault = Chain(workspace_id), None
    async for entry in entries(session, workspace_id):
        fault = fault_of(chain, entry)
        if fault:
            return Proof(workspace_id, chain.seq, chain.head, fault)
    head = await log.head_of(session, workspace_id)
    return Proof(workspace_id, chain.seq, chain.head, ended(chain, head, counted))


async def entries(session: Session, workspace_id: str) -> AsyncIterator[Entry | None]:
    """Give every entry in order, and None in place of the rest if one cannot even be read."""
    try:
        async for page in log.whole(session, workspace_id):
            for entry in page:
                yield entry
    except ValueError:  # a moment that is none, for example
        yield None


def fault_of(chain: Chain, entry: Entry | None) -> str | None:
    """Say what is wrong with the chain's next entry, if anything is."""
    if entry is None:
        return f"One of the entries after {chain.seq} has been changed: it cannot be read."
    return chain.follow(entry.seq, entry.body, entry.hash) or disagreement(entry)


def ended(chain: Chain, head: LogHead | None, counted: int) -> str | None:
    """Say what is wrong with a chain that was followed to its end, if anything is."""
    if head is None:
        return "The log's head is missing."
    if counted != chain.seq:
        return f"There are {counted} rows, but {chain.seq} entries: some have impossible numbers."
    return chain.close(head.seq, head.hash)
