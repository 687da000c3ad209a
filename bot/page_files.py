"""A sequence's page as a file to hand over: one HTML file that needs no other, or a PDF."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NotNow
from bot.page_html import html_of
from bot.page_pdf import PageProblem, pdf_of
from bot.page_pictures import pictures
from bot.page_view import PageView
from bot.pages import page_view
from bot.studio import Studio
from storage import sequences
from storage.models import Production, Sequence

_CODE = re.compile(r"(?:SQ)?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """Which page somebody wants."""

    production: Production
    sequence: Sequence
    for_client: bool = False


async def sequence_meant(
    studio: Studio, production: Production, code: str, *, also: str = ""
) -> Sequence:
    """Find a production's sequence by its code, without one the only one. Raises NotNow.

    `also` is the id of one that is meant if no code is given.
    """
    async with studio.db.read() as session:
        every = await sequences.every(session, production)
    number = _CODE.fullmatch(code.strip())
    if code:
        found = [each for each in every if number and each.number == int(number[1])]
    else:
        found = [each for each in every if each.id == also] or every
    if len(found) == 1:
        return found[0]
    if not every:
        raise NotNow(f"{production.name} has no sequence yet: the first scene makes one.")
    known = ", ".join(each.code for each in every[:_LISTED])
    known += f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    why = f"There is no sequence {code[:20]}" if code else "There are several sequences: name one"
    raise NotNow(f"{why}. {production.name} has {known}.")


_LISTED = 20


async def gathered(studio: Studio, wanted: Wanted, *, site: str = "") -> PageView:
    """Gather a page as it stands now, with engines called by their names."""
    engines = {name: engine.label for name, engine in studio.engines.items()}
    async with studio.db.read(long=True) as session:
        return await page_view(
            session,
            wanted.production,
            wanted.sequence,
            studio.clock(),
            for_client=wanted.for_client,
            engines=engines,
            site=site,
        )


async def filed(studio: Studio, wanted: Wanted, kind: str, into: Path) -> Path:
    """Put a page into a folder as `SQ010.html` or `SQ010.pdf`. Raises NotNow with why not."""
    view = await gathered(studio, wanted)
    shown = await pictures(studio, view)
    if kind == "pdf":
        try:
            return await pdf_of(view, shown, into)
        except PageProblem as problem:
            raise NotNow(str(problem)) from problem
    path = into / f"{wanted.sequence.code}.html"
    whole = await asyncio.to_thread(html_of, view, shown)
    await asyncio.to_thread(path.write_text, whole, encoding="utf-8")
    return path
