"""What an order works from: references and earlier takes, looked up by what somebody chose."""

from dataclasses import replace

from bot.errors import BadForm
from bot.fitting import Order, Pick
from bot.materials import own_job
from engines import RefKind, RefRole
from storage.files import Files
from storage.models import Reference, ReferenceStatus, Take

_BARRED = frozenset({ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED})
_TAKE = "take:"


def usable(references: list[Reference]) -> list[Reference]:
    """Give the references an order may use: fetched, sound, and neither restricted nor retired."""
    return [each for each in references if each.sha256 and each.status not in _BARRED]


def workable(take: Take) -> bool:
    """Whether a take's file can be worked from: it came, and turned out to be what was ordered."""
    return take.sha256 is not None and take.ready_at is not None


def picked(order: Order, references: list[Reference], *, made: list[Take]) -> tuple[Pick, ...]:
    """Find what an order works from among a scene's references and the takes that were made of it.

    Raises BadForm for what is not there or may not be used.
    """
    known = {each.id: each for each in usable(references)}
    at_hand = {each.id: each for each in made if workable(each)}
    singles = ((RefRole.SOURCE, order.source), (RefRole.FIRST, order.first),
               (RefRole.LAST, order.last))  # fmt: skip
    chosen = [(role, key) for role, key in singles if key]
    in_frames = {key for _, key in chosen}
    others = [key for key in known if key not in in_frames]
    wanted = others if order.references is None else list(order.references)
    chosen += [(RefRole.REFERENCE, key) for key in wanted]
    found = (_pick(role, key, known, at_hand) for role, key in chosen)
    return tuple(_own(pick, at_hand, order.engine) for pick in found)


def _pick(role: RefRole, key: str, known: dict[str, Reference], made: dict[str, Take]) -> Pick:
    if key.startswith(_TAKE):
        take = made.get(key.removeprefix(_TAKE))
        if take is None:
            raise BadForm({FIELDS[role]: "This take is not here, or has no file to work from."})
        return _of_take(role, take)
    reference = known.get(key)
    if reference is None:
        raise BadForm({FIELDS[role]: "This reference may not be used, or is not fetched yet."})
    return _of_reference(role, reference)


def _of_take(role: RefRole, take: Take) -> Pick:
    kind = RefKind.IMAGE if take.still else RefKind.VIDEO
    return Pick(
        role,
        take.id,
        take.code,
        take.sha256 or "",
        kind=kind,
        is_take=True,
        seconds=None if take.still else take.seconds,
    )


def _own(pick: Pick, made: dict[str, Take], engine: str) -> Pick:
    """Name the engine's own job, where a take is worked on by the engine that made it."""
    take = made.get(pick.id) if pick.is_take else None
    return replace(pick, job=own_job(take, engine)) if take else pick


def _of_reference(role: RefRole, reference: Reference) -> Pick:
    name = reference.title.rpartition(".")[0] or reference.title or "a reference"
    return Pick(role, reference.id, name, reference.sha256 or "", version=reference.version)


FIELDS = {
    RefRole.SOURCE: "source",
    RefRole.FIRST: "first",
    RefRole.LAST: "last",
    RefRole.REFERENCE: "references",
}
"""Where in an order's form somebody chooses what it works from."""


async def weighed(files: Files, orders: list[tuple[Pick, ...]]) -> list[tuple[Pick, ...]]:
    """Look how large each order's picks are, and whether engines could fetch them.

    May ask the network, once for each file however many orders work from it.
    """
    hashes = dict.fromkeys(pick.sha256 for picks in orders for pick in picks)
    sizes = {sha256: await files.size_of(sha256) for sha256 in hashes}
    can_sign = files.gives_addresses
    return [
        tuple(replace(pick, size=sizes[pick.sha256], is_reachable=can_sign) for pick in picks)
        for picks in orders
    ]
