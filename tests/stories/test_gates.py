"""What rules stop at review and at export, and what a producer's override does about it."""

import asyncio
import json
from typing import Any

from sqlmodel import col, select

from bot import log
from bot.constraint_lines import ConstraintKind, key_of
from bot.rulebook import templates
from storage.models import Take, Waiver
from tests.factories import all_shown, posted_take
from tests.stage import CLIENT, TEAM, WORKSPACE, Stage, elements, whispers
from tests.stories._graph import approved, circled, take_now
from tests.stories._rights import says
from tests.stories._rules import facts_of, form_of, order_form, said, shown_to, written
from tests.workspace.records import Message
from tests.workspace.seen import Seen

FACE = "No face of Mira after March 2027"
KEY = key_of(ConstraintKind.RIGHTS, FACE)
WHY = "Mira's agent extended the release by mail."
RULE = "constraints:\n  - {kind: rights, text: %s, source: release L3, effect: block, at: [%s]}\n"


def override_button(stage: Stage) -> Message:
    """Find the newest answer that offers to override."""
    room = stage.slack.state.messages[stage.slack.room(TEAM).id].values()
    return [each for each in room if "scene_override" in elements(each)][-1]


async def producing(stage: Stage, *names: str) -> None:
    """Say who the producers are."""
    await said(stage, "setup")
    wanted = {"producer": [stage.slack.person(each).id for each in names]}
    assert (await stage.slack.submit(wanted, user="maya", wait=2)).is_closed


async def opened(stage: Stage, code: str = "SC010", *, user: str = "maya") -> Seen:
    """Open the form of an override as people do."""
    await said(stage, f"rules {code}", user=user)
    answer = override_button(stage)
    return await stage.slack.press("scene_override", channel=TEAM, ts=answer.ts, user=user, wait=2)


async def overridden(stage: Stage, code: str = "SC010", **values: Any) -> Seen:
    """Override by the form; the rule and the reason are those of this file unless given."""
    assert (await opened(stage, code)).view
    seen = await stage.slack.submit({"rules": [KEY], "reason": WHY, **values}, user="maya", wait=2)
    await all_shown(stage)
    return seen


async def waivers(stage: Stage) -> list[Waiver]:
    async with stage.studio.db.read() as session:
        wanted = select(Waiver).where(Waiver.workspace_id == WORKSPACE)
        return list((await session.exec(wanted.order_by(col(Waiver.id)))).all())


def now(stage: Stage, card: Message) -> str:
    """Read a card as it stands."""
    return says(
        next(each for each in stage.messages(card_channel(stage, card)) if each.ts == card.ts)
    )


def card_channel(stage: Stage, card: Message) -> str:
    return CLIENT if card.channel_id == stage.slack.room(CLIENT).id else TEAM


async def press(stage: Stage, action: str, card: Message, user: str) -> Seen:
    channel = card_channel(stage, card)
    return await stage.slack.press(action, channel=channel, ts=card.ts, user=user, wait=0.5)


async def refused_to_an_editor(stage: Stage) -> None:
    """Let Lin be a producer until the form is open, and an editor again when it is sent."""
    await producing(stage, "lin")
    assert (await opened(stage, user="lin")).view
    await producing(stage)
    seen = await stage.slack.submit({"rules": [KEY], "reason": WHY}, user="lin", wait=2)
    refused = "Only owners and producers of this production may override a rule."
    assert refused in str(seen.errors) + whispers(seen)
    await stage.slack.close(user="lin", clear=True)
    answer = override_button(stage)
    pressed = await stage.slack.press(
        "scene_override", channel=TEAM, ts=answer.ts, user="lin", wait=2
    )
    assert refused in whispers(pressed)


async def kept_and_logged(stage: Stage) -> Waiver:
    """Give the only waiver, which the log commits to without a word of its reason."""
    [waiver], [entry] = await waivers(stage), await facts_of(stage, "rule.waived")
    assert (waiver.reason, waiver.waived_by) == (WHY, stage.slack.person("maya").id)
    assert entry["facts"]["reason"] == log.commitment(waiver.reason, waiver.salt)
    assert (entry["facts"]["rule"], entry["facts"]["role"]) == (KEY, "owner")
    assert "agent" not in json.dumps(entry)
    return waiver


async def test_a_block_stops_an_export_until_a_producer_overrides_it(stage: Stage) -> None:
    await stage.set_up(client=False)
    card, _, _, posted = await circled(stage, "Rooftop opener")
    await written(stage, RULE % (FACE, "export"))
    told = whispers(await said(stage, "export SC010", user="lin"))
    assert told == (
        f"Blocked by a rights rule of the production: {FACE} (source: release L3). "
        "A producer may override it with a reason. `/scene rules SC010` shows it."
    )
    shown = shown_to(await said(stage, "rules SC010", user="lin"))
    assert "an owner or a producer may override" in shown
    assert "scene_override" not in shown

    await refused_to_an_editor(stage)
    assert await waivers(stage) == []

    assert (await overridden(stage)).is_closed
    waiver = await kept_and_logged(stage)
    assert f":unlock: Overridden: Rights: {FACE} (production)" in now(stage, card)
    assert "take_approve" not in now(stage, posted)

    await said(stage, "export SC010", user="lin")
    await all_shown(stage)
    [made] = await facts_of(stage, "export.made")
    assert made["facts"]["code"] == "X1"
    assert "overrode a rule as owner" in shown_to(await said(stage, "log SC010"))
    shown = shown_to(await said(stage, "rules SC010"))
    assert f">Overridden by <@{waiver.waived_by}>" in shown
    assert WHY in shown
    assert "scene_override" not in shown


