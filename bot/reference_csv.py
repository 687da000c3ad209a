"""Read a list of references to import: what each line says, and every problem by its line.

Pure: the list's bytes in, lines out. Which files there are is for `bot.reference_import`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePosixPath, PureWindowsPath
from typing import TypeVar

from bot.proposals import LONGEST, LONGEST_TITLE
from bot.reference_kinds import EVERY, TRAITS
from bot.release_form_values import ReleaseForm, problems_in
from storage.models import ReferenceKind, ReferenceStatus

NEEDED = ("code", "kind", "title", "files")
TERMS = ("holder", "scope", "media", "territory", "starts", "ends", "exclusive")
HEADINGS = (*NEEDED, "status", "scenes", "needs_release", *TERMS, *EVERY)
PERPETUAL = "perpetual"
_CODE = re.compile(r"[Rr]?0*([1-9]\d{0,8})")
_SCENE = re.compile(r"(?:SC)?0*([1-9]\d{0,8})", re.IGNORECASE)
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}
_COVERED = ("any",)
"""Stands for the reference of the line itself while its release is judged."""
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Problem:
    """Why a line cannot be imported; line 0 is the list as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True)
class Row:
    """One reference of the list."""

    line: int
    number: int
    kind: ReferenceKind
    title: str
    patterns: tuple[str, ...]
    """Names of files in the folder, which may have `*` and `?` in them."""
    status: ReferenceStatus = ReferenceStatus.PROPOSED
    scenes: tuple[int, ...] = ()
    needs_release: bool = False
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    terms: ReleaseForm | None = None
    """What permission there is, if the line names one; it covers this reference."""

    @property
    def code(self) -> str:
        """`R12` and so on."""
        return f"R{self.number}"


@dataclass(frozen=True)
class Listing:
    """A list as it was read: rows are only complete if there is no problem."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Listing:
    """Read the whole list."""
    try:
        text = data.decode("utf-8-sig")
        lines = list(_lines(text))
    except UnicodeDecodeError:
        return _nothing("The list is not in UTF-8. Save it as CSV UTF-8.")
    except csv.Error as broken:
        return _nothing(f"The list is no CSV: {broken}.")
    if not lines:
        return _nothing("The list is empty.")
    (_, head), *body = lines
    names = [_name(each) for each in head]
    if problems := list(_heading_problems(names)):
        return Listing((), tuple(problems))
    return _read(names, body)


def _nothing(why: str) -> Listing:
    return Listing((), (Problem(0, why),))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it begins on; empty lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _name(heading: str) -> str:
    return "_".join(heading.lower().split()).replace("-", "_")


def _heading_problems(names: list[str]) -> Iterator[Problem]:
    if len(names) == 1 and ";" in names[0]:
        yield Problem(1, "columns are parted by semicolons. Save the list with commas.")
        return
    for name in names:
        if name not in HEADINGS:
            near = get_close_matches(name, HEADINGS, n=1)
            meant = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(HEADINGS)}."
            yield Problem(1, f"there is no column {name or 'without a name'}.{meant}")
    for name, count in Counter(names).items():
        if count > 1 and name in HEADINGS:
            yield Problem(1, f"the column {name} is there {count} times.")
    missing = [each for each in NEEDED if each not in names]
    if missing:
        yield Problem(1, f"the column {', '.join(missing)} is missing.")


def _read(names: list[str], body: list[tuple[int, list[str]]]) -> Listing:
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in body:
        found, why = _row(line, names, cells)
        problems += [Problem(line, each) for each in why]
        if found is not None:
            rows.append(found)
    problems += _doubles(rows)
    if not body:
        problems.append(Problem(0, "The list has headings and nothing else."))
    return Listing(tuple(rows), tuple(sorted(problems)))


def _doubles(rows: list[Row]) -> Iterator[Problem]:
    first: dict[int, int] = {}
    for row in rows:
        if row.number in first:
            yield Problem(row.line, f"{row.code} is in line {first[row.number]} already.")
        first.setdefault(row.number, row.line)


class _Cells:
    """The cells of one line by their column, and what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: list[str] = []

    def text(self, name: str, most: int = LONGEST) -> str:
        """Give a cell's text; too long a one is a problem."""
        text = self._cells.get(name, "").strip()
        if len(text) > most:
            self.problems.append(f"{name} has {len(text):,} characters; {most:,} fit.")
        return text

    def one(self, name: str, read_as: Callable[[str], T | None], otherwise: str, default: T) -> T:
        """Give a cell read as something; what cannot be is a problem."""
        typed = self.text(name)
        found = read_as(typed)
        if found is None:
            shown = typed[:40] if typed else "empty"
            self.problems.append(f"{name} is {shown}: {otherwise}")
            return default
        return found


