"""Canvases, by Slack's own SDK and by hand."""

# slack_sdk, Bolt and PyAV are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportOptionalSubscript=false

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace.canvas_text import complaint_about, joined, kind_of, said_in, sections_of
from tests.workspace.records import Canvas, Channel, Json
from tests.workspace.seed import AURORA_CLIENT, AURORA_TEAM, GENERAL, MAYA, T_STUDIO
from tests.workspace.server import SmallSlack

PAGE = """# Rooftop
Mira decides **to leave**.
It is dawn.

## Shots
| Shot | Action |
|---|---|
| SH010 | She *turns* |

## To do
- [x] Light test
- [ ] Second unit

> Warm, never orange.
"""


def content(markdown: str) -> Json:
    return {"type": "markdown", "markdown": markdown}


def change(operation: str, markdown: str = "", section_id: str = "") -> list[Json]:
    one: Json = {"operation": operation}
    if markdown:
        one["document_content"] = content(markdown)
    return [one | ({"section_id": section_id} if section_id else {})]


async def made(
    client: AsyncWebClient, markdown: str = PAGE, *, channel_id: str | None = AURORA_TEAM
) -> str:
    answer = await client.canvases_create(
        title="SQ010 Rooftop", document_content=content(markdown), channel_id=channel_id
    )
    return str(answer["canvas_id"])


async def own(client: AsyncWebClient, channel_id: str) -> str:
    answer = await client.conversations_canvases_create(
        channel_id=channel_id, document_content=content("Welcome")
    )
    return str(answer["canvas_id"])


async def found(client: AsyncWebClient, canvas_id: str, **criteria: Any) -> list[str]:
    answer = await client.canvases_sections_lookup(canvas_id=canvas_id, criteria=criteria)
    sections: list[Json] = answer.get("sections", [])
    assert all(set(one) == {"id"} for one in sections)
    return [one["id"] for one in sections]


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    response = caught.value.response
    return ": ".join(str(response[name]) for name in ("error", "detail") if name in response)


def lines(canvas: Canvas) -> list[str]:
    return [one.markdown for one in canvas.sections]