async def test_a_block_at_review_refuses_the_team_and_leaves_the_client_in_peace(
    stage: Stage,
) -> None:
    await stage.set_up()
    card = await stage.open_scene()
    (first, early), (waits, late), (other, turned_down) = [
        await posted_take(stage, card) for _ in range(3)
    ]
    await approved(stage, early)
    [at_client] = stage.cards_with("client_approve", CLIENT)
    await written(stage, RULE % (FACE, "review"))
    await all_shown(stage)
    assert f":no_entry: Rights: {FACE}" in now(stage, late)

    seen = await press(stage, "take_approve", late, "jonas")
    assert f"Blocked by a rights rule of the production: {FACE}" in whispers(seen)
    assert "`/scene rules SC010` shows it." in whispers(seen)
    is_on_hold(now(stage, at_client))
    assert (await press(stage, "take_retake", late, "jonas")).view
    await stage.slack.close(user="jonas", clear=True)
    await rejected(stage, turned_down)
    assert await states(stage, first, waits, other) == ["with_client", "waiting", "rejected"]
    assert [each["facts"]["why"] for each in await facts_of(stage, "press.refused")] == [
        "rules",
    ]

    assert (await overridden(stage)).is_closed
    await all_shown(stage)
    assert f":unlock: Overridden: Rights: {FACE}" in now(stage, late)
    await press(stage, "take_approve", late, "jonas")
    await press(stage, "client_approve", at_client, "dana")
    assert await states(stage, first, waits) == ["approved", "with_client"]


def is_on_hold(card: str) -> None:
    """See that the client has nothing to approve, and reads nothing of why."""
    assert "On hold; the team is on it" in card
    assert "client_approve" not in card
    assert "Blocked" not in card


async def rejected(stage: Stage, card: Message) -> None:
    assert (await press(stage, "take_reject", card, "jonas")).view
    seen = await stage.slack.submit({"reason": "rights"}, user="jonas", wait=1)
    assert seen.is_closed


async def states(stage: Stage, *several: Take) -> list[str]:
    return [(await take_now(stage, each)).state.value for each in several]


async def test_the_client_reads_the_rule_that_names_the_client_and_no_other(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up()
    card = await stage.open_scene(constraints="Brand: the zip is closed (source: style guide 4)")
    await written(stage, CLIENTS)
    await approved(stage, (await posted_take(stage, card))[1])
    [shown] = stage.cards_with("client_approve", CLIENT)
    assert ":information_source: The film says that it is generated" in says(shown)
    everything = "".join(says(each) for each in stage.messages(CLIENT))
    for inside in (
        "contract 7",
        "production)",
        FACE,
        "release L3",
        "zip",
        "Override",
        "Nobody smokes",
    ):
        assert inside not in everything, inside


CLIENTS = f"""
constraints:
  - {{kind: disclosure, text: The film says that it is generated, source: contract 7,
      at: [review, client, export]}}
  - {{kind: rights, text: {FACE}, source: release L3, effect: block, at: [export]}}
prohibited:
  - {{route: smoking, words: [smoke], text: Nobody smokes here, effect: block}}
"""


async def test_a_rule_that_is_reworded_blocks_again(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    await circled(stage, "Rooftop opener")
    await written(stage, RULE % (FACE, "export"))
    assert (await opened(stage)).view
    await written(stage, RULE % ("No face of Mira at all", "export"))
    seen = await stage.slack.submit({"rules": [KEY], "reason": WHY}, user="maya", wait=2)
    assert "was changed in the meantime" in seen.errors["rules"]
    await stage.slack.close(user="maya", clear=True)
    anew = key_of(ConstraintKind.RIGHTS, "No face of Mira at all")
    assert (await overridden(stage, rules=[anew])).is_closed
    assert len(await waivers(stage)) == 1

    await written(stage, RULE % (FACE, "export"))
    told = whispers(await said(stage, "export SC010", user="lin"))
    assert f"Blocked by a rights rule of the production: {FACE}" in told
    assert WHY not in shown_to(await said(stage, "rules SC010")), "of a rule that is gone"
    await written(stage, RULE % ("  NO face of Mira  after March 2027", "export"))
    assert (await overridden(stage)).is_closed, "spaces and capitals are no other words"


async def test_two_producers_who_override_at_once_make_one_waiver(stage: Stage) -> None:
    await stage.set_up(client=False)
    await circled(stage, "Rooftop opener")
    await written(stage, RULE % (FACE, "export"))
    await producing(stage, "jonas")
    both = ("maya", "jonas")
    for user in both:
        assert (await opened(stage, user=user)).view
    sent = await asyncio.gather(
        *(stage.slack.submit({"rules": [KEY], "reason": f"{WHY} {user}"}, user=user, wait=2)
          for user in both)
    )  # fmt: skip
    assert all(seen.is_closed and not seen.errors for seen in sent), sent
    [waiver], [entry] = await waivers(stage), await facts_of(stage, "rule.waived")
    assert entry["facts"]["reason"] == log.commitment(waiver.reason, waiver.salt)


async def test_a_form_without_a_rule_or_a_reason_says_so_and_keeps_what_was_typed(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    await stage.open_scene()
    await written(stage, RULE % (FACE, "review"))
    assert (await opened(stage)).view
    wrong: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"rules": [], "reason": WHY}, "rules", ""),
        ({"rules": [KEY], "reason": ""}, "reason", ""),
        ({"rules": [KEY], "reason": " ok "}, "reason", "Say why in a few words"),
        ({"rules": [KEY], "reason": " . "}, "reason", "Say why in a few words"),
    )
    for values, field, words in wrong:
        seen = await stage.slack.submit(values, user="maya", wait=2)
        assert seen.errors.keys() == {field}, values
        assert words in seen.errors[field]
        assert seen.view, "the form stays open, with what was typed"
    assert await waivers(stage) == []
    assert (
        await stage.slack.submit({"rules": [KEY], "reason": WHY}, user="maya", wait=2)
    ).is_closed
    assert len(await waivers(stage)) == 1


