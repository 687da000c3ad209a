"""Print the benchmark table: `python -m tests.bench [MODULE ...]`.

Every public module beside this one offers `async def rows() -> list[Row]`.
"""

import asyncio
import importlib
import pkgutil
import sys
import traceback
from pathlib import Path

from tests.bench import Row

HEAD = ("what", "figure", "floor", "ratio", "min to max", "goal", "met")
MET = {True: "yes", False: "NO", None: ""}


def names() -> list[str]:
    """List the measurements that exist."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if not module.name.startswith("_"))


async def measured(name: str) -> list[Row] | None:
    """Take one module's measurements; None if it broke, after telling how."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    try:
        return await importlib.import_module(f"tests.bench.{name}").rows()
    except Exception:  # noqa: BLE001 - one broken measurement must not hide the others
        traceback.print_exc()
        return None


def cells(row: Row) -> tuple[str, ...]:
    """Write one row out."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
    return (row.what, row.figure, row.floor, ratio, row.spread, row.goal, MET[row.met])


def table(lines: list[tuple[str, ...]]) -> str:
    """Align columns by their longest cell."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


async def main(asked: list[str]) -> int:
    """Measure what was asked for, or everything; 1 if a measurement broke, 2 if unknown."""
    unknown = set(asked) - set(names())
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
        return 2
    lines: list[tuple[str, ...]] = [HEAD]
    broken = False
    for name in asked or names():
        rows = await measured(name)
        broken |= rows is None
        lines += [(name, *["FAILED"] * 6)] if rows is None else [cells(row) for row in rows]
    print(table(lines))
    return int(broken)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