async def test_a_canvas_is_a_tab_of_its_channel_and_a_file(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas_id = await made(client)
    [canvas] = slack.canvases("aurora-team")
    assert (canvas.id, canvas.title) == (canvas_id, "SQ010 Rooftop")
    file = (await client.files_info(file=canvas_id))["file"]
    assert (file["title"], file["filetype"]) == ("SQ010 Rooftop", "quip")
    assert file["permalink"].endswith(f"/docs/{T_STUDIO}/{canvas_id}")
    channel = (await client.conversations_info(channel=AURORA_TEAM))["channel"]
    [tab] = channel["properties"]["tabs"]
    assert (tab["type"], tab["data"]["file_id"]) == ("canvas", canvas_id)


async def test_every_block_is_a_section_and_every_item_of_a_list(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas = slack.canvas(await made(client))
    assert [kind_of(one) for one in lines(canvas)] == [
        "h1", "paragraph", "h2", "table", "h2", "item", "item", "quote",
    ]  # fmt: skip
    slack.state.canvas_rules.items_apart = False
    canvas = slack.canvas(await made(client))
    assert len(canvas.sections) == 7


async def test_a_lookup_finds_headings_and_words_and_tells_only_ids(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas_id = await made(client)
    ids = [one.id for one in slack.canvas(canvas_id).sections]
    assert await found(client, canvas_id, section_types=["any_header"]) == [ids[0], ids[2], ids[4]]
    assert await found(client, canvas_id, section_types=["h2"], contains_text="Shots") == [ids[2]]
    assert await found(client, canvas_id, contains_text="decides to leave") == [ids[1]]
    assert await found(client, canvas_id, contains_text="She turns") == [ids[3]]
    assert await found(client, canvas_id, contains_text="nowhere") == []
    for wrong in ({}, {"section_types": ["table"]}):
        call = client.canvases_sections_lookup(canvas_id=canvas_id, criteria=wrong)
        assert await refused(call) == "invalid_arguments"


async def test_an_edit_does_one_thing(slack: SmallSlack, client: AsyncWebClient) -> None:
    canvas_id = await made(client, "# One\n\nFirst\n\nSecond")
    canvas = slack.canvas(canvas_id)
    one, first, second = (section.id for section in canvas.sections)

    async def edit(*given: Any) -> None:
        await client.canvases_edit(canvas_id=canvas_id, changes=change(*given))

    await edit("insert_at_start", "Top")
    await edit("insert_at_end", "End")
    await edit("insert_before", "Before", first)
    await edit("insert_after", "After", first)
    await edit("replace", "Another\n\nAnd one more", second)
    assert [section.id for section in canvas.sections][1] == one
    await edit("delete", "", one)
    assert lines(canvas) == ["Top", "Before", "First", "After", "Another", "And one more", "End"]
    await edit("replace", "# New\n\nPage")
    assert lines(canvas) == ["# New", "Page"]
    rename = [{"operation": "rename", "title_content": content("SQ020")}]
    await client.canvases_edit(canvas_id=canvas_id, changes=rename)
    assert canvas.title == "SQ020"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([], "invalid_arguments"),
        (change("delete", "", "x") * 2, "invalid_arguments"),
        (change("delete"), "invalid_arguments"),
        (change("insert_after", "words"), "invalid_arguments"),
        (change("insert_at_end"), "invalid_arguments"),
        (change("burn", "words"), "invalid_arguments"),
        (change("rename", "words"), "invalid_arguments"),
        (change("delete", "", "x"), "canvas_editing_failed: Invalid section_id"),
        (change("replace", "#### Deep"), "canvas_editing_failed: Unsupported heading depth (4)"),
    ],
)
async def test_an_edit_that_cannot_be_done_changes_nothing(
    slack: SmallSlack, client: AsyncWebClient, changes: list[Json], why: str
) -> None:
    canvas_id = await made(client)
    before = slack.canvas(canvas_id).markdown
    assert await refused(client.canvases_edit(canvas_id=canvas_id, changes=changes)) == why
    assert slack.canvas(canvas_id).markdown == before


@pytest.mark.parametrize(
    ("markdown", "why"),
    [
        ("text\n#### Deep", "Unsupported heading depth (4)"),
        ("> - a list", "Unsupported input: list in quote"),
        ("see <https://example.com>", "Unsupported input: autolink"),
        ("|a|b|c|\n|---|---|---|\n" + "|1|2|3|\n" * 100, "Table exceeds 300 cells"),
    ],
)
async def test_what_a_canvas_cannot_hold_is_refused(
    client: AsyncWebClient, markdown: str, why: str
) -> None:
    assert await refused(made(client, markdown)) == f"canvas_creation_failed: {why}"


async def test_markdown_within_the_limits_is_taken(client: AsyncWebClient) -> None:
    await made(client, "|a|b|c|\n|---|---|---|\n" + "|1|2|3|\n" * 99)
    await made(client, "```\n#### not a heading\n<https://example.com>\n```")


async def test_a_channel_has_one_canvas_of_its_own(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    first = await own(client, AURORA_TEAM)
    assert await refused(own(client, AURORA_TEAM)) == "channel_canvas_already_exists"
    await made(client)
    channel = (await client.conversations_info(channel=AURORA_TEAM))["channel"]
    assert channel["properties"]["canvas"]["file_id"] == first
    assert len(slack.canvases("aurora-team")) == 2
    slack.delete_canvas(first)
    await own(client, AURORA_TEAM)


async def test_the_free_plan_has_one_tab_a_channel_and_nothing_alone(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    alone = await made(client, channel_id=None)
    slack.allow_canvases("free")
    assert await refused(made(client, channel_id=None)) == (
        "free_teams_cannot_create_non_tabbed_canvases"
    )
    edit = client.canvases_edit(canvas_id=alone, changes=change("replace", "y"))
    assert await refused(edit) == "free_teams_cannot_edit_standalone_canvases"
    canvas_id = await made(client)
    await client.canvases_edit(canvas_id=canvas_id, changes=change("replace", "y"))
    assert await refused(made(client)) == "free_team_canvas_tab_already_exists"
    second = own(client, AURORA_TEAM)
    assert await refused(second) == "free_team_canvas_tab_already_exists"
    await own(client, AURORA_CLIENT)


async def test_an_administrator_may_want_no_canvases(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas_id = await made(client)
    slack.allow_canvases("none")
    edit = client.canvases_edit(canvas_id=canvas_id, changes=change("replace", "y"))
    assert await refused(edit) == "canvas_disabled_user_team"
    assert await refused(made(client)) == "canvas_disabled_user_team"


async def test_a_canvas_removed_by_hand_is_gone_for_every_method(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas_id = await made(client)
    slack.delete_canvas(canvas_id)
    edit = client.canvases_edit(canvas_id=canvas_id, changes=change("replace", "y"))
    assert await refused(edit) == "canvas_not_found"
    assert await refused(client.canvases_delete(canvas_id=canvas_id)) == "canvas_not_found"
    assert await refused(client.files_info(file=canvas_id)) == "file_deleted"
    looked = client.canvases_sections_lookup(canvas_id=canvas_id, criteria={"contains_text": "x"})
    assert await refused(looked) == "canvas_deleted"
    assert not slack.canvases("aurora-team")


async def test_the_app_deletes_its_own_canvas(slack: SmallSlack, client: AsyncWebClient) -> None:
    canvas_id = await made(client)
    await client.canvases_delete(canvas_id=canvas_id)
    assert not slack.canvases("aurora-team")
    assert await refused(client.canvases_delete(canvas_id="F0NONE")) == "canvas_not_found"


async def test_people_write_between_the_lines(slack: SmallSlack, client: AsyncWebClient) -> None:
    canvas_id = await made(client, "# One\n\nFirst\n\n- a\n- b")
    slack.write_in_canvas(canvas_id, "I disagree.", below="First")
    slack.rewrite_in_canvas(canvas_id, "First", "First, said better")
    slack.rewrite_in_canvas(canvas_id, "One")
    slack.write_in_canvas(canvas_id, "- c")
    expected = "First, said better\n\nI disagree.\n\n- a\n- b\n- c"
    assert slack.canvas(canvas_id).markdown == expected
    with pytest.raises(LookupError, match="says 'Two'"):
        slack.rewrite_in_canvas(canvas_id, "Two")


async def test_access_is_given_to_channels_or_to_people(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    canvas_id = await made(client)
    both: Any = {"canvas_id": canvas_id, "access_level": "read"}
    await client.canvases_access_set(**both, channel_ids=[GENERAL])
    await client.canvases_access_set(**both, user_ids=[MAYA])
    assert slack.canvas(canvas_id).access == {GENERAL: "read", MAYA: "read"}
    assert await refused(client.canvases_access_set(**both)) == "invalid_parameters"
    nowhere = client.canvases_access_set(**both, channel_ids=["C0NONE"])
    assert await refused(nowhere) == "channel_not_found"


async def test_a_canvas_needs_its_scopes_and_a_channel_the_app_is_in(
    slack: SmallSlack, client: AsyncWebClient
) -> None:
    slack.state.add_channel(Channel("C0OTHER", "other", T_STUDIO, member_ids={MAYA}))
    assert await refused(made(client, channel_id="C0OTHER")) == "not_in_channel"
    slack.state.app.scopes.remove("canvases:write")
    assert await refused(made(client)) == "missing_scope"


@given(
    st.lists(st.sampled_from(["# a", "- b", "text\nmore", "> q", "|a|b|\n|-|-|", "```\n\nx\n```"]))
)
def test_sections_put_together_are_cut_the_same_again(sections: list[str]) -> None:
    apart = sections_of("\n\n".join(sections), items_apart=True)
    assert apart == sections
    assert sections_of(joined(apart), items_apart=True) == apart


def test_a_canvas_holds_a_mebibyte() -> None:
    assert complaint_about("x" * 1024 * 1024) is None
    assert complaint_about("x" * 1024 * 1024 + "y") == "Markdown is too large"


def test_what_a_section_says_has_no_marks() -> None:
    assert said_in("## **Bold** [link](https://x.example) `code`") == "Bold link code"
    assert said_in("- [x] ~~done~~ ![](@U1)") == "done"
    assert said_in(r"1\. not a \*list\*") == "1. not a *list*"
