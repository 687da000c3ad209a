"""Exports of circle takes and where they are shown, through the real door."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.models import TakeState
from tests.factories import all_shown, posted_take, scene_of
from tests.stage import TEAM, Stage, elements
from tests.stories._graph import approved, asked, circled, logged, read, take_now
from tests.workspace.records import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def shared(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


def answers(stage: Stage, action: str) -> Message:
    """Give the last answer that offers a button, as it stands in the channel."""
    room = stage.slack.state.messages[stage.slack.room(TEAM).id].values()
    return [each for each in room if each.ephemeral_to and action in elements(each)][-1]


async def test_only_a_circle_take_is_exported_and_only_by_those_who_may(shared: Stage) -> None:
    card = await shared.open_scene(title="Not yet")
    scene = await scene_of(shared, card)
    await posted_take(shared, card)
    seen = read(await asked(shared, f"export {scene.code}", user="lin"))
    assert f"{scene.code} has no circle take: only an approved take is exported." in seen
    for user in ("jonas", "sam"):
        refused = read(await asked(shared, f"export {scene.code}", user=user))
        assert "Only owners, producers and editors of this production may export" in refused
    assert "There is no scene SC999 here" in read(await asked(shared, "export SC999"))
    assert "has no SH070. Its shots: SH010" in read(
        await asked(shared, f"export {scene.code} SH070")
    )
    assert "is not one shot of one scene" in read(await asked(shared, "export SC010 SC020 <!here>"))
    assert not await logged(shared, "export.made")


async def test_a_superseded_circle_take_is_not_exported_the_later_one_is(shared: Stage) -> None:
    card, scene, first, _ = await circled(shared, "Twice")
    later, posted = await posted_take(shared, card)
    await approved(shared, posted)
    assert (await take_now(shared, first)).state is TakeState.SUPERSEDED
    seen = read(await asked(shared, f"export {scene.code}", user="lin"))
    assert f"SH010 {later.code}, master" in seen
    await shared.slack.press(
        "take_more", channel=TEAM, ts=posted.ts, user="jonas", value=f"withdraw:{later.id}"
    )
    seen = read(await asked(shared, f"export {scene.code}", user="lin"))
    assert "has no circle take" in seen


async def test_a_placement_is_made_listed_and_ended(shared: Stage) -> None:
    _, scene, _, _ = await circled(shared, "Placed")
    await asked(shared, f"export {scene.code}", user="lin")
    shown = answers(shared, "export_place")
    assert (await shared.slack.press("export_place", channel=TEAM, ts=shown.ts, user="lin")).view
    bad = {"title": " ", "url": "javascript:alert(1)", "ended_on": "2001-01-01"}
    seen = await shared.slack.submit(bad, user="lin")
    assert seen.errors.keys() == {"title", "url", "ended_on"}
    good = {"title": "Teaser <b>", "url": "https://example.com/t", "ended_on": None}
    assert (await shared.slack.submit(good, user="lin")).is_closed
    listed = read(await asked(shared, "place", user="sam"))
    assert "social cutdown · <https://example.com/t|Teaser &lt;b&gt;>" in listed
    ending = answers(shared, "placement_end")
    refused = await shared.slack.press("placement_end", channel=TEAM, ts=ending.ts, user="sam")
    assert "Only owners, producers and editors" in read(refused)
    await asked(shared, "place", user="lin")
    ending = answers(shared, "placement_end")
    done = await shared.slack.press("placement_end", channel=TEAM, ts=ending.ts, user="lin")
    assert "is noted as not shown any more" in read(done)
    assert " until " in read(await asked(shared, "place"))
    made, ended = await logged(shared, "placement.made"), await logged(shared, "placement.ended")
    assert made[0]["facts"]["placement"] == ended[0]["facts"]["placement"]
    assert "Teaser" not in str(made)
