"""One call of a Web API method: its arguments in whatever encoding, and the shelf of methods."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

from aiohttp import web

from tests.workspace.errors import SlackError, bad_arguments
from tests.workspace.hub import Hub
from tests.workspace.limits import Tier
from tests.workspace.records import Channel, Json, Message
from tests.workspace.state import SlackState

TokenKind = Literal["bot", "app", "none"]


@dataclass(frozen=True, slots=True)
class Call:
    """What a method is given; arguments are strings or JSON values, as they came."""

    hub: Hub
    arguments: Json

    @property
    def state(self) -> SlackState:
        """The state of the Slack that was called."""
        return self.hub.state

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument that the method cannot do without."""
        value = self.text(name)
        if not value:
            raise bad_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an argument as yes or no."""
        value = self.arguments.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """Return an argument as a whole number."""
        try:
            return int(self.arguments.get(name) or default)
        except ValueError as error:
            raise bad_arguments(f"must be an integer [json-pointer:/{name}]") from error

    def value(self, name: str, refusal: str = "invalid_arguments") -> Any:
        """Return a JSON argument, which may have come as a string of JSON."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError(refusal) from error

    def need(self, *scopes: str) -> None:
        """Refuse unless the app has one of the scopes."""
        provided = self.state.app.scopes
        if not any(scope in provided for scope in scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(provided))

    def channel(self, purpose: Literal["read", "history"] | None = None) -> Channel:
        """Return the channel in question, if the app may know of it and has the scope."""
        found = self.state.channels.get(self.text("channel"))
        if found is None or (_is_hidden(found) and not self.state.has_app(found.id)):
            raise SlackError("channel_not_found")
        if purpose is not None:
            self.need(f"{_family(found)}:{purpose}")
        return found

    def room(self, purpose: Literal["read", "history"] | None = None) -> Channel:
        """Return the channel in question, which the app must be a member of."""
        found = self.channel(purpose)
        if not self.state.has_app(found.id):
            raise SlackError("not_in_channel")
        return found

    def message(self, channel: Channel, argument: str = "ts") -> Message:
        """Return the message in question."""
        found = self.state.message(channel.id, self.required(argument))
        if found is None:
            raise SlackError("message_not_found")
        return found


Method = Callable[[Call], Json | Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A method with what the door checks before it runs."""

    run: Method
    tier: Tier
    scopes: tuple[str, ...]
    token: TokenKind


METHODS: dict[str, Entry] = {}


def method(
    name: str, tier: Tier, *scopes: str, token: TokenKind = "bot"
) -> Callable[[Method], Method]:
    """Put a function on the shelf; the app needs one of the scopes, if any are named."""

    def shelve(run: Method) -> Method:
        METHODS[name] = Entry(run, tier, scopes, token)
        return run

    return shelve


async def read_arguments(request: web.Request) -> Json:
    """Merge query string and body, whichever encoding the SDK chose."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body: object = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return arguments | cast("Json", body)
    if request.body_exists:
        form = await request.post()
        arguments |= {name: value for name, value in form.items() if isinstance(value, str)}
    return arguments


def _is_hidden(channel: Channel) -> bool:
    return channel.is_private or channel.is_im


def _family(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "groups" if channel.is_private else "channels"
