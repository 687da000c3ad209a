"""Decisions through the real door: who may give them, and what each one changes."""

import functools
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from storage import log as rows
from storage import takes
from storage.models import Decision, Reason, Role, Take, TakeState, Verdict
from storage.models import Stage as Whose
from tests.factories import all_shown, posted_take
from tests.stage import CLIENT, TEAM, WORKSPACE, Stage, elements, whispers
from tests.workspace.records import Message
from tests.workspace.seed import T_CLIENT
from tests.workspace.seen import Seen

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def stage(long_stage: Stage) -> AsyncIterator[Stage]:
    yield long_stage
    long_stage.slack.state.modals.clear()
    await all_shown(long_stage)


async def shown(stage: Stage, title: str) -> tuple[Take, Message]:
    """Open a scene and put a take before the team."""
    return await posted_take(stage, await stage.open_scene(title=title))


async def press(
    stage: Stage, action: str, card: Message, user: str, *, value: str | None = None
) -> Seen:
    """Press a button of a card, and wait for a whisper no longer than one takes."""
    seen = await stage.slack.press(
        action, channel=card.channel_id, ts=card.ts, user=user, value=value, wait=0.3
    )
    assert seen.ok, seen
    return seen


async def now(stage: Stage, take: Take) -> Take:
    async with stage.studio.db.read() as session:
        found = await takes.get(session, WORKSPACE, take.id)
    assert found
    return found


async def decided(stage: Stage, take: Take) -> list[Decision]:
    async with stage.studio.db.read() as session:
        return await takes.decisions(session, take)


async def told(stage: Stage, take: Take, kind: str = "") -> list[dict[str, Any]]:
    """Give what the log says about a take."""
    async with stage.studio.db.read() as session:
        every = [entry async for page in rows.whole(session, WORKSPACE) for entry in page]
    mine = [entry for entry in every if entry.take_id == take.id and entry.kind.startswith(kind)]
    return [json.loads(entry.body) | {"kind": entry.kind} for entry in mine]


def videos(stage: Stage, card: Message, *_: object) -> list[Message]:
    """Give the videos in a card's thread."""
    room = TEAM if card.channel_id == stage.slack.room(TEAM).id else CLIENT
    head = card.thread_ts or card.ts
    return [each for each in stage.messages(room) if each.thread_ts == head and each.files]


def says(message: Message, words: str) -> bool:
    return words in json.dumps(message.blocks, ensure_ascii=False)


async def with_client(stage: Stage, title: str) -> tuple[Take, Message, Message]:
    """Approve a take for the team; give it, its card and the client's."""
    take, card = await shown(stage, title)
    await press(stage, "take_approve", card, "jonas")
    await all_shown(stage)
    [client] = [each for each in stage.cards_with("client_approve", CLIENT) if says(each, title)]
    return take, card, client


async def test_a_retake_is_asked_with_a_reason_and_a_note(stage: Stage) -> None:
    take, card = await shown(stage, "To be redone")
    seen = await press(stage, "take_retake", card, "jonas")
    assert seen.view
    seen = await stage.slack.submit(
        {"reason": "motion", "note": "Slower. <!channel> & let her breathe."}, user="jonas"
    )
    assert seen.is_closed
    await all_shown(stage)
    [made] = await decided(stage, take)
    assert (made.verdict, made.reason) == (Verdict.RETAKE, Reason.MOTION)
    assert made.sha256 == take.sha256
    assert (await now(stage, take)).state is TakeState.RETAKE
    assert says(card, "Retake asked (motion) by")
    assert says(card, "&lt;!channel&gt; &amp; let her breathe")
    assert not elements(card) & {"take_approve", "take_reject"}
    [entry] = await told(stage, take, "take.retake_asked")
    assert entry["sha256"] == take.sha256
    assert "breathe" not in json.dumps(entry)