async def test_what_applies_to_a_scene_is_told_with_level_source_and_place(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    await stage.open_scene()
    nothing = shown_to(await said(stage, "rules SC010"))
    assert "Nothing beyond what the scene itself says." in nothing
    assert "scene_override" not in nothing

    await said(stage, "sequence SQ010", user="lin")
    intent = {"title": "The way home", "feeling": "relief", "visual_rules": "No <b> lamps"}
    assert (await stage.slack.submit(intent, user="lin", wait=2)).is_closed
    await written(stage, CLIENTS)
    shown = shown_to(await said(stage, "rules SC010"))
    assert "*Audience should feel:* relief  _SQ010_" in shown
    assert "No &lt;b&gt; lamps" in shown
    assert f":no_entry: *Rights:* {FACE}  _at export; the production; source: release L3_" in shown
    assert "_at review, client and export; the production; source: contract 7_" in shown
    assert ":no_entry: *Smoking:* Nobody smokes here" in shown


async def test_the_longest_rules_still_fit_into_what_slack_takes(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    card, *_ = await circled(stage, "Rooftop opener")
    long = [f"{number} <!channel> & _{'so ' * 150}end_" for number in range(14)]
    rules = [
        f'  - {{kind: rights, text: "{each}", source: "{each}", effect: block}}\n' for each in long
    ]
    await written(stage, f"constraints:\n{''.join(rules)}")
    told = whispers(await said(stage, "export SC010", user="lin"))
    assert "&lt;!channel&gt;" in told
    assert "<!channel>" not in told
    assert "So do 11 more. `/scene rules SC010` shows them." in told

    form = await opened(stage)
    assert "4 more block it" in form_of(form)
    assert "<!channel>" not in form_of(form).split('"checkboxes"')[0]
    keys = [key_of(ConstraintKind.RIGHTS, each) for each in long]
    assert (await overridden(stage, rules=keys[:10])).is_closed
    assert (await overridden(stage, rules=keys[10:], reason="x" * 1000)).is_closed
    assert len(await waivers(stage)) == 14
    answer = await said(stage, "rules SC010")
    assert "scene_override" not in shown_to(answer)
    assert "There is more than a message holds" in shown_to(answer)
    assert ":unlock: Overridden" in now(stage, card)


async def test_an_order_from_before_its_shot_was_written_down_is_told_without_one(
    quick_stage: Stage,
) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    take, _ = await posted_take(stage, await stage.open_scene())
    async with stage.studio.db.begin() as session:
        await log.record(
            session, "take.ordered", workspace_id=WORKSPACE, actor=None, at=stage.studio.clock(),
            about=log.about_take(take), facts={"number": 1, "engine": "animatic"},
        )  # fmt: skip
    told = shown_to(await said(stage, "log SC010"))
    assert "ordered T1 from animatic" in told
    assert "?" not in told


async def test_every_template_leaves_an_order_form_that_slack_takes(quick_stage: Stage) -> None:
    stage = quick_stage
    await stage.set_up(client=False)
    card = await stage.open_scene()
    for body in templates().values():
        await written(stage, body)
        assert "SC010 SH010" in form_of(await order_form(stage, card))
        await stage.slack.close(user="lin", clear=True)
