"""A sequence's page as PDF: the same content, set for paper."""
# pypdfium2 leaves its own types unknown:
# pyright: reportUnknownMemberType=false

import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.page_html import html_of
from bot.page_pdf import PageProblem, pdf_of
from bot.page_view import PageView
from tests.bot._page import EMPTY, hostile, rich
from tests.bot.test_page_html import Outline, pictures_on


def text_of(path: Path) -> str:
    """Read a page's words, without the breaks that its lines need."""
    sheets = [sheet.get_textpage().get_text_range() for sheet in pdfium.PdfDocument(path)]
    return squeezed(" ".join(sheets))


def squeezed(text: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFKC", text)
        if not each.isspace() and unicodedata.category(each) != "Cf"
    )  # fmt: skip


async def test_the_pdf_says_what_the_html_says(tmp_path: Path) -> None:
    view, pictures = rich()
    set_, drawn = text_of(await pdf_of(view, pictures, tmp_path)), html_of(view, pictures)
    body = [said for said in Outline(drawn).text if said.strip() and "@font-face" not in said]
    title, *body = body
    beside = ("SHA-256", "DrawnbyCircletake", "HashesareSHA")
    missing = [
        said for said in map(squeezed, body) if said not in set_ and not said.startswith(beside)
    ]
    assert title == "SQ010 The harbour wakes · Northlight: the winter campaign"
    assert missing == []


async def test_sheets_are_numbered_and_name_sequence_production_and_moment(tmp_path: Path) -> None:
    view, pictures = rich()
    printed = pdfium.PdfDocument(await pdf_of(view, pictures, tmp_path))
    words = [sheet.get_textpage().get_text_range() for sheet in printed]
    for number, text in enumerate(words, 1):
        assert f"Page {number} of {len(words)}" in text
        assert "As of 23 Nov 2026, 09:40 (Europe/Berlin)" in text
        assert "SQ010 The harbour wakes" in text
        assert "Northlight: the winter campaign" in text
    assert (round(printed[0].get_width()), round(printed[0].get_height())) == (595, 842)
    assert printed.get_metadata_dict()["Title"] == "SQ010 The harbour wakes"
    assert printed.is_tagged()


async def test_no_picture_is_cut_or_lost(tmp_path: Path) -> None:
    view, pictures = rich()
    printed = pdfium.PdfDocument(await pdf_of(view, pictures, tmp_path))
    assert sum(pictures_on(sheet) for sheet in printed) == len(pictures)


async def test_no_heading_is_left_alone_at_the_foot_of_a_sheet(tmp_path: Path) -> None:
    view, pictures = rich()
    heads = {"Constraints", "Scenes", "References", "Approvals", "Exports", "Prompt history"}
    heads |= {f"{scene.code} {scene.title}" for scene in view.scenes}
    for extra in range(0, 28, 4):
        rules = "\n".join([view.visual_rules, *["More."] * extra])
        path = await pdf_of(replace(view, visual_rules=rules), pictures, tmp_path)
        feet = [last_line(sheet) for sheet in pdfium.PdfDocument(path)]
        assert not heads & set(feet), (extra, feet)


def last_line(sheet: pdfium.PdfPage) -> str:
    """Read what stands last on a sheet, above its foot."""
    words = sheet.get_textpage()
    return words.get_text_bounded(bottom=62).strip().splitlines()[-1].strip()


async def test_the_same_view_gives_the_same_bytes(tmp_path: Path) -> None:
    view, pictures = rich()
    once = (await pdf_of(view, pictures, tmp_path / "one")).read_bytes()
    again = (await pdf_of(view, pictures, tmp_path / "two")).read_bytes()
    assert once == again
    assert b"D:20261123" in once


async def test_what_people_wrote_is_set_and_never_run(tmp_path: Path) -> None:
    path = await pdf_of(hostile(), rich()[1], tmp_path)
    said = text_of(path)
    assert squeezed('#panic("out") $x$ `raw` *b* _i_ [l](http://x)') in said
    assert "Donaudampfschifffahrtsgesellschaftskapit" in said
    assert b"javascript:" not in path.read_bytes()


async def test_a_page_of_nothing_says_what_is_not_there_yet(tmp_path: Path) -> None:
    path = await pdf_of(EMPTY, {}, tmp_path)
    assert path.name == "SQ020.pdf"
    assert squeezed("The sequence has no scenes yet.") in text_of(path)
    assert len(pdfium.PdfDocument(path)) == 1


async def test_a_picture_that_cannot_be_read_is_missing_and_the_page_is_made(
    tmp_path: Path,
) -> None:
    view, pictures = rich()
    broken = {sha256: ("image/jpeg", content[:400]) for sha256, (_, content) in pictures.items()}
    printed = pdfium.PdfDocument(await pdf_of(view, broken, tmp_path))
    assert sum(pictures_on(sheet) for sheet in printed) == 0
    assert "Nopicture" in text_of(tmp_path / "SQ010.pdf")


@pytest.mark.parametrize("title", ["\U00012000\U00012001", "脚本", "\ue000"])
async def test_letters_that_no_typeface_has_do_not_stop_the_page(
    tmp_path: Path, title: str
) -> None:
    assert (await pdf_of(replace(EMPTY, title=title), {}, tmp_path)).exists()


async def test_a_page_that_takes_too_long_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(PageProblem, match="setting it took longer than"):
        await pdf_of(*rich(), tmp_path, limit_seconds=0.01)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - of a folder of two entries at most


@settings(max_examples=12, deadline=None)
@given(text=st.text(max_size=300))
async def test_any_text_can_be_set(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    view = _everywhere(text)
    assert (await pdf_of(view, {}, tmp_path_factory.mktemp("page"))).stat().st_size > 0
    Outline(html_of(view, {}))


def _everywhere(text: str) -> PageView:
    scene = replace(rich()[0].scenes[1], title=text, purpose=text)
    return replace(EMPTY, code=text, title=text, production=text, story_job=text, scenes=(scene,))
