"""The one scanner behind mrkdwn and Markdown: find the next mark, paint it, go on after it."""

import html
import re
from collections.abc import Callable, Mapping

from markupsafe import Markup

from tests.workspace.paint.emoji import glyph

Rule = Callable[[re.Match[str]], Markup | None]

_SAFE_URL = re.compile(r"(https?://|mailto:|/)[^\s<>\"]*\Z", re.IGNORECASE)
_EMOJI = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")


def escaped(text: str) -> Markup:
    """Escape for HTML, after undoing the three escapes that Slack's own text carries."""
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return Markup(html.escape(plain))  # noqa: S704 -- escaped right here


def anchor(url: str, label: Markup) -> Markup | None:
    """Make a link that opens beside the page, or None for an address nobody should follow."""
    plain = url.replace("&amp;", "&")
    if not _SAFE_URL.match(plain):
        return None
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        plain, label
    )


def emoji(name: str) -> Markup | None:
    """Paint a shortcode as its character, read aloud by its name."""
    found = glyph(name)
    if found is None:
        return None
    spoken = name.partition("::")[0].replace("_", " ")
    return Markup(
        '<span class="emoji" role="img" aria-label="{0}" title=":{1}:">{2}</span>'
    ).format(spoken, name, found)


def emojified(text: str) -> Markup:
    """Plain text with its shortcodes painted and everything else escaped."""
    return painted(text, _EMOJI, {1: lambda found: emoji(found.group(1))})


def painted(text: str, marks: re.Pattern[str], rules: Mapping[int, Rule]) -> Markup:
    """Replace each mark by what the rule of its group says; what a rule declines stays text."""
    out, at = Markup(), 0
    while found := marks.search(text, at):
        drawn = next(rule for group, rule in rules.items() if found.group(group) is not None)(found)
        end = found.start() + 1 if drawn is None else found.end()
        out += escaped(text[at : found.start()])
        out += escaped(text[found.start() : end]) if drawn is None else drawn
        at = end
    return out + escaped(text[at:])