async def test_a_rejection_needs_its_reason(stage: Stage) -> None:
    take, card = await shown(stage, "Not this")
    await press(stage, "take_reject", card, "maya")
    seen = await stage.slack.submit({"note": "no"}, user="maya")
    assert "reason" in seen.errors
    await stage.slack.submit({"reason": "off brief"}, user="maya")
    [made] = await decided(stage, take)
    assert (made.verdict, made.reason, made.role) == (
        Verdict.REJECT, Reason.OFF_BRIEF, Role.OWNER,
    )  # fmt: skip


async def test_an_approval_may_carry_a_note(stage: Stage) -> None:
    take, card = await shown(stage, "With a word")
    await press(stage, "take_more", card, "jonas", value=f"approve:{take.id}")
    await stage.slack.submit({"note": "Grade it warmer."}, user="jonas")
    [made] = await decided(stage, take)
    assert (made.verdict, made.note) == (Verdict.APPROVE, "Grade it warmer.")


async def test_somebody_without_a_role_is_refused_politely_and_it_is_logged(stage: Stage) -> None:
    take, card = await shown(stage, "Not for Sam")
    for action in ("take_approve", "take_retake", "take_reject"):
        seen = await press(stage, action, card, "sam")
        assert whispers(seen).startswith("Only owners, producers and directors")
        assert seen.view is None
        assert seen.ephemerals[0]["thread_ts"] == card.thread_ts
    refused = await told(stage, take, "press.refused")
    assert [each["facts"]["verdict"] for each in refused] == ["approve", "retake", "reject"]
    assert {each["facts"]["why"] for each in refused} == {"authority"}
    assert not await decided(stage, take)


async def test_an_editor_orders_but_does_not_approve_and_a_stranger_does_neither(
    stage: Stage,
) -> None:
    take, card = await shown(stage, "Lin's own")
    assert "Only owners" in whispers(await press(stage, "take_approve", card, "lin"))
    [head] = [each for each in stage.messages(TEAM) if each.ts == card.thread_ts]
    assert (await press(stage, "scene_order", head, "lin")).view
    seen = await press(stage, "scene_order", head, "sam")
    assert "may order takes" in whispers(seen)
    assert seen.view is None
    assert seen.ephemerals[0].get("thread_ts") is None  # the head is seen in the channel
    assert not await decided(stage, take)


async def test_a_later_circle_take_supersedes_the_earlier_one_visibly(stage: Stage) -> None:
    first, card, client = await with_client(stage, "One circle")
    await press(stage, "client_approve", client, "dana")
    await all_shown(stage)
    [head] = [each for each in stage.messages(TEAM) if each.ts == card.thread_ts]
    assert says(head, "Circle take T1")

    second, later = await posted_take(stage, head)
    await press(stage, "take_approve", later, "jonas")
    await all_shown(stage)
    assert (await now(stage, first)).state is TakeState.APPROVED
    cards = [each for each in stage.cards_with("client_approve", CLIENT) if says(each, "T2")]
    [again] = [each for each in cards if says(each, "One circle")]
    await press(stage, "client_approve", again, "rui")
    await all_shown(stage)
    assert (await now(stage, first)).state is TakeState.SUPERSEDED
    assert (await now(stage, second)).state is TakeState.APPROVED
    assert says(card, "*Superseded* by T2")
    assert says(client, "Replaced by a later approval")
    assert says(head, "Circle take T2")
    assert [each["facts"]["by"] for each in await told(stage, first, "take.superseded")] == [
        second.id
    ]


