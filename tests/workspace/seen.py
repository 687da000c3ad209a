"""What a person sees after they did something: the app's answers, collected from the feed."""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Self

from tests.workspace.delivery import Outcome
from tests.workspace.hub import Hub
from tests.workspace.message_shapes import message_json
from tests.workspace.records import Json
from tests.workspace.shapes import view_json

TROUBLE = {
    "http_timeout": "operation_timeout",
    "timeout": "operation_timeout",
    "connection_failed": "dispatch_failed",
    "http_error": "dispatch_failed",
}
_GRACE = 0.02
_VISIBLE = {
    "message.posted",
    "message.changed",
    "message.deleted",
    "ephemeral.posted",
    "view.opened",
    "view.updated",
    "home.published",
}


@dataclass(slots=True)
class Seen:
    """`ok` is whether the app took it, `error` the word a person would read if it did not.

    `errors` are the sentences at a modal's fields, `view` the modal now on top, `ts` the message
    the act made, `messages` and `ephemerals` what the app said, `changed` what it rewrote,
    `options` what an external select offers, those of its `option_groups` included.
    """

    ok: bool = True
    via: str = "nobody"
    status: int | None = None
    ms: float = 0.0
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])
    view: Json | None = None
    home: Json | None = None
    ts: str | None = None
    messages: list[Json] = field(default_factory=list[Json])
    ephemerals: list[Json] = field(default_factory=list[Json])
    changed: list[Json] = field(default_factory=list[Json])
    deleted: list[str] = field(default_factory=list[str])
    is_closed: bool = False
    options: list[Json] = field(default_factory=list[Json])
    option_groups: list[Json] = field(default_factory=list[Json])

    def as_json(self) -> Json:
        """Return everything, for scripts."""
        return asdict(self)

    def note(self, outcome: Outcome) -> Self:
        """Write down what came of the delivery."""
        self.via, self.status, self.ms = outcome.via, outcome.status, outcome.ms
        if outcome.reason is not None:
            self.ok = False
            self.error = TROUBLE.get(outcome.reason, outcome.reason)
        return self


class Watch:
    """Follow the feed while a person acts, and tell what they saw."""

    def __init__(self, hub: Hub, user_id: str) -> None:
        self._hub = hub
        self._user_id = user_id
        self._feed = hub.state.subscribe()
        self._changes: list[Json] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.state.unsubscribe(self._feed)

    def forget(self) -> None:
        """Drop what the person did themselves, so that only answers count."""
        while not self._feed.empty():
            self._feed.get_nowait()

    async def tell(self, seen: Seen, *, wait: float) -> Seen:
        """Wait until something shows, at most `wait` seconds, and describe it all."""
        await self._collect(wait)
        for change in self._changes:
            self._describe(change, seen)
        stack = self._hub.state.modals.get(self._user_id, [])
        if stack:
            seen.view = view_json(self._hub.state, stack[-1], values=stack[-1].values)
            seen.errors = dict(stack[-1].errors)
        return seen

    async def _collect(self, wait: float) -> None:
        try:
            async with asyncio.timeout(wait):
                while not any(self._is_visible(change) for change in self._changes):
                    self._changes.append(await self._feed.get())
            await asyncio.sleep(_GRACE)
        except TimeoutError:
            pass
        while not self._feed.empty():
            self._changes.append(self._feed.get_nowait())

    def _is_visible(self, change: Json) -> bool:
        return change["kind"] in _VISIBLE and change.get("user_id") in {None, self._user_id}

    def _describe(self, change: Json, seen: Seen) -> None:
        kind = str(change["kind"])
        if kind == "view.closed" and change["user_id"] == self._user_id:
            seen.is_closed = True
        if not self._is_visible(change):
            return
        if kind == "home.published":
            home = self._hub.state.homes[self._user_id]
            seen.home = view_json(self._hub.state, home)
        elif kind == "message.deleted":
            seen.deleted.append(change["ts"])
        elif "ts" in change:
            self._describe_message(change, kind, seen)

    def _describe_message(self, change: Json, kind: str, seen: Seen) -> None:
        message = self._hub.state.messages[change["channel_id"]][change["ts"]]
        told = message_json(self._hub.state, message, origin=self._hub.origin)
        told["channel"] = message.channel_id
        if message.bot_id != self._hub.state.app.bot_id:
            return
        if kind == "ephemeral.posted":
            seen.ephemerals.append(told)
        elif kind == "message.posted":
            seen.messages.append(told)
        elif all(one["ts"] != message.ts for one in seen.changed + seen.messages):
            seen.changed.append(told)
