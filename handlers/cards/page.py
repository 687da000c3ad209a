"""A sequence's page in a few lines, with the way to the whole of it."""

from bot.page_markdown import summary
from bot.page_view import PageView
from handlers.cards._parts import Json, actions, button, context, safe, section
from storage.models import Page

_PROBLEM = 500


def page_card(view: PageView, page: Page, link: str) -> list[Json]:
    """Show where a sequence stands, and lead to its canvas and its files."""
    *lines, as_of = summary(view)
    return [
        section("\n".join(lines)),
        actions(*_open(page, link), *_files(page)),
        *_trouble(page),
        context(as_of),
    ]


def _open(page: Page, link: str) -> list[Json]:
    text = "Open the page" if page.canvas_id else "Go to the page"
    return [button(text, "open_page", style="primary", url=link)] if link else []


def _files(page: Page) -> list[Json]:
    return [
        button("HTML", "page_html", page.sequence_id),
        button("PDF", "page_pdf", page.sequence_id),
        button("PDF for the client", "page_client", page.sequence_id),
    ]


def _trouble(page: Page) -> list[Json]:
    if not page.problem:
        return [] if page.canvas_id or page.message_ts else [context("It is being written.")]
    return [context(f":warning: The page is not current: {safe(page.problem)[:_PROBLEM]}")]