async def test_a_decision_is_taken_back_and_given_anew(stage: Stage) -> None:
    take, card, client = await with_client(stage, "Second thoughts")
    await press(stage, "take_more", card, "jonas", value=f"withdraw:{take.id}")
    await all_shown(stage)
    assert (await now(stage, take)).state is TakeState.WAITING
    assert says(client, "Withdrawn by the team")
    assert "client_approve" not in elements(client)
    assert "take_approve" in elements(card)
    assert says(card, "Decision withdrawn by")

    await press(stage, "take_approve", card, "maya")
    await all_shown(stage)
    assert "client_approve" in elements(client)
    await press(stage, "client_approve", client, "dana")
    await press(stage, "take_more", card, "jonas", value=f"withdraw:{take.id}")
    await all_shown(stage)
    assert (await now(stage, take)).state is TakeState.WAITING
    [head] = [each for each in stage.messages(TEAM) if each.ts == card.thread_ts]
    assert not says(head, "Circle take")
    verdicts = [each.verdict for each in await decided(stage, take)]
    assert verdicts == [
        Verdict.APPROVE, Verdict.WITHDRAW, Verdict.APPROVE, Verdict.APPROVE, Verdict.WITHDRAW,
    ]  # fmt: skip


async def test_the_client_sees_the_take_and_nothing_internal(stage: Stage) -> None:
    scene = await stage.open_scene(
        title="For the client", constraints="Rights: pay Mira 900", must_carry="the jacket",
        camera="slow push in", brief="do not tell Aurora",
    )  # fmt: skip
    take, card = await posted_take(stage, scene)
    await press(stage, "take_more", card, "jonas", value=f"approve:{take.id}")
    await stage.slack.submit({"note": "ugly but cheap"}, user="jonas")
    await all_shown(stage)
    [client] = [
        each for each in stage.cards_with("client_approve", CLIENT) if says(each, "For the client")
    ]
    body = json.dumps([client.text, client.blocks, client.metadata])
    assert "Mira decides to leave" in body
    for secret in ("pay Mira", "push in", "tell Aurora", "ugly", "free", "seed", "prompt", "$"):
        assert secret not in body
    await stage.slack.until(functools.partial(videos, stage, client), seconds=10)


async def test_the_clients_own_person_decides_by_button(stage: Stage) -> None:
    take, card, client = await with_client(stage, "Dana decides")
    seen = await press(stage, "client_retake", client, "dana")
    assert seen.view
    await stage.slack.submit({"reason": "brand", "note": "The logo is old."}, user="dana")
    await all_shown(stage)
    made = (await decided(stage, take))[-1]
    assert (made.stage, made.verdict, made.reason) == (Whose.CLIENT, Verdict.RETAKE, Reason.BRAND)
    assert (made.by, made.team_id, made.role) == (
        stage.slack.person("dana").id, T_CLIENT, Role.CLIENT,
    )  # fmt: skip
    assert says(client, "Changes asked")
    assert says(card, "The logo is old.")
    [entry] = await told(stage, take, "take.retake_asked")
    assert entry["team"] == T_CLIENT


async def test_one_of_the_team_cannot_decide_for_the_client(stage: Stage) -> None:
    take, _, client = await with_client(stage, "Not theirs")
    for user in ("maya", "jonas", "sam"):
        seen = await press(stage, "client_approve", client, user)
        assert whispers(seen).startswith("Only clients of this production may")
    assert (await now(stage, take)).state is TakeState.WITH_CLIENT
    refused = await told(stage, take, "press.refused")
    assert [each["facts"]["stage"] for each in refused] == ["client"] * 3


async def test_emoji_on_every_message_of_a_take_are_opinions(stage: Stage) -> None:
    take, card, client = await with_client(stage, "Well liked")
    messages = [(TEAM, card.ts, "lin"), (CLIENT, client.ts, "dana")]
    for head, channel, user in ((card, TEAM, "lin"), (client, CLIENT, "rui")):
        [video] = await stage.slack.until(functools.partial(videos, stage, head), seconds=10)
        messages.append((channel, video.ts, user))
    for channel, ts, user in messages:
        await stage.slack.react("fire", ts=ts, channel=channel, user=user)
        await stage.slack.unreact("fire", ts=ts, channel=channel, user=user)
    await all_shown(stage)
    opinions = await told(stage, take, "reaction.")
    assert [each["kind"] for each in opinions] == ["reaction.added", "reaction.removed"] * 4
    assert [each["team"] for each in opinions[::2]] == [WORKSPACE, T_CLIENT] * 2
    assert {each["sha256"] for each in opinions} == {take.sha256}
    assert (await now(stage, take)).state is TakeState.WITH_CLIENT
    assert len(await decided(stage, take)) == 1


