"""What an order works from: references and earlier takes, looked up by what somebody chose."""

from dataclasses import dataclass, replace

from bot.errors import BadForm
from bot.fitting import Order, Pick
from bot.governed import Governed, keyed, named, why_not
from bot.materials import own_job
from engines import RefKind, RefRole
from storage.files import Files
from storage.models import ReferenceFile, Take

_TAKE = "take:"
GONE = "This reference is not here any more. Choose another."


def workable(take: Take) -> bool:
    """Whether a take's file can be worked from: it came, and turned out to be what was ordered."""
    return take.sha256 is not None and take.ready_at is not None


@dataclass(frozen=True)
class _AtHand:
    """What an order can choose from, by what forms call it."""

    pictures: dict[str, tuple[Governed, ReferenceFile]]
    members: dict[str, Governed]
    takes: dict[str, Take]


def picked(order: Order, members: list[Governed], *, made: list[Take]) -> tuple[Pick, ...]:
    """Find what an order works from among a scene's references and the takes that were made of it.

    Where it names no references, every one that may be used goes along by its leading picture.
    Raises BadForm for what is not there or may not be used.
    """
    usable = [each for each in members if each.is_usable]
    pictures = {key: (each, file) for each in usable for key, file in keyed(each).items()}
    at_hand = {each.id: each for each in made if workable(each)}
    singles = ((RefRole.SOURCE, order.source), (RefRole.FIRST, order.first),
               (RefRole.LAST, order.last))  # fmt: skip
    chosen = [(role, key) for role, key in singles if key]
    in_frames = {key for _, key in chosen}
    others = [each.reference.id for each in usable if each.reference.id not in in_frames]
    wanted = others if order.references is None else list(order.references)
    chosen += [(RefRole.REFERENCE, key) for key in wanted]
    known = _AtHand(pictures, {each.reference.id: each for each in members}, at_hand)
    found = (_pick(role, key, known) for role, key in chosen)
    return tuple(_own(pick, at_hand, order.engine) for pick in found)


def _pick(role: RefRole, key: str, known: _AtHand) -> Pick:
    if key.startswith(_TAKE):
        take = known.takes.get(key.removeprefix(_TAKE))
        if take is None:
            raise BadForm({FIELDS[role]: "This take is not here, or has no file to work from."})
        return _of_take(role, take)
    if key in known.pictures:
        return _of_reference(role, *known.pictures[key])
    member = known.members.get(reference_in(key))
    raise BadForm({FIELDS[role]: why_not(member) if member else GONE})


def key_of(pick: Pick) -> str:
    """Give what a form calls a pick."""
    if pick.is_take:
        return f"{_TAKE}{pick.id}"
    return f"{pick.id}:{pick.part}" if pick.part else pick.id


def reference_in(key: str) -> str:
    """Give the reference that a form's choice is a picture of; empty for a take."""
    return "" if key.startswith(_TAKE) else key.partition(":")[0]


def references_in(order: Order) -> set[str]:
    """Give the references that an order names, by id."""
    keys = (order.source, order.first, order.last, *(order.references or ()))
    return {found for key in keys if (found := reference_in(key))}


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


def _of_reference(role: RefRole, member: Governed, file: ReferenceFile) -> Pick:
    reference = member.reference
    part = 0 if file is member.pictures[0] else file.position
    return Pick(
        role,
        reference.id,
        named(reference),
        file.sha256 or "",
        version=member.asset.version.number,
        part=part,
    )


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
