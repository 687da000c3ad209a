"""What another workspace might ask of the queries about scenes, takes, cards and the log."""

# One table of calls, in which not every call needs all that is known.
# ruff: noqa: ARG005
import inspect
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from storage import (
    Session,
    bake_offs,
    cards,
    deliveries,
    digests,
    drafts,
    log,
    outages,
    people,
    productions,
    scenes,
    spending,
    subscriptions,
    takes,
)
from storage.models import CardKind, Entry, Role, TakeState
from tests.storage._world import NOW, SPAN, THEIRS, Call, World, a_decision, an_entry, forged

CALLS: dict[str, Call] = {
    "bake_offs.get": lambda s, w: bake_offs.get(s, THEIRS, w.bake_off.id),
    "bake_offs.takes_of": lambda s, w: bake_offs.takes_of(s, w.bake_off),
    "bake_offs.want_sheet": lambda s, w: bake_offs.want_sheet(
        s, forged(w.take, bake_off_id=w.bake_off.id), at=NOW
    ),
    "bake_offs.claim": lambda s, w: bake_offs.claim(s, w.bake_off, until=NOW),
    "bake_offs.keep_sheet": lambda s, w: bake_offs.keep_sheet(s, w.bake_off, "0" * 64),
    "bake_offs.keep_file": lambda s, w: bake_offs.keep_file(s, w.bake_off, "F0OTHER"),
    "outages.begin": lambda s, w: outages.begin(s, w.take, why="theirs", at=NOW),
    "outages.standing": lambda s, w: outages.standing(s, w.take),
    "outages.end": lambda s, w: outages.end(s, w.outage, at=NOW),
    "spending.committed": lambda s, w: spending.committed(s, w.production),
    "spending.account": lambda s, w: spending.account(s, w.production),
    "spending.unpriced": lambda s, w: spending.unpriced(s, w.production, first=9),
    "spending.scenes_of": lambda s, w: spending.scenes_of(s, w.production, {w.scene.id}),
    "cards.want": lambda s, w: cards.want(s, w.card),
    "cards.redraw": lambda s, w: cards.redraw(s, THEIRS, at=NOW, **_redrawn(w)),
    "cards.line": lambda s, w: cards.line(s, THEIRS, "told", channel_id="C0", at=NOW),
    "cards.take_up": lambda s, w: cards.take_up(s, w.card, at=NOW, lease=timedelta(1)),
    "cards.hold": lambda s, w: cards.hold(s, w.card, until=NOW + timedelta(1)),
    "cards.in_its_thread": lambda s, w: cards.in_its_thread(
        s, forged(w.card, thread_card_id=w.card.id)
    ),
    "cards.keep_file": lambda s, w: cards.keep_file(s, w.card, "F0OTHER"),
    "cards.settle": lambda s, w: cards.settle(s, w.card, message_ts="9.9", shown=9, at=NOW),
    "cards.put_off": lambda s, w: cards.put_off(s, w.card, until=NOW + timedelta(1)),
    "cards.give_up": lambda s, w: cards.give_up(s, w.card, "why"),
    "cards.get": lambda s, w: cards.get(s, THEIRS, w.card.id),
    "cards.of_subject": lambda s, w: cards.of_subject(s, THEIRS, CardKind.TAKE, w.take.id),
    "cards.of_message": lambda s, w: cards.of_message(s, THEIRS, w.card.channel_id, w.message_ts),
    "cards.of_file": lambda s, w: cards.of_file(s, THEIRS, w.file_id, channel_id=w.card.channel_id),
    "cards.unplaced": lambda s, w: cards.unplaced(s, THEIRS, w.card.channel_id, newest=9),
    "cards.place": lambda s, w: cards.place(s, w.card, "9.9"),
    "deliveries.claim": lambda s, w: deliveries.claim(s, THEIRS, "one", at=NOW),
    "digests.counts": lambda s, w: digests.counts(s, w.production, [SPAN]),
    "digests.medians": lambda s, w: digests.medians(s, w.production, [SPAN]),
    "digests.families": lambda s, w: digests.families(s, w.production, SPAN),
    "digests.waiting": lambda s, w: digests.waiting(s, w.production, first=9),
    "drafts.keep": lambda s, w: _done(drafts.keep(s, THEIRS, {}, at=NOW)),
    "drafts.get": lambda s, w: drafts.get(s, THEIRS, w.draft_id),
    "log.lock_head": lambda s, w: _number(log.lock_head(s, THEIRS, user_id=w.user_id)),
    "log.append": lambda s, w: log.append(s, an_entry(THEIRS, w.scene)),
    "log.head_of": lambda s, w: log.head_of(s, THEIRS),
    "log.of_scene": lambda s, w: log.of_scene(s, THEIRS, w.scene.id, last=9),
    "log.whole": lambda s, w: _pages(s),
    "people.find": lambda s, w: people.find(s, THEIRS, w.user_id),
    "people.known": lambda s, w: _done(people.known(s, THEIRS, w.user_id, team_id=THEIRS)),
    "people.named": lambda s, w: people.named(s, THEIRS),
    "productions.get": lambda s, w: productions.get(s, THEIRS, w.production.id),
    "productions.in_channel": lambda s, w: productions.in_channel(
        s, THEIRS, w.production.channel_id
    ),
    "productions.every": lambda s, w: productions.every(s, THEIRS),
    "productions.crew": lambda s, w: productions.crew(s, w.production),
    "productions.cast": lambda s, w: productions.cast(s, w.production, Role.OWNER, set()),
    "scenes.get": lambda s, w: scenes.get(s, THEIRS, w.scene.id),
    "scenes.by_number": lambda s, w: scenes.by_number(s, w.production, 10),
    "scenes.of_thread": lambda s, w: scenes.of_thread(s, THEIRS, w.scene.channel_id, w.message_ts),
    "scenes.of_production": lambda s, w: scenes.of_production(s, w.production, last=9),
    "scenes.count": lambda s, w: scenes.count(s, w.production),
    "scenes.next_number": lambda s, w: scenes.next_number(s, w.production),
    "scenes.hold": lambda s, w: scenes.hold(s, w.production),
    "scenes.first_sequence": lambda s, w: scenes.first_sequence(s, w.production),
    "scenes.shots": lambda s, w: scenes.shots(s, w.scene),
    "scenes.shot": lambda s, w: scenes.shot(s, THEIRS, w.shot.id),
    "scenes.hold_shot": lambda s, w: scenes.hold_shot(s, THEIRS, w.shot.id),
    "scenes.change": lambda s, w: scenes.change(
        s, forged(w.scene, title="Theirs"), forged(w.shot, action="theirs")
    ),
    "scenes.plan": lambda s, w: scenes.plan(s, forged(w.shot, action="theirs")),
    "scenes.circle": lambda s, w: scenes.circle(s, w.shot, w.take.id),
    "scenes.start_thread": lambda s, w: scenes.start_thread(s, THEIRS, w.scene.id, "9.9"),
    "subscriptions.get": lambda s, w: subscriptions.get(s, THEIRS, w.subscription.id),
    "subscriptions.hold": lambda s, w: subscriptions.hold(s, THEIRS, w.subscription.id),
    "subscriptions.to_channel": lambda s, w: subscriptions.to_channel(
        s, w.production, w.subscription.channel_id
    ),
    "subscriptions.open_for": lambda s, w: subscriptions.open_for(
        s, w.production, w.subscription.channel_id, zone="UTC", at=NOW
    ),
    "takes.keep_setup": lambda s, w: _done(takes.keep_setup(s, forged(w.setup, id="new"))),
    "takes.setup_of": lambda s, w: takes.setup_of(s, w.take),
    "takes.get": lambda s, w: takes.get(s, THEIRS, w.take.id),
    "takes.every": lambda s, w: takes.every(s, THEIRS),
    "takes.of_scene": lambda s, w: takes.of_scene(s, w.scene),
    "takes.move": lambda s, w: takes.move(s, w.take, TakeState.APPROVED),
    "takes.case": lambda s, w: takes.case(s, THEIRS, w.take.id, user_id=w.user_id),
    "takes.keep_decision": lambda s, w: takes.keep_decision(s, a_decision(w.take)),
    "takes.keep_poster": lambda s, w: takes.keep_poster(s, w.take, "F0OTHER"),
    "takes.keep_sheet": lambda s, w: takes.keep_sheet(s, w.take, "F0OTHER"),
    "takes.decisions": lambda s, w: takes.decisions(s, w.take),
    "takes.same_bytes": lambda s, w: takes.same_bytes(
        s, forged(w.take, id="other"), w.take.sha256 or ""
    ),
    "takes.mentioning": lambda s, w: takes.mentioning(s, forged(w.take, id="other"), ""),
    "takes.note_progress": lambda s, w: takes.note_progress(s, [takes.Moved(w.take, 50)]),
    "takes.waiting": lambda s, w: takes.waiting(s, w.production, first=9),
}


NOTHING: dict[str, object] = {
    "digests.counts": [digests.Count()],
    "digests.families": {},
    "digests.medians": [None],
    "digests.waiting": ([], 0),
    "people.named": {},
    "productions.crew": {},
    "spending.account": [],
    "spending.committed": 0,
    "spending.scenes_of": {},
    "scenes.circle": None,
    "scenes.count": 0,
    "scenes.next_number": 10,
    "takes.case": None,
}
"""What is no record, and yet would tell of ours."""


def _redrawn(world: World) -> dict[str, Any]:
    wanted = inspect.signature(cards.redraw).parameters
    known = {"kind": CardKind.TAKE, "kinds": (CardKind.TAKE,)}
    known |= {"subject_id": world.take.id, "subject_ids": (world.take.id,)}
    return {name: value for name, value in known.items() if name in wanted}


async def _done(work: Awaitable[object]) -> str:
    await work
    return "done"


async def _number(work: Awaitable[log.Head]) -> tuple[int, str | None]:
    head = await work
    return head.seq, head.pseudonym


async def _pages(session: Session) -> list[list[Entry]]:
    return [page async for page in log.whole(session, THEIRS)]
