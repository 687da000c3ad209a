"""Who may do what in a production: one table, and the question put to it."""

from enum import StrEnum

from bot.errors import NotAllowed, NotNow
from bot.people import Actor
from storage import Session, productions
from storage.models import Production, Role, Stage


class Power(StrEnum):
    """What a role may allow; the text finishes "only … may"."""

    SCENE = "open or change scenes"
    ORDER = "order takes"
    TEAM_DECISION = "decide for the team"
    CLIENT_DECISION = "decide for the client"
    SETUP = "set up the production"
    SPEND = "see what it spends"
    REFERENCE = "propose or change references"
    APPROVE_REFERENCE = "approve references"
    BAR_REFERENCE = "restrict or retire references"
    RIGHTS = "decide about rights"
    RULES = "change its rules"
    WAIVE = "override a rule"
    EXPORT = "export or place takes"


_MAKERS = frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.EDITOR})
MAY: dict[Power, frozenset[Role]] = {
    Power.SCENE: _MAKERS,
    Power.ORDER: _MAKERS,
    Power.SPEND: _MAKERS,
    Power.TEAM_DECISION: frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR}),
    Power.CLIENT_DECISION: frozenset({Role.CLIENT}),
    Power.SETUP: frozenset({Role.OWNER, Role.PRODUCER}),
    Power.REFERENCE: _MAKERS,
    Power.APPROVE_REFERENCE: frozenset({Role.OWNER, Role.PRODUCER, Role.DIRECTOR}),
    Power.BAR_REFERENCE: frozenset({Role.OWNER, Role.PRODUCER}),
    Power.RIGHTS: frozenset({Role.OWNER, Role.PRODUCER}),
    Power.RULES: frozenset({Role.OWNER, Role.PRODUCER}),
    Power.WAIVE: frozenset({Role.OWNER, Role.PRODUCER}),
    Power.EXPORT: frozenset({Role.OWNER, Role.PRODUCER, Role.EDITOR}),
}
DECIDES: dict[Stage, Power] = {
    Stage.TEAM: Power.TEAM_DECISION,
    Stage.CLIENT: Power.CLIENT_DECISION,
}


def role_that_may(
    power: Power, actor: Actor, *, production: Production, roles: set[Role]
) -> Role | None:
    """Give the role that allows it, or None.

    Nobody of another workspace ever acts for the team; nobody of ours ever acts for the client
    without being named.
    """
    if actor.is_external and power is not Power.CLIENT_DECISION:
        return None
    if power is Power.CLIENT_DECISION and _is_the_client(actor, production):
        roles = roles | {Role.CLIENT}
    held = [role for role in Role if role in roles and role in MAY[power]]
    return held[0] if held else None


def _is_the_client(actor: Actor, production: Production) -> bool:
    return (
        actor.is_external
        and production.client_open
        and production.client_team_id in {None, actor.team_id}
    )


async def role_for(
    session: Session, power: Power, actor: Actor, *, production: Production
) -> Role | None:
    """Look up the roles of a person, and give the one that allows it."""
    crew = await productions.crew(session, production)
    return role_that_may(power, actor, production=production, roles=crew.get(actor.user_id, set()))


def refusal(power: Power) -> str:
    """Say who may, to somebody who may not."""
    *some, last = (f"{role.value}s" for role in Role if role in MAY[power])
    who = f"{', '.join(some)} and {last}" if some else last
    return f"Only {who} of this production may {power.value}. `/scene setup` shows who that is."


async def must(session: Session, power: Power, actor: Actor, *, production: Production) -> Role:
    """Give the role that allows it, or raise NotAllowed."""
    role = await role_for(session, power, actor, production=production)
    if role is None:
        raise NotAllowed(refusal(power))
    return role


async def production_in(session: Session, workspace_id: str, channel_id: str) -> Production:
    """Give the production whose team channel this is. Raises NotNow if there is none."""
    production = await productions.in_channel(session, workspace_id, channel_id)
    if production is None:
        raise NotNow("This channel has no production yet. `/scene setup` makes one.")
    if production.client_channel_id == channel_id:
        raise NotNow("This is the client's channel. Scenes are made in the team's channel.")
    return production
