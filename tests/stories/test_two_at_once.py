"""Two people at the same button at the same moment, on both kinds of database."""

import asyncio

from storage import takes
from storage.models import TakeState
from tests.factories import all_shown, posted_take
from tests.stage import TEAM, Stage, whispers


async def test_of_two_people_pressing_at_once_one_wins_and_the_other_is_told(stage: Stage) -> None:
    await stage.set_up(client=False)
    scene = await stage.open_scene()
    take, card = await posted_take(stage, scene)
    await all_shown(stage)

    async def pressed(user: str) -> str:
        seen = await stage.slack.press(
            "take_approve", channel=TEAM, ts=card.ts, user=user, wait=0.5
        )
        assert seen.ok, seen
        return whispers(seen)

    told = await asyncio.gather(pressed("jonas"), pressed("maya"))
    assert sorted(bool(each) for each in told) == [False, True]
    winner = stage.slack.person("maya" if told[0] else "jonas").id
    assert f"is approved already, by <@{winner}>. Nothing was changed." in "".join(told)
    async with stage.studio.db.read() as session:
        [decision] = await takes.decisions(session, take)
    assert decision.by == winner
    assert (await stage.take_in(TakeState.APPROVED)).id == take.id


async def test_scenes_opened_at_the_same_moment_have_numbers_of_their_own(stage: Stage) -> None:
    await stage.set_up(client=False)
    people = ("jonas", "maya", "lin")
    for user in people:
        await stage.slack.command("/scene", f"new By {user}", user=user, channel=TEAM)
    sent = await asyncio.gather(
        *(stage.slack.submit({"purpose": "To be first."}, user=user) for user in people)
    )
    assert all(seen.is_closed for seen in sent), sent
    await all_shown(stage)
    heads = {each.blocks[0]["text"]["text"][:5] for each in stage.messages(TEAM)}
    assert heads == {"SC010", "SC020", "SC030"}
