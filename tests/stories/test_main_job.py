"""The whole main job, through the real door, on both kinds of database."""

from pathlib import Path

from storage.models import TakeState
from tests.stage import CLIENT, TEAM, Stage, opened


async def test_a_scene_becomes_a_take_that_team_and_client_approve(stage: Stage) -> None:
    await stage.set_up()
    scene = await stage.open_scene()
    card = await stage.take_ready(scene)

    await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    client_card = await stage.slack.until(
        lambda _: next(iter(stage.cards_with("client_approve", CLIENT)), None), seconds=15
    )
    seen = await stage.slack.press("client_approve", channel=CLIENT, ts=client_card.ts, user="dana")
    assert seen.ok
    take = await stage.take_in(TakeState.APPROVED)
    assert take.number == 1


async def test_by_http_it_is_the_same_app(sqlite_url: str, tmp_path: Path) -> None:
    async with opened(sqlite_url, tmp_path, socket=False) as stage:
        await stage.set_up(client=False)
        card = await stage.take_ready(await stage.open_scene())
        seen = await stage.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
        assert seen.via == "http"
        assert (await stage.take_in(TakeState.APPROVED)).sha256
