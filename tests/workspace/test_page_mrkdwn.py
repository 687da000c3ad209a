from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.paint.markdown import markdown
from tests.workspace.paint.mrkdwn import mrkdwn
from tests.workspace.paint.reader import Reader
from tests.workspace.paint.richtext import rich_text

READER = Reader(user_id="U1", names={"U1": "Maya", "U2": "<b>Jonas"}, channels={"C1": "team"})
ALLOWED = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "hr", "li", "ol", "p", "pre", "s", "span"),
    *("strong", "table", "td", "th", "time", "tr", "u", "ul"),
}
MARKS = st.sampled_from(
    [
        *(
            "*",
            "_",
            "~",
            "`",
            "```",
            ">",
            "&gt;",
            "<",
            ">",
            "|",
            "\n",
            ":",
            "•",
            "- ",
            "1. ",
            "[",
            "]",
        ),
        *(
            "(",
            ")",
            "#",
            "**",
            '"',
            "'",
            "&",
            "<@U2>",
            "<@U2|",
            "<#C1>",
            "<!here>",
            "<!date^1^{time}|x>",
        ),
        *(
            "javascript:",
            "https://",
            "http://x.y/",
            "<script>",
            "onload=",
            "</a>",
            "<https://a.b|",
            "+1",
        ),
    ]
)
TEXTS = st.lists(MARKS | st.text(max_size=4), max_size=30).map("".join)


class Tags(HTMLParser):
    """Collects what a browser would make of it."""

    def __init__(self, painted: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(painted))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(painted: str) -> None:
    for tag, attributes in Tags(painted).found:
        assert tag in ALLOWED
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "https://").startswith(
            ("http://", "https://", "mailto:", "/")
        )
        assert set(attributes) <= {
            *("href", "target", "rel", "class", "role", "aria-label", "aria-level", "title"),
            *("data-target", "start", "scope"),
        }


@given(TEXTS)
def test_nothing_that_people_write_becomes_a_tag_of_their_own(text: str) -> None:
    assert_harmless(mrkdwn(text, READER))


@given(TEXTS)
def test_nothing_in_markdown_becomes_a_tag_of_its_own(text: str) -> None:
    assert_harmless(markdown(text, READER))


@given(TEXTS, TEXTS)
def test_nothing_in_rich_text_becomes_a_tag_of_its_own(text: str, url: str) -> None:
    parts = [{"type": "text", "text": text}, {"type": "link", "url": url, "text": text}]
    section = {"type": "rich_text_section", "elements": parts}
    assert_harmless(rich_text({"elements": [section]}, READER))


@given(st.text(alphabet="abc def", max_size=40))
def test_plain_words_are_shown_as_they_are(text: str) -> None:
    assert Tags(mrkdwn(text, READER)).text.replace("\xa0", " ") == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>"),
        ("*bold _both_*", "<strong>bold <em>both</em></strong>"),
        ("`*not bold*`", "<code>*not bold*</code>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("```a < b```", "<pre>a &lt; b</pre>"),
        ("&gt; said\n&gt; so\nnow", "<blockquote>said<br>so</blockquote>now"),
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        ("3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("a &amp;&lt;b&gt;", "a &amp;&lt;b&gt;"),
        ("<javascript:alert(1)|press me>", "&lt;javascript:alert(1)|press me&gt;"),
    ],
)
def test_marks_become_what_slack_makes_of_them(written: str, shown: str) -> None:
    assert mrkdwn(written, READER) == shown


def test_people_and_channels_are_named() -> None:
    painted = mrkdwn("<@U2> in <#C1> and <@U9|guest>", READER)
    assert Tags(painted).text == "@<b>Jonas in #team and @guest"


def test_the_readers_own_name_stands_out() -> None:
    assert 'class="mention me"' in mrkdwn("<@U1>", READER)


def test_a_link_opens_beside_the_page() -> None:
    [(tag, attributes)] = Tags(mrkdwn("<https://x.y/a_b?c=1&amp;d=2|the *deck*>", READER)).found
    assert (tag, attributes["href"]) == ("a", "https://x.y/a_b?c=1&d=2")
    assert attributes["rel"] == "noopener noreferrer"


def test_a_shortcode_is_drawn_and_read_aloud_by_its_name() -> None:
    painted = mrkdwn(":white_check_mark: 12:30:45 :unknown_one:", READER)
    assert Tags(painted).text == "✅ 12:30:45 :unknown_one:"
    assert 'aria-label="white check mark"' in painted


def test_a_date_is_told_on_the_readers_clock() -> None:
    painted = mrkdwn("<!date^1790000000^{date_short} at {time}|soon>", READER)
    assert Tags(painted).text == "Sep 21, 2026 at 2:13 PM"
