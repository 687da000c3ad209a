"""Who does something: a person of our workspace, or of a client's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Profile, RoomClosed
from bot.studio import Studio
from storage import people
from storage.models import Person

_KNOWN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Actor:
    """Somebody acting through Slack. `team_id` is their home, which may be a client's."""

    workspace_id: str
    user_id: str
    team_id: str

    @property
    def is_external(self) -> bool:
        """Whether they come from another workspace than the one we are installed in."""
        return self.team_id != self.workspace_id


async def seen(studio: Studio, workspace_id: str, user_id: str) -> Person:
    """Give a person with name, home and zone, asking Slack if they are new or a week old."""
    now = studio.clock()
    async with studio.db.read() as session:
        person = await people.find(session, workspace_id, user_id)
    if person and person.read_at and now - person.read_at < _KNOWN_FOR:
        return person
    profile = await studio.room.profile(user_id)
    return await _remember(studio, workspace_id, profile, at=now)


async def _remember(studio: Studio, workspace_id: str, profile: Profile, *, at: datetime) -> Person:
    async with studio.db.begin() as session:
        person = await people.known(session, workspace_id, profile.user_id, team_id=profile.team_id)
        person.team_id, person.name, person.zone = profile.team_id, profile.name, profile.zone
        person.read_at = at
        session.add(person)
    return person


async def actor_of(studio: Studio, workspace_id: str, user_id: str) -> Actor:
    """Make an actor of a user id alone, as reactions and files give it.

    Of somebody whom Slack does not show us, the home is unknown and stays empty.
    """
    try:
        person = await seen(studio, workspace_id, user_id)
    except RoomClosed:
        return Actor(workspace_id, user_id, "")
    return Actor(workspace_id, user_id, person.team_id)
