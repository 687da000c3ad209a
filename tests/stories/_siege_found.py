"""Count what came of many orders: what was lost, what was doubled, what is a person's to settle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage import Database, takes
from storage.files import sha256_of
from storage.models import Card, CardKind, Entry, Take, TakeState
from tests.sandbox import Ledger, Placed
from tests.stage import TEAM, WORKSPACE
from tests.stories import _once as once
from tests.stories._power import Power

_LOGGED = {
    TakeState.WAITING: Counter(("take.ordered", "take.kept", "take.shown")),
    TakeState.AMBIGUOUS: Counter(("take.ordered", "take.ambiguous")),
}
_SHOWN = {
    TakeState.WAITING: Counter((CardKind.TAKE, CardKind.VIDEO)),
    TakeState.AMBIGUOUS: Counter((CardKind.TAKE,)),
}
_STOPPED, _LOST = "The app stopped", "its answer was lost"


@dataclass(frozen=True)
class Found:
    """What stands in the records, in Slack and in the vendors' ledger when all is at rest."""

    takes: list[Take]
    prompts: dict[str, str]
    """What was asked for, by take."""
    ledger: list[Placed]
    entries: list[Entry]
    cards: list[Card]
    posts: Counter[str]
    """How many messages stand in Slack for each card."""
    files: Path

    def placed(self, take: Take) -> list[Placed]:
        """Give the creates that a vendor accepted for a take."""
        return [row for row in self.ledger if self.prompts[take.id] in row.order.prompt]

    def ended(self, state: TakeState) -> list[Take]:
        """Give the takes in a state."""
        return [take for take in self.takes if take.state is state]

    def lost(self, made: Sequence[str]) -> list[str]:
        """Name what somebody saw ordered, or a vendor accepted, and that no take tells of."""
        known = set(self.prompts.values())
        unknown = [row for row in self.ledger if not any(p in row.order.prompt for p in known)]
        gone = [prompt for prompt in made if prompt not in known]
        return [*gone, *(row.job_id for row in unknown), *self._without_film()]

    def _without_film(self) -> Iterator[str]:
        """Name takes that are at rest with neither a whole film nor a question to a person."""
        for take in self.takes:
            if take.state is TakeState.AMBIGUOUS:
                continue
            is_whole = take.state is TakeState.WAITING and self._is_kept(take.sha256)
            if not is_whole or len(self.placed(take)) != 1:
                yield f"{take.id} {take.state} {take.problem}"

    def _is_kept(self, sha256: str | None) -> bool:
        return bool(sha256) and any(
            sha256_of(path) == sha256 for path in self.files.rglob(sha256 or "") if path.is_file()
        )

    def placed_twice(self) -> list[str]:
        """Name what a vendor accepted more than once."""
        counted = Counter(row.order.prompt for row in self.ledger)
        return [prompt for prompt, times in counted.items() if times > 1]

    def made_twice(self) -> list[str]:
        """Name prompts that are more than one take: one form was sent once."""
        return [text for text, times in Counter(self.prompts.values()).items() if times > 1]

    def doubled(self) -> list[str]:
        """Name messages, cards, files and entries that are there more often than once."""
        return [
            *(f"card {card} posted {times}x" for card, times in self.posts.items() if times > 1),
            *(f"{take.id}: {wrong}" for take in self.takes for wrong in self._not_once(take)),
            *(f"file {sha}" for sha, times in self._originals().items() if times > 1),
        ]

    def _not_once(self, take: Take) -> Iterator[str]:
        logged = Counter(each.kind for each in self.entries if each.take_id == take.id)
        shown = Counter(each.kind for each in self.cards if each.subject_id == take.id)
        if logged != _LOGGED.get(take.state):
            yield f"log {dict(logged)}"
        if shown != _SHOWN.get(take.state):
            yield f"cards {dict(shown)}"

    def _originals(self) -> Counter[str]:
        return Counter(take.sha256 for take in self.takes if take.sha256)

    def unexplained(self) -> list[str]:
        """Name takes left to a person that were repeatable, had a ticket, or tell no reason."""
        return [
            f"{take.id} {take.engine} {take.problem}"
            for take in self.ended(TakeState.AMBIGUOUS)
            if take.handle or take.engine == "comfyui" or self.reason(take) is None
        ]

    def reason(self, take: Take) -> str | None:
        """Say why a take was left to a person: its app was killed, or the vendor hung up."""
        return next((why for why in (_STOPPED, _LOST) if why in take.problem), None)

    def by_reason(self) -> Counter[tuple[str | None, int]]:
        """Count what was left to a person, by reason and by how often it had been placed."""
        return Counter(
            (self.reason(take), len(self.placed(take))) for take in self.ended(TakeState.AMBIGUOUS)
        )


async def found(power: Power, db: Database, ledger: Ledger, *, files: Path) -> Found:
    """Read everything; raises if the log's chain is broken or Slack shows what nobody knows of."""
    async with db.read() as session:
        made = await takes.every(session, WORKSPACE)
        prompts = {
            take.id: str((await takes.setup_of(session, take)).content()["prompt"]) for take in made
        }
    cards = await once.every_card(db)
    once.posted_once(power, cards)
    return Found(
        takes=made,
        prompts=prompts,
        ledger=list(ledger),
        entries=await once.intact_log(db),
        cards=cards,
        posts=_posts(power),
        files=files,
    )


def _posts(power: Power) -> Counter[str]:
    marks = [message.metadata for message in power.messages(TEAM) if message.metadata]
    return Counter(str(mark["event_payload"]["card"]) for mark in marks)
