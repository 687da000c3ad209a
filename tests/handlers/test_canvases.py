"""Pages on Slack's canvases: brought up to date block by block, and right whatever happened."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import RoomBusy, RoomLimited
from bot.ports_canvas import Canvases, CanvasGone, CanvasRefused
from handlers._calls import Calls
from handlers.canvases import SlackCanvases
from tests.workspace.canvas_text import joined, sections_of
from tests.workspace.seed import AURORA_TEAM, GENERAL
from tests.workspace.server import SmallSlack

PAGE = """# SQ010 Rooftop

Mira decides to leave.

## Visual rules

- Dawn, never dusk
- Warm skin, cold sky

## Shots

| Shot | Status | Take |
|---|---|---|
| SH010 | Circle take | T3 |
| SH020 | Waiting | T1 |

## Exports

Nothing is exported yet.
"""


@pytest.fixture
async def slack() -> AsyncIterator[SmallSlack]:
    async with SmallSlack(rate_limits=False) as slack:
        yield slack


@pytest.fixture
def canvases(slack: SmallSlack) -> Canvases:
    return SlackCanvases(Calls(client_of(slack)))


def client_of(slack: SmallSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.state.app.bot_token, base_url=slack.base_url, timeout=1)


def shown(page: str) -> str:
    return joined(sections_of(page, items_apart=True))


class Counted(Calls):
    """Counts what Slack is asked."""

    count = 0

    async def ask(self, method: str, **arguments: Any) -> Any:
        self.count += 1
        return await super().ask(method, **arguments)


def ids(slack: SmallSlack, canvas_id: str) -> set[str]:
    return {one.id for one in slack.canvas(canvas_id).sections}


async def test_a_page_is_a_tab_with_an_address(slack: SmallSlack, canvases: Canvases) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010 Rooftop", PAGE)
    [canvas] = slack.canvases("aurora-team")
    assert (canvas.id, canvas.title, canvas.markdown) == (canvas_id, "SQ010 Rooftop", shown(PAGE))
    await canvases.rename(canvas_id, "SQ010 Roof")
    assert slack.canvas(canvas_id).title == "SQ010 Roof"
    assert (await canvases.link_to(canvas_id)).endswith(canvas_id)


LIST = "- Dawn, never dusk\n- Warm skin, cold sky"


@pytest.mark.parametrize("items_apart", [True, False])
@pytest.mark.parametrize(
    ("old", "new", "calls", "lost"),
    [
        ("Mira decides to leave.", "Mira decides to stay.", 2, 1),
        ("| SH020 | Waiting | T1 |", "| SH020 | Retake | T1 |", 3, 1),
        ("Nothing is exported yet.", "[Master](https://e.example)\n\n| a |\n|---|\n| b |", 2, 1),
        ("## Shots", "## All shots", 2, 1),
        ("## Shots\n", "Kept by Lin.\n\n## Shots\n", 2, 0),
        ("## Exports\n\nNothing is exported yet.", "", 4, 2),
        ("# SQ010", "Draft.\n\n# SQ010", 2, 0),
        (LIST, "- Dusk", 4, 2),
        (LIST, LIST, 0, 0),
    ],
)
async def test_only_what_differs_is_touched(
    slack: SmallSlack, old: str, new: str, calls: int, lost: int, *, items_apart: bool
) -> None:
    slack.state.canvas_rules.items_apart = items_apart
    asked = Counted(client_of(slack))
    canvases = SlackCanvases(asked)
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    asked.count, before = 0, ids(slack, canvas_id)
    after = PAGE.replace(old, new)
    assert not await canvases.update(canvas_id, PAGE, after)
    assert slack.canvas(canvas_id).markdown == shown(after)
    one_less = old == LIST != new and not items_apart
    assert asked.count == calls - one_less
    assert len(before - ids(slack, canvas_id)) == lost - one_less


async def test_what_people_wrote_between_the_blocks_stays(
    slack: SmallSlack, canvases: Canvases
) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    slack.write_in_canvas(canvas_id, "Lin: what about rain?", below="Dawn, never dusk")
    slack.write_in_canvas(canvas_id, "Jonas: see the reel.")
    after = PAGE.replace("Waiting", "Retake").replace("Mira decides", "Miro decides")
    assert not await canvases.update(canvas_id, PAGE, after)
    markdown = slack.canvas(canvas_id).markdown
    assert "Lin: what about rain?" in markdown
    assert "Jonas: see the reel." in markdown
    assert "Retake" in markdown


async def test_a_block_of_ours_changed_by_hand_has_the_page_written_anew(
    slack: SmallSlack, canvases: Canvases
) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    slack.rewrite_in_canvas(canvas_id, "Mira decides", "Mira hesitates.")
    after = PAGE.replace("to leave", "to stay")
    assert await canvases.update(canvas_id, PAGE, after)
    assert slack.canvas(canvas_id).markdown == shown(after)


async def test_an_update_cut_short_is_made_good_by_the_next(
    slack: SmallSlack, canvases: Canvases
) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    after = PAGE.replace("to leave", "to stay").replace("Nothing is", "One is")
    slack.fail_next("canvases.edit", "dropped", times=2)  # the SDK tries once more by itself
    with pytest.raises(RoomBusy):
        await canvases.update(canvas_id, PAGE, after)
    assert slack.canvas(canvas_id).markdown not in {shown(PAGE), shown(after)}
    assert await canvases.update(canvas_id, PAGE, after)
    assert slack.canvas(canvas_id).markdown == shown(after)


async def test_a_block_that_goes_while_it_is_edited_has_the_page_written_anew(
    slack: SmallSlack, canvases: Canvases
) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    slack.fail_next("canvases.edit", "canvas_editing_failed")
    after = PAGE.replace("to leave", "to stay")
    assert await canvases.update(canvas_id, PAGE, after)
    assert slack.canvas(canvas_id).markdown == shown(after)


async def test_long_pages_are_edited_in_pieces(slack: SmallSlack, canvases: Canvases) -> None:
    slack.state.canvas_rules.edit_characters = 4000
    long = "\n\n".join(f"Prompt {number}: " + "a long walk " * 60 for number in range(20))
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", f"{PAGE}\n{long}")
    assert not await canvases.update(canvas_id, f"{PAGE}\n{long}", PAGE + f"\n{long} again\n")
    for before, after in (
        (f"{PAGE}\n{long} again\n", PAGE),
        (PAGE, PAGE.replace("Nothing is exported yet.", long)),
        (PAGE.replace("Nothing is exported yet.", long), PAGE),
        (PAGE, PAGE.replace("## Exports", f"{long}\n\n## Exports")),
        ("", f"{long}\n\n{PAGE}"),
    ):
        await canvases.update(canvas_id, before, after)
        assert slack.canvas(canvas_id).markdown == shown(after)


async def test_the_same_words_in_two_sections_are_told_apart(
    slack: SmallSlack, canvases: Canvases
) -> None:
    page = "## Stills\n\nNone yet.\n\n## Clips\n\nNone yet.\n\n## Exports\n\nNone yet."
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", page)
    after = page.replace("Clips\n\nNone yet.", "Clips\n\nT3 is here.")
    assert not await canvases.update(canvas_id, page, after)
    assert slack.canvas(canvas_id).markdown == after


async def test_a_list_that_empty_lines_part_is_still_one_list(
    slack: SmallSlack, canvases: Canvases
) -> None:
    slack.state.canvas_rules.items_apart = False
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", "- Dawn\n\n- Rain")
    assert not await canvases.update(canvas_id, "- Dawn\n\n- Rain", "- Dawn\n\n- Snow")
    assert slack.canvas(canvas_id).markdown == "- Dawn\n- Snow"


async def test_a_page_with_other_pictures_is_written_anew(
    slack: SmallSlack, canvases: Canvases
) -> None:
    page = "## Mira\n\n![Mira](https://files.example/1.png) R1"
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", page)
    assert await canvases.update(canvas_id, page, page.replace("1.png", "2.png"))
    assert "2.png" in slack.canvas(canvas_id).markdown


async def test_a_canvas_removed_by_hand_is_gone(slack: SmallSlack, canvases: Canvases) -> None:
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    slack.delete_canvas(canvas_id)
    for work in (
        canvases.update(canvas_id, PAGE, PAGE.replace("to leave", "to stay")),
        canvases.update(canvas_id, "", PAGE),
        canvases.rename(canvas_id, "x"),
        canvases.link_to(canvas_id),
    ):
        with pytest.raises(CanvasGone, match="removed in Slack"):
            await work


async def test_a_refusal_says_why_in_words(slack: SmallSlack, canvases: Canvases) -> None:
    with pytest.raises(CanvasRefused, match=r"Unsupported heading depth \(4\)"):
        await canvases.create(AURORA_TEAM, "SQ010", "#### Deep")
    slack.allow_canvases("free")
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    with pytest.raises(CanvasRefused, match="free plan a channel has one canvas"):
        await canvases.create(AURORA_TEAM, "SQ020", PAGE)
    assert not await canvases.update(canvas_id, PAGE, PAGE.replace("to leave", "to stay"))
    slack.allow_canvases("none")
    with pytest.raises(CanvasRefused, match="turned off in this workspace"):
        await canvases.create(AURORA_TEAM, "SQ020", PAGE)
    slack.allow_canvases("paid")
    slack.state.app.scopes.remove("canvases:write")
    with pytest.raises(CanvasRefused, match="circletake doctor"):
        await canvases.create(AURORA_TEAM, "SQ020", PAGE)


async def test_a_channel_we_are_not_in_takes_no_page(slack: SmallSlack, canvases: Canvases) -> None:
    with pytest.raises(CanvasRefused, match="Invite it"):
        await canvases.create(GENERAL, "SQ010", PAGE)


async def test_a_slack_that_is_busy_is_asked_later(slack: SmallSlack, canvases: Canvases) -> None:
    slack.fail_next("canvases.create", 429, retry_after=7)
    with pytest.raises(RoomLimited) as limited:
        await canvases.create(AURORA_TEAM, "SQ010", PAGE)
    assert limited.value.retry_after == 7
    assert not slack.canvases("aurora-team")


BLOCKS = st.sampled_from([
    "# One", "## Two", "## Two and a half", "Three", "Three and four", "**Five** six", "None yet.",
    "- a1\n- b2", "- a1\n- c3", "1. a1\n2. d4", "- [ ] e5\n- [x] f6", "> Three", "> g7\n> h8",
    "| i9 | Three |\n|---|---|\n| j10 | k11 |", "| i9 | l12 |\n|---|---|\n| j10 | k11 |",
    "```\nm13\n\nn14\n```", "---", "![o15](https://p.example/1.png)", "![](@U0MAYA00001) q16",
])  # fmt: skip
PAGES = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)


@given(before=PAGES, after=PAGES, items_apart=st.booleans(), edited=st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_the_pages_are_the_canvas_shows_the_later_one(
    slack: SmallSlack, before: str, after: str, *, items_apart: bool, edited: bool
) -> None:
    slack.state.canvas_rules.items_apart = items_apart
    canvases = SlackCanvases(Calls(client_of(slack)))
    canvas_id = await canvases.create(AURORA_TEAM, "SQ010", before)
    if edited:
        slack.state.canvases[canvas_id].sections.pop(0)
    anew = await canvases.update(canvas_id, before, after)
    if anew or not edited:
        assert pieces(slack.canvas(canvas_id).markdown) == pieces(after)


def pieces(page: str) -> list[str]:
    return sections_of(page, items_apart=True)
