"""What Slack hands out for a short while: trigger ids (once, 3 s) and response URLs (5 times)."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from tests.workspace.errors import SlackError
from tests.workspace.state import SlackState

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5
_REMEMBERED = 5000


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for the person who just did something."""

    id: str
    user_id: str
    team_id: str
    channel_id: str | None
    view_id: str | None
    issued_at: float
    is_used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer where somebody did something, without being a member there.

    `message_ts` is the message that was pressed; it is what `replace_original` replaces.
    """

    key: str
    user_id: str
    channel_id: str
    message_ts: str | None
    issued_at: float
    uses: int = 0


class Grants:
    """Issue and take back; old grants are forgotten, which reads as invalid."""

    def __init__(self, state: SlackState) -> None:
        self._state = state
        self._triggers: OrderedDict[str, Trigger] = OrderedDict()
        self._urls: OrderedDict[str, ResponseUrl] = OrderedDict()

    def trigger(
        self, user_id: str, *, channel_id: str | None = None, view_id: str | None = None
    ) -> str:
        """Issue a trigger id for what this person just did."""
        number = int(self._state.now * 1000)
        trigger_id = f"{number}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        team_id = self._state.members[user_id].team_id
        self._triggers[trigger_id] = Trigger(
            trigger_id, user_id, team_id, channel_id, view_id, self._state.now
        )
        if len(self._triggers) > _REMEMBERED:
            self._triggers.popitem(last=False)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Take a trigger id back; each opens one view and lives three seconds."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if self._state.now - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger

    def response_url(self, user_id: str, channel_id: str, *, message_ts: str | None = None) -> str:
        """Issue the key of a response URL."""
        key = secrets.token_hex(12)
        self._urls[key] = ResponseUrl(key, user_id, channel_id, message_ts, self._state.now)
        if len(self._urls) > _REMEMBERED:
            self._urls.popitem(last=False)
        return key

    def use(self, key: str) -> ResponseUrl:
        """Spend one of the five uses of a response URL."""
        url = self._urls.get(key)
        if url is None:
            raise SlackError("invalid_url")
        if self._state.now - url.issued_at > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
