"""Cast a reference in a scene, or take it out; takes keep what they were made after."""

from bot import board, log
from bot.crew import Power, must
from bot.errors import NotNow
from bot.governed import named
from bot.people import Actor
from bot.reference_records import held
from bot.studio import Studio
from storage import castings, deliveries
from storage.models import Reference, ReferenceStatus, Scene


async def cast(
    studio: Studio, actor: Actor, reference: Reference, scene: Scene, *, key: str
) -> None:
    """Make a scene after a reference of its production. Raises NotAllowed or NotNow."""
    await _moved(studio, actor, reference, scene, is_in=True, key=key)


async def uncast(
    studio: Studio, actor: Actor, reference: Reference, scene: Scene, *, key: str
) -> None:
    """Make a scene without a reference. Raises NotAllowed or NotNow."""
    await _moved(studio, actor, reference, scene, is_in=False, key=key)


async def _moved(
    studio: Studio, actor: Actor, reference: Reference, scene: Scene, *, is_in: bool, key: str
) -> None:
    now = studio.clock()
    async with studio.db.begin() as session:
        reference, production = await held(session, actor, reference.id)
        await must(session, Power.REFERENCE, actor, production=production)
        if not await deliveries.claim(session, actor.workspace_id, key, at=now):
            return
        if reference.production_id != scene.production_id:
            raise NotNow(f"{reference.code} is not of {scene.code}'s production.")
        if is_in and reference.status is ReferenceStatus.RETIRED:
            raise NotNow(f"{named(reference)} is retired. Choose another reference.")
        move = castings.cast if is_in else castings.uncast
        if not await move(session, scene, reference.id):
            raise NotNow(f"{reference.code} is {'already' if is_in else 'not'} in {scene.code}.")
        await board.redraw_reference(session, reference, [scene], at=now)
        await log.record(
            session, "reference.cast" if is_in else "reference.uncast", actor=actor, at=now,
            workspace_id=scene.workspace_id, about=log.about_scene(scene),
            facts={"reference": reference.id, "code": reference.code},
        )  # fmt: skip
    studio.bell.ring()
