"""Look after a power cut whether everything is there, and there once."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import psycopg
from sqlmodel import select

from bot.proof import Chain
from storage import Database, cards, log, scenes, takes
from storage.files import sha256_of
from storage.models import UNDER_WAY, Card, CardKind, Entry, Stage, Take, TakeState
from tests.stage import CLIENT, TEAM, WORKSPACE
from tests.stories._power import SECONDS, Power
from tests.workspace.records import Message

_OPENED = ("production.set_up", "scene.opened", "button.pressed", "take.ordered")
LOGGED: dict[TakeState, Counter[str]] = {
    TakeState.APPROVED: Counter(
        (*_OPENED, "take.kept", "take.shown", "take.approved", "take.approved")
    ),
    TakeState.AMBIGUOUS: Counter((*_OPENED, "take.ambiguous")),
}
SHOWN: dict[TakeState, Counter[CardKind]] = {
    TakeState.APPROVED: Counter(
        (CardKind.SCENE, CardKind.TAKE, CardKind.CLIENT_TAKE, CardKind.VIDEO, CardKind.VIDEO)
    ),
    TakeState.AMBIGUOUS: Counter((CardKind.SCENE, CardKind.TAKE, CardKind.LINE)),
}
_WORK = "SELECT workflow_uuid, status FROM {}workflow_status"


async def settled(power: Power, db: Database) -> None:
    """Wait until the app owes nothing: no work, no card, no place of a video."""
    owed: list[str] = []
    try:
        async with asyncio.timeout(SECONDS):
            with power.slack.state.following() as feed:
                while owed := await still_owed(power, db):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(feed.get(), 0.2)
    except TimeoutError:
        raise AssertionError(f"Still owed: {owed}\n{power.log()}") from None


async def reached(db: Database, state: TakeState) -> None:
    """Wait until the take is in a state."""
    async with asyncio.timeout(SECONDS):
        while True:
            async with db.read() as session:
                [take] = await takes.every(session, WORKSPACE)
            if take.state is state:
                return
            await asyncio.sleep(0.05)


async def still_owed(power: Power, db: Database) -> list[str]:
    """Name what the app owes: work, cards, places of videos."""
    async with db.read() as session:
        made = await takes.every(session, WORKSPACE)
        stale = await cards.count_due(session)
    shown = await every_card(db)
    return [
        *(f"{take.code} {take.state}" for take in made if take.state in UNDER_WAY),
        *(f"workflow {status}" for _, status in work(power) if status != "SUCCESS"),
        *(f"{card.kind} unplaced" for card in shown if card.message_ts is None),
        *["a stale card"] * stale,
    ]


def work(power: Power) -> list[tuple[str, str]]:
    """Give the durable work there ever was: whose it is, and how it stands."""
    if power.database_url.startswith("postgresql"):
        with psycopg.connect(power.database_url) as store:
            return [(row[0], row[1]) for row in store.execute(_WORK.format("dbos.").encode())]
    with sqlite3.connect(power.folder / "data" / "work.db") as store:
        return list(store.execute(_WORK.format("")))


async def every_card(db: Database) -> list[Card]:
    """Give every card that was ever wanted."""
    async with db.read() as session:
        return list((await session.exec(select(Card))).all())


async def the_take(db: Database) -> Take:
    """Give the take; there is one, it is the first, and its shot knows of no other."""
    async with db.read() as session:
        [take] = await takes.every(session, WORKSPACE)
        scene = await scenes.get(session, WORKSPACE, take.scene_id)
        [shot] = await scenes.shots(session, scene)
        decided = await takes.decisions(session, take)
    is_approved = take.state is TakeState.APPROVED
    assert (take.number, shot.takes_made) == (1, 1)
    assert shot.circle_take_id == (take.id if is_approved else None)
    assert [each.stage for each in decided] == ([Stage.TEAM, Stage.CLIENT] if is_approved else [])
    assert all(each.sha256 == take.sha256 for each in decided)
    return take


async def logged_once(power: Power, db: Database, take: Take) -> None:
    """Read the log: intact, and every entry there once.

    Whoever pressed again may be told, and logged, that it had been decided already.
    """
    kinds = Counter(each.kind for each in await intact_log(db))
    assert kinds.pop("press.refused", 0) <= power.repeated
    assert kinds == LOGGED[take.state], kinds


async def intact_log(db: Database) -> list[Entry]:
    """Read the whole log and follow its chain."""
    rows: list[Entry] = []
    async with db.read() as session:
        async for page in log.whole(session, WORKSPACE):
            rows += page
    chain = Chain(WORKSPACE)
    assert [chain.follow(each.seq, each.body, each.hash) for each in rows] == [None] * len(rows)
    return rows


async def shown_once(power: Power, db: Database, take: Take) -> None:
    """Compare what stands in Slack, message by message, with what was to be shown."""
    wanted = await every_card(db)
    assert Counter(card.kind for card in wanted) == SHOWN[take.state]
    posted_once(power, wanted)
    assert not power.offering("take_approve", TEAM)
    assert not power.offering("client_approve", CLIENT)


def posted_once(power: Power, wanted: Sequence[Card]) -> None:
    """Compare what stands in Slack with the cards there are, one by one."""
    assert not any(card.posting or card.stale or card.problem for card in wanted)
    said = [each for room in (TEAM, CLIENT) for each in power.messages(room) if each.bot_id]
    shown = sorted((each.channel_id, _subject(each), each.ts) for each in said)
    known = sorted(
        (card.channel_id, card.file_id or card.id, card.message_ts or "") for card in wanted
    )
    assert shown == known, f"Slack shows {shown}; we know of {known}."


def _subject(message: Message) -> str:
    if message.files:
        [file_id] = message.files
        return file_id
    mark = message.metadata or {}
    return str(mark.get("event_payload", {}).get("card"))


def kept_whole(power: Power, *made: Take) -> None:
    """Hash every kept file; nothing is missing, and nothing is left lying about."""
    data = power.folder / "data"
    named = {
        sha256
        for take in made
        for sha256 in (take.sha256, take.poster_sha256, take.sheet_sha256, take.proxy_sha256)
        if sha256
    }
    kept = {path.name: path for path in (data / "files").rglob("*") if path.is_file()}
    whole = {name for name in kept if "#" not in name}  # with a # it was never put in its place
    assert whole >= named, f"Missing: {named - whole}"
    assert all(sha256_of(kept[name]) == name for name in whole)
    for room in ("takes", "sending"):
        left = data / "work" / room
        assert not left.is_dir() or not list(left.iterdir()), f"Left behind in {left}"


def paid_for(power: Power) -> list[str]:
    """Read from the paid engine's own books what was ordered there."""
    ledger = power.folder / "ledger.txt"
    return ledger.read_text().split() if ledger.exists() else []


def drawn(power: Power) -> int:
    """Count the animatics that were ever ordered."""
    return len([*(power.folder / "data" / "work" / "animatic").glob("*/order.json")])