def _row(line: int, names: list[str], cells: list[str]) -> tuple[Row | None, list[str]]:
    if any(each.strip() for each in cells[len(names) :]):
        return None, [f"it has {len(cells)} cells, and there are {len(names)} columns."]
    at = _Cells(dict(zip(names, cells, strict=False)))
    number = at.one("code", _numbered, "a code is R1, R2 and so on.", 0)
    kind = at.one("kind", _kind, f"say {_or(ReferenceKind)}.", ReferenceKind.STYLE)
    title = at.text("title", LONGEST_TITLE)
    if not title:
        at.problems.append("title is empty.")
    row = Row(
        line=line,
        number=number,
        kind=kind,
        title=title,
        patterns=_patterns(at),
        status=at.one("status", _status, "say proposed or approved.", ReferenceStatus.PROPOSED),
        scenes=at.one("scenes", _scenes, "scenes are SC010; SC020.", ()),
        needs_release=at.one("needs_release", _truth, "say yes or no.", default=False),
        fields=_fields(at, kind),
        terms=_terms(at),
    )
    return (row if number else None), at.problems


def _or(words: type[ReferenceKind]) -> str:
    *some, last = (each.value for each in words)
    return f"{', '.join(some)} or {last}"


def _numbered(typed: str) -> int | None:
    found = _CODE.fullmatch(typed)
    return int(found[1]) if found else None


def _kind(typed: str) -> ReferenceKind | None:
    return next((each for each in ReferenceKind if each.value == typed.lower()), None)


def _status(typed: str) -> ReferenceStatus | None:
    offered = (ReferenceStatus.PROPOSED, ReferenceStatus.APPROVED)
    return next((each for each in offered if each.value == (typed.lower() or "proposed")), None)


def _truth(typed: str) -> bool | None:
    return True if typed.lower() in _YES else False if typed.lower() in _NO else None


def _scenes(typed: str) -> tuple[int, ...] | None:
    found = [_SCENE.fullmatch(each.strip()) for each in typed.split(";") if each.strip()]
    numbers = [int(each[1]) for each in found if each]
    return tuple(dict.fromkeys(numbers)) if len(numbers) == len(found) else None


def _patterns(at: _Cells) -> tuple[str, ...]:
    patterns = tuple(each.strip() for each in at.text("files").split(";") if each.strip())
    at.problems += [f"{each} is not within the folder." for each in patterns if leaves(each)]
    return patterns


def leaves(pattern: str) -> bool:
    """Say whether a file's name could lead out of the folder, on any system."""
    windows = PureWindowsPath(pattern)
    is_absolute = PurePosixPath(pattern).is_absolute() or bool(windows.drive or windows.root)
    return is_absolute or ".." in windows.parts or "\0" in pattern


def _fields(at: _Cells, kind: ReferenceKind) -> dict[str, str]:
    own = {each.name for each in TRAITS[kind]}
    written = {name: text for name in EVERY if (text := at.text(name))}
    at.problems += [f"a {kind.value} has no {name}." for name in written if name not in own]
    return written


def _terms(at: _Cells) -> ReleaseForm | None:
    written = {name: at.text(name) for name in TERMS}
    if not any(written.values()):
        return None
    is_perpetual = written["ends"].lower() == PERPETUAL
    form = ReleaseForm(
        holder=written["holder"],
        scope=written["scope"],
        media=written["media"],
        territory=written["territory"],
        starts=written["starts"],
        ends="" if is_perpetual else written["ends"],
        is_perpetual=is_perpetual,
        exclusive=at.one("exclusive", _truth, "say yes or no.", default=False),
        reference_ids=_COVERED,
    )
    told = problems_in(form)
    if not written["ends"]:
        told["ends"] = f"say when it ends, or {PERPETUAL}."
    at.problems += [
        f"{name} is {written[name][:40] or 'empty'}: {why}" for name, why in told.items()
    ]
    return form
