"""Steps that whatever happens to a reference has in common: hold it, show it, tell it, log it."""

from collections.abc import Sequence
from datetime import datetime

from bot import board, log
from bot.errors import NotNow
from bot.governed import named
from bot.mrkdwn import escaped
from bot.people import Actor
from storage import Session, cards, castings, productions, references
from storage.models import CardKind, Production, Reference, Scene

GONE = "This reference is not in our records any more."
_OWN_CARDS = 3
"""Of what is proposed at once: more than these share one card."""


async def held(session: Session, actor: Actor, reference_id: str) -> tuple[Reference, Production]:
    """Hold a reference for changing it; give its production too. Raises NotNow if it is gone."""
    if await references.get(session, actor.workspace_id, reference_id) is None:
        raise NotNow(GONE)
    reference = await references.hold(session, actor.workspace_id, reference_id)
    production = await productions.get(session, actor.workspace_id, reference.production_id)
    return reference, production


async def show(
    session: Session, production: Production, reference: Reference, *, at: datetime
) -> None:
    """Ask for a reference's card, or for the one that it shares with what came with it."""
    cast = await castings.scenes_of(session, reference)
    scene = cast[0] if cast else None
    own = await cards.of_subject(session, reference.workspace_id, CardKind.REFERENCE, reference.id)
    if own is None and await references.proposed_with(session, reference) > _OWN_CARDS:
        subject_id = scene.id if scene else production.id
    else:
        subject_id = reference.id
    await board.show_reference(session, production, scene, subject_id, at=at)


async def tell(
    session: Session, production: Production, cast: Sequence[Scene], text: str, *, at: datetime
) -> None:
    """Say one sentence in the thread of the first scene it is cast in, else in the channel."""
    if cast:
        await board.tell_thread(session, cast[0], text, at=at)
    else:
        await board.tell_channel(session, production, text, at=at)


def told_name(reference: Reference) -> str:
    """Name a reference in a sentence of ours: `R4 · Mira`, safe to post."""
    return f"{reference.code} · {escaped(named(reference))}"


async def record(
    session: Session,
    kind: str,
    reference: Reference,
    *,
    actor: Actor | None,
    at: datetime,
    scene: Scene | None = None,
    **facts: object,
) -> None:
    """Log what happened to a reference with the hashes of its newest version's files.

    Locks the log, so nothing may follow it in the transaction.
    """
    standing = await references.asset(session, reference)
    hashes = [each.sha256 for each in standing.files if each.sha256]
    about = log.About(
        reference.production_id, scene.id if scene else None, sha256=next(iter(hashes), None)
    )
    told = {
        "reference": reference.id, "code": reference.code, "version": reference.version,
        "sha256s": hashes, **facts,
    }  # fmt: skip
    await log.record(
        session, kind, workspace_id=reference.workspace_id, actor=actor, at=at, about=about,
        facts=told,
    )  # fmt: skip
