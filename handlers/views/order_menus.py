"""What an order may work from: menus that list it, or in a large production are typed into."""

from collections.abc import Iterator

from bot.desks import Desk
from bot.governed import offered
from bot.picks import key_of
from bot.selection import coded, found
from bot.shots import called
from engines import RefRole
from handlers.cards._parts import Json
from handlers.house import House
from handlers.payloads import Suggestion
from handlers.views._inputs import Offer, choice, external, several, several_external
from handlers.views._order_fields import anew
from handlers.views._order_values import Meta
from storage import scenes

OFFERED = "order_offered"
_MOST = 100
"""What Slack takes in one menu."""
_PLACEHOLDER = "Type a name, or a code such as R12"


def from_what(desk: Desk) -> Iterator[Json]:
    """Offer references and takes for every slot that this kind of work has."""
    offer, order = desk.plan.offer, desk.plan.order
    needed = {slot.role for slot in offer.slots if slot.least}
    roles = {slot.role for slot in offer.slots}
    sources = [*_takes(desk, still=False), *_takes(desk, still=True)]
    if RefRole.SOURCE in roles and sources:
        yield choice("source", "Work from", sources[:_MOST], value=order.source,
                     optional=RefRole.SOURCE not in needed, action=anew(desk, ""))  # fmt: skip
    pictures = [*offered(desk.references), *_takes(desk, still=True)]
    is_wide = desk.has_others or len(pictures) > _MOST
    if not (pictures or is_wide):
        return
    for role, name, label, value in (
        (RefRole.FIRST, "first", "First frame", order.first),
        (RefRole.LAST, "last", "Last frame", order.last),
    ):
        more = {"optional": role not in needed}
        if role in roles and is_wide:
            chosen = next(iter(_standing(desk, [value])), None)
            yield external(name, label, chosen, **_typed(desk), **more)
        elif role in roles:
            yield choice(name, label, pictures, value=value, action=anew(desk, ""), **more)
    yield from _references(desk, pictures, is_wide=is_wide)


def _references(desk: Desk, pictures: list[tuple[str, str]], *, is_wide: bool) -> Iterator[Json]:
    slot = desk.plan.offer.slot(RefRole.REFERENCE)
    if slot is None:
        return
    held = [key_of(pick) for pick in desk.plan.fit.picks if pick.role is RefRole.REFERENCE]
    if is_wide:
        yield several_external("references", "References", _standing(desk, held), most=slot.most,
                               optional=True, **_typed(desk))  # fmt: skip
    else:
        yield several("references", "References", pictures, values=held, most=slot.most,
                      optional=True, action=anew(desk, ""))  # fmt: skip


def _takes(desk: Desk, *, still: bool) -> list[tuple[str, str]]:
    made = [take for take in desk.sources if take.still is still]
    return [(called(desk.shots, take), f"take:{take.id}") for take in made]


def _standing(desk: Desk, keys: list[str]) -> list[tuple[str, str]]:
    """Give what is chosen as it is read in a menu that is typed into."""
    known = {key: text for each in desk.references for text, key in coded(each)}
    known |= {key: text for text, key in _takes(desk, still=True)}
    return [(known[key], key) for key in keys if key in known]


def _typed(desk: Desk) -> dict[str, str]:
    return {"action": f"{OFFERED}_{anew(desk, '')}", "placeholder": _PLACEHOLDER}


async def suggest(asked: Suggestion, house: House) -> Offer:
    """List what matches: the scene's own first, then what else its production has in order."""
    scene_id = Meta.of(asked.meta).scene_id
    async with house.studio.db.read() as session:
        scene = await scenes.get(session, asked.actor.workspace_id, scene_id)
    seen = await found(house.studio, scene, asked.typed)
    if not (seen.here or seen.elsewhere):
        return []
    return {"In this scene": seen.here, "Elsewhere in the production": seen.elsewhere}
