"""References with their rights: what may be ordered with, and what may not and why."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.rights import Clearance, Standing, standing_of, today_of
from storage import Session, references, rights
from storage.models import FileForm, Production, Reference, ReferenceFile, Scene
from storage.references import Asset


@dataclass(frozen=True)
class Governed:
    """A reference as it stands today."""

    asset: Asset
    standing: Standing

    @property
    def reference(self) -> Reference:
        """The reference itself."""
        return self.asset.reference

    @property
    def pictures(self) -> list[ReferenceFile]:
        """The pictures of its version that engines could be given, the leading one first."""
        return [each for each in self.asset.files if each.form is FileForm.PICTURE and each.sha256]

    @property
    def is_coming(self) -> bool:
        """Whether a file of it is still being fetched."""
        return any(not each.sha256 and not each.problem for each in self.asset.files)

    @property
    def is_usable(self) -> bool:
        """Whether an order may use it: approved, its rights in order, and a picture at hand."""
        return self.standing.is_in_order and bool(self.pictures)


async def governed(
    session: Session, production: Production, assets: Iterable[Asset], *, at: datetime
) -> list[Governed]:
    """Rule on references of a production as its rights are on that day."""
    held = list(assets)
    ids = [each.reference.id for each in held]
    releases = await rights.covering(session, production.workspace_id, ids)
    today = today_of(production, at)
    return [
        Governed(each, standing_of(each.reference, releases.get(each.reference.id, []), today))
        for each in held
    ]


async def cast_of(
    session: Session,
    production: Production,
    scene: Scene,
    *,
    at: datetime,
    also: Collection[str] = (),
) -> list[Governed]:
    """Give the references that a scene is made after, and others of its production by their ids."""
    cast = await references.cast_in(session, scene)
    known = {each.reference.id for each in cast}
    wanted = [each for each in also if each not in known]
    others = await references.assets(session, scene.workspace_id, wanted) if wanted else []
    own = [each for each in others if each.reference.production_id == production.id]
    return await governed(session, production, [*cast, *own], at=at)


def named(reference: Reference) -> str:
    """Name a reference by what people called it, without the ending of a file."""
    title = reference.title.strip()
    stem, dot, ending = title.rpartition(".")
    is_file = dot and stem and len(ending) <= _LONGEST_ENDING and " " not in ending
    return (stem if is_file else title) or f"{reference.kind.value} {reference.code}"


_LONGEST_ENDING = 4


def keyed(member: Governed) -> dict[str, ReferenceFile]:
    """Give a reference's pictures by what forms and orders call them: the leading one by its id."""
    lead, *others = [*member.pictures, None]
    own = {member.reference.id: lead} if lead else {}
    return own | {
        f"{member.reference.id}:{each.position}": each for each in others if each is not None
    }


def offered(members: Iterable[Governed]) -> Iterator[tuple[str, str]]:
    """Give each picture that may be ordered with, as people read it and by its key."""
    for member in members:
        if member.is_usable:
            for count, key in enumerate(keyed(member), start=1):
                part = f" · {count}" if count > 1 else ""
                yield f"{named(member.reference)}{part}", key


def why_not(member: Governed) -> str:
    """Say in a sentence why a reference cannot be ordered with, and who acts next."""
    name, standing = named(member.reference), member.standing
    code = standing.release.code if standing.release else ""
    told = _COMING if standing.is_in_order and member.is_coming else _WHY[standing.clearance]
    return told.format(name=name, code=code)


_COMING = "{name} is still being fetched. Wait a moment."
_WHY = {
    Clearance.IN_ORDER: "{name} has no picture that can be used. Add a version with one.",
    Clearance.PROPOSED: "{name} is proposed only: a producer or director approves it first.",
    Clearance.RESTRICTED: "{name} is restricted. Ask a producer, or choose another reference.",
    Clearance.RETIRED: "{name} is retired. Choose another reference.",
    Clearance.MISSING: "{name} needs a release, and has none: `/scene rights` records one.",
    Clearance.NOT_BEGUN: "The term of {code} for {name} has not begun. `/scene rights` shows it.",
    Clearance.EXPIRED: "{code} for {name} has expired. `/scene rights` renews it.",
    Clearance.REVOKED: "{code} for {name} was revoked. Choose another reference.",
}
