"""Set up a production: its channels and its crew."""

from dataclasses import dataclass, field

from bot import log
from bot.budget import cents_of, dollars
from bot.crew import Power, must
from bot.errors import BadForm, NotAllowed, NotNow
from bot.people import Actor, seen
from bot.ports import RoomClosed
from bot.studio import Studio
from storage import Session, deliveries, productions
from storage.models import Production, Role, Subscription

_NAME = 150
CAST = (Role.PRODUCER, Role.DIRECTOR, Role.EDITOR, Role.CLIENT)
"""The roles that a form hands out; the owner is whoever set the production up."""


@dataclass(frozen=True)
class ProductionForm:
    """What somebody filled in about a production; `soft` and `hard` are dollars as typed."""

    name: str
    client_channel_id: str | None = None
    crew: dict[Role, set[str]] = field(default_factory=dict[Role, set[str]])
    soft: str = ""
    hard: str = ""


async def standing_setup(studio: Studio, actor: Actor, channel_id: str) -> ProductionForm | None:
    """Give what is set up in a channel, for a form; None if nothing is."""
    async with studio.db.read() as session:
        production = await productions.in_channel(session, actor.workspace_id, channel_id)
        if production is None:
            return None
        if production.channel_id != channel_id:
            raise NotNow("This is the client's channel. Set the production up in the team's.")
        await must(session, Power.SETUP, actor, production=production)
        roles = await productions.crew(session, production)
    cast = {role: {who for who, held in roles.items() if role in held} for role in CAST}
    soft, hard = _typed(production.budget_soft_cents), _typed(production.budget_hard_cents)
    return ProductionForm(production.name, production.client_channel_id, cast, soft, hard)


def _typed(cents: int | None) -> str:
    return "" if cents is None else dollars(cents)


async def set_up(
    studio: Studio, actor: Actor, form: ProductionForm, *, channel_id: str, key: str
) -> Production | None:
    """Make or change a channel's production; None if this delivery had its effect already.

    Raises BadForm with a sentence per field, or NotAllowed.
    """
    problems = _problems(form, channel_id)
    soft, hard = _budget(form, problems)
    if problems:
        raise BadForm(problems)
    await _enter(studio, channel_id, field="name")
    if form.client_channel_id:
        await _enter(studio, form.client_channel_id, field="client_channel")
    zone = (await seen(studio, actor.workspace_id, actor.user_id)).zone
    async with studio.db.begin() as session:
        if not await deliveries.claim(session, actor.workspace_id, key, at=studio.clock()):
            return None
        production = await _production(session, actor, channel_id, studio=studio, zone=zone)
        await must(session, Power.SETUP, actor, production=production)
        await _check_channel(session, production, form)
        production.name = form.name.strip()
        production.client_channel_id = form.client_channel_id
        production.budget_soft_cents, production.budget_hard_cents = soft, hard
        session.add(production)
        for role in CAST:
            await productions.cast(session, production, role, form.crew.get(role, set()))
        await _record(session, actor, production, form, studio=studio)
    return production


def _problems(form: ProductionForm, channel_id: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.name.strip():
        problems["name"] = "Give the production a name."
    if len(form.name.strip()) > _NAME:
        problems["name"] = f"A name has at most {_NAME} characters; this has {len(form.name):,}."
    if form.client_channel_id == channel_id:
        problems["client_channel"] = "The client needs a channel of their own."
    return problems


def _budget(form: ProductionForm, problems: dict[str, str]) -> tuple[int | None, int | None]:
    """Read both lines; what cannot be read, or cannot be, is added to the problems."""
    lines: dict[str, int | None] = {}
    for name, typed in (("budget_soft", form.soft), ("budget_hard", form.hard)):
        try:
            lines[name] = cents_of(typed)
        except ValueError as unread:
            problems[name] = str(unread)
    soft, hard = lines.get("budget_soft"), lines.get("budget_hard")
    if soft is not None and hard is not None and soft > hard:
        problems["budget_soft"] = (
            f"{dollars(soft)} is never reached: nothing is ordered beyond {dollars(hard)}."
        )
    return soft, hard


async def _enter(studio: Studio, channel_id: str, *, field: str) -> None:
    try:
        await studio.room.enter(channel_id)
    except RoomClosed as closed:
        raise BadForm({field: str(closed)}) from closed


async def _production(
    session: Session, actor: Actor, channel_id: str, *, studio: Studio, zone: str
) -> Production:
    found = await productions.in_channel(session, actor.workspace_id, channel_id)
    if found is not None:
        return found
    if actor.is_external:
        raise NotAllowed("Only somebody of the installing workspace may set up a production.")
    made = Production(
        workspace_id=actor.workspace_id,
        name="",
        channel_id=channel_id,
        zone=zone,
        opened_by=actor.user_id,
        opened_at=studio.clock(),
    )
    session.add(made)
    await session.flush()
    await productions.cast(session, made, Role.OWNER, {actor.user_id})
    session.add(
        Subscription(
            workspace_id=made.workspace_id,
            production_id=made.id,
            channel_id=channel_id,
            zone=zone,
            started_at=studio.clock(),
        )
    )
    await session.flush()
    return made


async def _check_channel(session: Session, production: Production, form: ProductionForm) -> None:
    if form.client_channel_id is None:
        return
    other = await productions.in_channel(session, production.workspace_id, form.client_channel_id)
    if other is not None and other.id != production.id:
        taken = f"This channel belongs to {other.name} already."
        raise BadForm({"client_channel": taken})


async def _record(
    session: Session, actor: Actor, production: Production, form: ProductionForm, *, studio: Studio
) -> None:
    await log.record(
        session,
        "production.set_up",
        workspace_id=production.workspace_id,
        actor=actor,
        at=studio.clock(),
        about=log.About(production.id),
        facts={
            "client_channel": form.client_channel_id is not None,
            "budget_soft_cents": production.budget_soft_cents,
            "budget_hard_cents": production.budget_hard_cents,
            "crew": {role.value: len(form.crew.get(role, set())) for role in CAST},
        },
    )
