"""A sequence's page as HTML: one file, read anywhere, whatever people wrote."""
# pypdfium2 leaves its own types unknown:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.page_html import html_of
from bot.page_view import PagePicture, PageView, Pictures
from tests.bot._page import EMPTY, HOSTILE, hostile, rich

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VOID = {"meta", "img", "link", "br", "hr"}

browser_only = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,  # noqa: TID251 - CI must not skip silently
        reason="no Chromium: apt-get install chromium",
    ),
]


class Outline(HTMLParser):
    """Reads a page strictly: what it contains, and whether everything is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("view", [rich()[0], EMPTY, hostile()], ids=["rich", "empty", "hostile"])
def test_a_page_is_closed_in_order_and_headed_without_a_gap(view: PageView) -> None:
    outline = Outline(html_of(view, rich()[1]))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-4]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [it["aria-labelledby"] for _, it in outline.tags if "aria-labelledby" in it]
    assert set(named) <= set(ids)
    assert all("scope" in attributes for attributes in outline.of("th"))
    assert outline.of("html") == [{"lang": "en"}]


def test_every_picture_is_in_the_file_and_has_its_words() -> None:
    view, pictures = rich()
    images = Outline(html_of(view, pictures)).of("img")
    assert len(images) == len(pictures) == 7
    assert all(str(each["src"]).startswith("data:image/jpeg;base64,") for each in images)
    assert "Mira in the yellow oilskin, three-quarter view" in [each["alt"] for each in images]


def test_everything_on_the_page_is_said() -> None:
    view, pictures = rich()
    text = " ".join(" ".join(Outline(html_of(view, pictures)).text).split())
    for said in (
        "Mira decides to stay.",
        "3 of 5 shots with a circle take",
        "Waived by Maya Ito: the rail is in the plate",
        "T4 is held: its reference R4 has no licence that holds.",
        "Approved by Lin Okafor and Helena Brandt on 18 Nov 2026",
        "Release L3, until 30 Nov 2027",
        "Location, version 1",
        "Runway · gen4.5 · 17 Nov 2026",
        "Made after R1 v3, R3 v1",
        "from 20 Nov 2026 until 23 Nov 2026",
        "As of 23 Nov 2026, 09:40 (Europe/Berlin)",
        view.exports[0].sha256,
    ):
        assert said in text


def test_what_people_wrote_is_shown_and_never_obeyed() -> None:
    view = hostile()
    outline = Outline(html_of(view, rich()[1]))
    assert not outline.of("script")
    assert {each.get("href") for each in outline.of("a")} <= {view.scenes[0].shots[0].circle.link}  # pyright: ignore[reportOptionalMemberAccess]
    shown = "".join(outline.text)
    assert "<script>alert(\"x\")</script> & 'quotes' {{ 7 * 7 }}" in shown
    assert "שלום" in shown
    assert not {"\x00", "\x07", "\u202e"} & set(shown)
    assert len(outline.of("style")) == 1
    assert not [each for _, each in outline.tags if "style" in each]


def test_a_picture_of_another_kind_or_that_is_gone_is_said_to_be_missing() -> None:
    view, pictures = rich()
    told = dict(pictures)
    mira, harbour = [it.picture for it in view.references[:2] if it.picture]
    told[mira.sha256] = ("image/svg+xml", b"<svg onload='alert(1)'/>")
    del told[harbour.sha256]
    html = html_of(view, told)
    assert "svg" not in html
    assert html.count("No picture") == 3


def test_the_colours_of_words_stand_out_enough_from_what_is_behind_them() -> None:
    css = html_of(EMPTY, {})
    palettes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(
            r":root \{\s+(?:color-scheme[^;]*;)?\s*(--paper.*?)\}", css, re.DOTALL
        )
    ]
    assert len(palettes) == 2
    for colours in palettes:
        for words in ("ink", "ink-2", "amber", "good", "open", "bad", "link"):
            for behind in ("paper", "sunk", "wash"):
                assert contrast(colours[words], colours[behind]) >= 4.5, (words, behind)


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Shown:
    """A page in a browser, and what it complained of or asked for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.complaints: list[str] = []
        self.asked: list[str] = []

    async def open(self, view: PageView, pictures: Pictures, width: int = 1200) -> Page:
        file = self.folder / "page.html"
        file.write_text(html_of(view, pictures), encoding="utf-8")
        page = await self.browser.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("request", lambda request: self.asked.append(request.url[:40]))
        await page.goto(file.as_uri())
        return page

    async def printed(self, page: Page, paper: str) -> pdfium.PdfDocument:
        return pdfium.PdfDocument(await page.pdf(format=paper))


@pytest.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield Shown(browser, tmp_path)
        await browser.close()


class TestInABrowser:
    pytestmark = browser_only

    async def test_the_page_asks_nobody_for_anything_and_fits_every_window(
        self, shown: Shown
    ) -> None:
        for width in (360, 1200):
            page = await shown.open(hostile(), rich()[1], width)
            assert await page.evaluate("document.documentElement.scrollWidth") == width
            assert await page.evaluate("[...document.images].every(it => it.naturalWidth > 0)")
            assert await page.evaluate("document.fonts.check('600 12px Inter')")
        assert shown.complaints == []
        assert [each for each in shown.asked if not each.startswith(("data:", "file:"))] == []

    @pytest.mark.parametrize(("paper", "width"), [("A4", 595), ("Letter", 612)])
    async def test_printed_sheets_name_the_sequence_and_cut_no_picture(
        self, shown: Shown, paper: str, width: int
    ) -> None:
        view, pictures = rich()
        printed = await shown.printed(await shown.open(view, pictures), paper)
        words = [sheet.get_textpage().get_text_range() for sheet in printed]
        assert abs(printed[0].get_width() - width) < 2
        assert all(f"Page {n} of {len(words)}" in text for n, text in enumerate(words, 1))
        assert all("SQ010 The harbour wakes" in text for text in words)
        assert sum(pictures_on(sheet) for sheet in printed) == len(pictures)

    async def test_the_head_of_a_sheet_says_hostile_words_as_they_are(self, shown: Shown) -> None:
        view = replace(rich()[0], title=HOSTILE, production='"; } </style> \\')
        printed = await shown.printed(await shown.open(view, {}), "A4")
        assert '"; } </style> \\' in printed[1].get_textpage().get_text_range()
        assert "<script>alert" in printed[1].get_textpage().get_text_range()


def pictures_on(sheet: pdfium.PdfPage) -> int:
    """Count the pictures that lie wholly on a sheet, in the shape they were drawn in."""
    shapes = {960 / 540, 540 / 960, 600 / 800, 1.0, 1200 / 500}
    found = 0
    for image in sheet.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = image.get_bounds()
        assert left >= 0
        assert bottom > 0
        assert right <= sheet.get_width()
        assert top <= sheet.get_height()
        shape = (right - left) / (top - bottom)
        assert min(abs(shape - each) for each in shapes) < 0.03
        found += 1
    return found


def test_a_picture_without_words_is_still_called_one() -> None:
    view, pictures = rich()
    first = replace(view.references[0], picture=PagePicture(next(iter(pictures)), " "))
    images = Outline(html_of(replace(EMPTY, references=(first,)), pictures)).of("img")
    assert [each["alt"] for each in images] == ["A picture"]