async def test_what_slack_delivers_twice_has_one_effect(stage: Stage) -> None:
    take, card, _client = await with_client(stage, "Said twice")
    await stage.slack.redeliver(times=2)
    await stage.slack.react("eyes", ts=card.ts, channel=TEAM, user="lin")
    await stage.slack.redeliver(times=3)
    await all_shown(stage)
    for delivered in [each for each in stage.slack.deliveries if each.kind != "events_api"][-2:]:
        await stage.slack.redeliver(delivered)
    await all_shown(stage)
    assert len(await decided(stage, take)) == 1
    assert len(await told(stage, take, "take.approved")) == 1
    assert len(await told(stage, take, "reaction.added")) == 1
    assert len([each for each in stage.messages(CLIENT) if says(each, "Said twice")]) == 1


async def test_events_that_come_out_of_order_or_twice_are_all_kept_once(stage: Stage) -> None:
    take, card = await shown(stage, "In a muddle")
    await stage.slack.until(lambda _: videos(stage, card), seconds=10)
    await all_shown(stage)
    stage.slack.hold_events()
    await stage.slack.react("fire", ts=card.ts, channel=TEAM, user="lin")
    await stage.slack.unreact("fire", ts=card.ts, channel=TEAM, user="lin")
    await stage.slack.react("eyes", ts=card.ts, channel=TEAM, user="jonas")
    await stage.slack.release_events([2, 1, 0, 1, 2])
    await all_shown(stage)
    kinds = sorted(each["kind"] for each in await told(stage, take, "reaction."))
    assert kinds == ["reaction.added", "reaction.added", "reaction.removed"]


async def test_a_video_is_known_though_the_event_that_tells_of_it_was_lost(stage: Stage) -> None:
    scene = await stage.open_scene(title="Lost event")
    await all_shown(stage)
    stage.slack.hold_events()
    take, card = await posted_take(stage, scene)
    await all_shown(stage)
    [video] = [
        each for each in stage.messages(TEAM) if each.thread_ts == card.thread_ts and each.files
    ]
    stage.slack.hub.delivery.hold()  # forgets what was held: those events never come
    await stage.slack.release_events([])
    await stage.slack.react("fire", ts=video.ts, channel=TEAM, user="lin")
    await all_shown(stage)
    assert len(await told(stage, take, "reaction.added")) == 1


async def test_a_form_sent_again_after_a_refusal_says_so_again(stage: Stage) -> None:
    take, card = await shown(stage, "Two forms")
    await press(stage, "take_reject", card, "maya")
    await press(stage, "take_approve", card, "jonas")
    for _ in range(2):
        seen = await stage.slack.submit({"reason": "motion"}, user="maya")
        assert "is with the client, by" in json.dumps(seen.errors)
        assert not seen.is_closed
    assert len(await decided(stage, take)) == 1


async def test_the_take_tells_how_it_was_made_and_shows_its_sheet(stage: Stage) -> None:
    take, card = await shown(stage, "Curious")
    await all_shown(stage)
    seen = await press(stage, "take_more", card, "lin", value=f"setup:{take.id}")
    assert take.sha256
    assert take.sha256 in json.dumps(seen.ephemerals)
    seen = await stage.slack.press(
        "take_more", channel=TEAM, ts=card.ts, user="lin", value=f"sheet:{take.id}", wait=5
    )
    assert "slack_file" in json.dumps(seen.ephemerals)
    pressed = await told(stage, take, "button.pressed")
    assert [each["facts"]["button"] for each in pressed] == ["setup", "sheet"]
