"""What a production's rules do to an order: nothing is ordered without what they ask for."""

from typing import Any

from bot.constraint_lines import ConstraintKind, key_of
from storage.models import Take
from tests.factories import scene_of
from tests.stage import TEAM, Stage
from tests.stories._rules import facts_of, form_of, order_form, said, shown_to, written
from tests.workspace.records import Message
from tests.workspace.seen import Seen

INTENT = "name: Aurora\nintent:\n  required: [change, feeling]\n"
FACE = "No face of Mira after March 2027"
BLOCK = f"""
constraints:
  - {{kind: rights, text: {FACE}, source: release L3, effect: block}}
"""
ASK = """
constraints:
  - {kind: safety, text: The stunt is cleared, effect: ask, at: [order]}
"""
SMOKE = """
prohibited:
  - route: smoking
    words: [smoke, cigarette]
    synonyms: [lit pipe]
    text: Nobody smokes in this campaign
    effect: %s
"""


async def sent(stage: Stage, card: Message, *, user: str = "lin", **values: Any) -> Seen:
    """Open the order form and send it."""
    await order_form(stage, card, user=user)
    seen = await stage.slack.submit(values, user=user, wait=2)
    if seen.errors:
        await stage.slack.close(user=user, clear=True)
    return seen


async def made(stage: Stage, card: Message) -> list[Take]:
    scene = await scene_of(stage, card)
    return [each for each in await stage.takes() if each.scene_id == scene.id]


async def test_an_order_without_its_intent_is_refused_until_the_sequence_says_it(
    stage: Stage,
) -> None:
    await stage.set_up()
    card = await stage.open_scene()
    await written(stage, INTENT)
    lacking = "SC010 does not say what changes"
    assert lacking in form_of(await order_form(stage, card))
    seen = await stage.slack.submit({}, user="lin", wait=2)
    assert lacking in seen.errors["prompt"]
    assert "SC010 does not say what the audience should feel" in seen.errors["prompt"]
    assert await made(stage, card) == []
    await stage.slack.close(user="lin", clear=True)

    await stage.slack.press("scene_edit", channel=TEAM, ts=card.ts, user="lin", wait=2)
    seen = await stage.slack.submit({"change": "She stops looking back."}, user="lin", wait=2)
    assert seen.is_closed, seen.errors
    seen = await sent(stage, card)
    assert lacking not in seen.errors["prompt"]
    assert "should feel" in seen.errors["prompt"]

    await said(stage, "sequence SQ010", user="lin")
    seen = await stage.slack.submit(
        {"title": "The way home", "feeling": "relief"}, user="lin", wait=2
    )
    assert seen.is_closed, seen.errors
    seen = await sent(stage, card)
    assert seen.is_closed, seen.errors
    assert len(await made(stage, card)) == 1


async def test_a_block_refuses_an_editor_and_waits_for_a_producers_reason(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up()
    card = await stage.open_scene()
    await written(stage, BLOCK)
    form = form_of(await order_form(stage, card, user="lin"))
    assert f"Blocked by a rights rule of the production: {FACE} (source: release L3)" in form
    assert '"override"' not in form
    seen = await stage.slack.submit({}, user="lin", wait=2)
    assert FACE in seen.errors["prompt"]
    await stage.slack.close(user="lin", clear=True)
    assert FACE in (await sent(stage, card, user="maya")).errors["override"]
    assert "Say why" in (await sent(stage, card, user="maya", override="ok")).errors["override"]
    assert await made(stage, card) == []


async def test_an_override_is_in_the_log_as_a_commitment_and_the_form_says_so(
    stage: Stage,
) -> None:
    await stage.set_up()
    card = await stage.open_scene()
    await written(stage, BLOCK)
    why = "Mira's agent extended the release by mail."
    seen = await sent(stage, card, user="maya", override=why)
    assert seen.is_closed, seen.errors
    assert len(await made(stage, card)) == 1
    [entry] = await facts_of(stage, "rule.waived")
    key = key_of(ConstraintKind.RIGHTS, FACE)
    assert (entry["facts"]["rule"], entry["facts"]["role"]) == (key, "owner")
    assert len(entry["facts"]["reason"]) == 64
    assert "agent" not in str(entry)
    [order] = await facts_of(stage, "take.ordered")
    assert order["facts"]["waived"] == [key]

    again = form_of(await order_form(stage, card, user="lin"))
    assert f"Overridden by a producer: Rights: {FACE}" in again
    seen = await stage.slack.submit({}, user="lin", wait=2)
    assert seen.is_closed, seen.errors
    assert "overrode" in shown_to(await said(stage, "log SC010"))


async def test_what_is_asked_has_to_be_ticked_at_every_order(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up()
    card = await stage.open_scene()
    await written(stage, ASK)
    seen = await sent(stage, card)
    assert "Safety: The stunt is cleared" in seen.errors["confirm"]
    key = key_of(ConstraintKind.SAFETY, "The stunt is cleared")
    assert (await sent(stage, card, confirm=[key])).is_closed
    [entry] = await facts_of(stage, "take.ordered")
    assert entry["facts"]["confirmed"] == [key]
    assert "confirm" in (await sent(stage, card)).errors
    assert len(await made(stage, card)) == 1


async def test_a_prohibited_route_in_the_prompt_stops_the_order_with_the_rule(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up()
    card = await stage.open_scene(must_not_show="cigarettes, smoking")
    await written(stage, SMOKE % "block")
    for prompt, word in (
        ("Mira is smoking on the roof.", '"smoking"'),
        ("Two Cigarettes glow.", '"Cigarettes"'),
        ("He has a lit pipe.", '"lit pipe"'),
    ):
        seen = await sent(stage, card, prompt=prompt)
        told = seen.errors["prompt"]
        assert f"The prompt says {word}: Nobody smokes in this campaign." in told
    assert await made(stage, card) == []
    assert (await sent(stage, card)).is_closed, "what must not be shown is no route"
    assert (await sent(stage, card, prompt="A smokestack behind her.")).is_closed
    await written(stage, SMOKE % "ask")
    seen = await sent(stage, card, prompt="She smoked once.")
    assert "Nobody smokes" in str(seen.errors)
    assert len(await made(stage, card)) == 2
