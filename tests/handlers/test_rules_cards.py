"""Rules and sequences as Slack would take them, however much there is of them."""

import json
from datetime import UTC, datetime

from bot.constraint_lines import Surface, read
from bot.gates import for_client
from bot.intent import Ground, Told
from bot.prohibited import ProhibitedRoute
from bot.rulebook import EMPTY, PRODUCTION, read_rules
from bot.rules import Book
from bot.rules_words import counted
from bot.sequences import Listed, SequenceForm, Standing
from handlers.cards._parts import Json
from handlers.cards.rules import applying, editions_card, for_clients, rules_card
from handlers.cards.sequence import sequences_card
from handlers.views import rules_form, sequence_form
from storage.models import Production, RuleBook, Scene, Sequence
from tests.workspace.blocks import checked_message_blocks, checked_view

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WORDY = "x & <y> _z_ " * 60
LINES = """[block at export] Rights: no face of Mira (source: release L3)
[ask] Safety: the stunt is cleared
Brand: the zip is closed
[inform at client, export] Disclosure: the film says that it is generated (source: contract 7)"""


def production() -> Production:
    return Production(
        workspace_id="T1", name="Aurora <launch>", channel_id="C1", opened_by="U1", opened_at=AT
    )


def book(body: str) -> Book:
    edition = RuleBook(
        workspace_id="T1", production_id="P1", number=3, body=body, sha256="a" * 64,
        made_by="U1", made_at=AT, template="commercial",
    )  # fmt: skip
    return Book(production(), edition, read_rules(body), 3, may_change=True)


def ground() -> Ground:
    nobody, found = Told(), read(LINES, "SQ010")[0]
    return Ground(
        code="SC010",
        purpose=Told("One look.", "SC010"),
        change=nobody,
        feeling=Told("relief", PRODUCTION),
        must_carry=Told("the jacket", "SQ010"),
        must_not_show=Told("other brands", "SC010"),
        visual_rules=nobody,
        story_job=nobody,
        constraints=tuple(found),
        prohibited=(ProhibitedRoute("smoking", ("smoke",), text="Nobody smokes."),),
    )


def words(blocks: list[Json]) -> str:
    return json.dumps(blocks, ensure_ascii=False)


def test_the_longest_rule_book_is_a_card_and_a_form_that_slack_takes() -> None:
    rule = f"  - {{kind: rights, text: '{WORDY}', source: '{WORDY}'}}\n"
    body = "constraints:\n" + rule * (63 * 1024 // len(rule))
    card = rules_card(book(body))
    assert checked_message_blocks(card, [])
    assert words(card).count("&lt;y&gt;") > 40
    assert "There is more than a message holds" in words(card)
    assert checked_view(rules_form.filled(book(body), "C1"), [])
    assert checked_view(rules_form.filled(book("name: Short"), "C1", template="trailer"), [])


def test_what_applies_is_at_most_two_small_blocks_the_weightiest_first() -> None:
    order = applying(ground(), Surface.ORDER)
    assert len(order) == 1
    told = words(order)
    assert told.index("the stunt is cleared") < told.index("the zip is closed")
    assert "no face of Mira" not in told
    export = words(applying(ground(), Surface.EXPORT))
    assert ":no_entry: Rights: no face of Mira (SQ010)" in export
    everywhere = words(applying(ground(), None))
    assert "Audience should feel, as the production says: relief" in everywhere
    assert "Must carry, as SQ010 says: the jacket" in everywhere
    assert "other brands" not in everywhere, "what the scene says itself is shown as its own"
    assert all(each.text in everywhere for each in ground().constraints)


def test_a_rule_that_a_producer_overrode_says_so() -> None:
    [face, *_] = ground().constraints
    told = words(applying(ground(), Surface.EXPORT, waived={face.key}))
    assert ":unlock: Overridden: Rights: no face of Mira" in told
    assert ":no_entry:" not in told


def test_the_client_is_shown_what_names_the_client_and_not_where_it_comes_from() -> None:
    [block] = for_clients(for_client(ground()))
    told = words([block])
    assert "the film says that it is generated" in told
    for kept in ("contract 7", "SQ010", "Mira", "stunt", "jacket", "relief"):
        assert kept not in told


def test_a_hundred_editions_and_a_hundred_sequences_are_what_slack_takes() -> None:
    known = book("name: One")
    assert known.edition
    counts = counted(EMPTY, read_rules("constraints: {kind: brand, text: The zip is closed.}"))
    assert checked_message_blocks(editions_card([(known.edition, counts)] * 20), [])
    rows = [a_row(number) for number in range(10, 2000, 10)]
    assert checked_message_blocks(sequences_card(production(), rows), [])
    others = [each.sequence for each in rows]
    form = SequenceForm(title="One", inherits=others[0].code)
    view = checked_view(sequence_form.filled(Standing(form, "SQ000", others), "C1"), [])
    [menu] = [each for each in view["blocks"] if each.get("block_id") == "inherits"]
    assert menu["element"]["initial_option"]["value"] == "SQ010"


def a_row(number: int) -> Listed:
    sequence = Sequence(
        id=str(number), workspace_id="T1", production_id="P1", number=number, title=WORDY[:150],
        story_job=WORDY * 4,
    )  # fmt: skip
    scenes = [
        Scene(
            workspace_id="T1", production_id="P1", sequence_id=sequence.id, number=each, title="",
            channel_id="C1", opened_by="U1", opened_at=AT,
        )
        for each in range(10, 500, 10)
    ]  # fmt: skip
    return Listed(sequence, "SQ010", scenes)
