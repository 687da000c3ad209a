"""What people say and do in channels: messages, files, emoji, joining, the Home tab."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from tests.workspace import acts, uploads
from tests.workspace.acts import Told
from tests.workspace.errors import SlackError
from tests.workspace.hub import Hub
from tests.workspace.records import Channel, File, Json, Member, Message
from tests.workspace.seen import Seen, Watch
from tests.workspace.shapes import rich_text, view_json
from tests.workspace.typing_rules import as_message

SILENT = 0.0


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that somebody drags into a message."""

    name: str
    data: bytes
    title: str = ""


class Talking:
    """Every act waits for the app's acknowledgement; `wait` is how long to look for an answer.

    People and channels are named by id or by name.
    """

    hub: Hub

    async def say(
        self,
        text: str,
        *,
        user: str,
        channel: str,
        thread_ts: str | None = None,
        files: Sequence[Attached] = (),
        broadcast: bool = False,
        wait: float = SILENT,
    ) -> Seen:
        """Post as a person."""
        member, room = self.person(user), self.room(channel)
        self._may_post(member, room)
        message = self._written(text, member, room)
        message.thread_ts = thread_ts
        if broadcast and thread_ts:
            message.subtype, message.is_broadcast = "thread_broadcast", True
        attached = [await self._attach(one, member) for one in files]
        with Watch(self.hub, member.id) as watch:
            told = uploads.share(self.hub, message, attached) if attached else None
            told = acts.post(self.hub, message) if told is None else told
            return await self._answered(watch, told, wait, ts=message.ts)

    async def edit(
        self, ts: str, text: str, *, channel: str, user: str, wait: float = SILENT
    ) -> Seen:
        """Edit one's own message."""
        member, message = self.person(user), self._own(ts, channel, user)
        written = as_message(self.hub.state, text)
        with Watch(self.hub, member.id) as watch:
            told = acts.edit(
                self.hub, message, by=member.id, text=written, blocks=[rich_text(written)]
            )
            return await self._answered(watch, told, wait, ts=ts)

    async def delete(self, ts: str, *, channel: str, user: str, wait: float = SILENT) -> Seen:
        """Delete one's own message."""
        member, message = self.person(user), self._own(ts, channel, user)
        with Watch(self.hub, member.id) as watch:
            return await self._answered(watch, acts.delete(self.hub, message), wait, ts=ts)

    async def react(
        self, emoji: str, *, ts: str, channel: str, user: str, wait: float = SILENT
    ) -> Seen:
        """Put an emoji below a message."""
        member, message = self.person(user), self.message_at(ts, channel)
        with Watch(self.hub, member.id) as watch:
            told = acts.react(self.hub, message, member.id, emoji.strip(":"))
            return await self._answered(watch, told, wait, ts=ts)

    async def unreact(
        self, emoji: str, *, ts: str, channel: str, user: str, wait: float = SILENT
    ) -> Seen:
        """Take one's emoji away."""
        member, message = self.person(user), self.message_at(ts, channel)
        with Watch(self.hub, member.id) as watch:
            told = acts.unreact(self.hub, message, member.id, emoji.strip(":"))
            return await self._answered(watch, told, wait, ts=ts)

    async def join(self, *, user: str, channel: str, wait: float = SILENT) -> Seen:
        """Join a channel; for the app's bot, be invited to it."""
        member, room = self.person(user), self.room(channel)
        with Watch(self.hub, member.id) as watch:
            return await self._answered(watch, acts.join(self.hub, room, member.id), wait)

    async def home(self, *, user: str, tab: str = "home", wait: float = 0.5) -> Seen:
        """Open the app's Home tab or its messages."""
        member, state = self.person(user), self.hub.state
        if state.is_external(member.id):
            return Seen(ok=False, error="This app is not installed in your workspace.")
        direct = state.direct_channel(member.id, state.app.bot_user_id)
        event: Json = {
            "type": "app_home_opened",
            "user": member.id,
            "channel": direct.id,
            "tab": tab,
            "event_ts": state.next_ts(),
        }
        view = state.homes.get(member.id)
        if view is not None and tab == "home":
            event["view"] = view_json(state, view, values=view.values)
        with Watch(self.hub, member.id) as watch:
            seen = await self._answered(watch, acts.tell(self.hub, event, None), wait)
        shown = state.homes.get(member.id)
        seen.home = view_json(state, shown, values=shown.values) if shown else None
        return seen

    async def remove_file(self, file_id: str) -> None:
        """Delete a file that somebody shared."""
        acts.remove_file(self.hub, self.hub.state.files[file_id])

    def post_as_bot(
        self, text: str, *, channel: str, bot: str = "Zapier", thread_ts: str | None = None
    ) -> str:
        """Let another app post, as integrations do; returns the message's timestamp."""
        room = self.room(channel)
        message = Message(
            ts=self.hub.state.next_ts(),
            channel_id=room.id,
            user_id="",
            team_id=room.team_id,
            text=text,
            subtype="bot_message",
            bot_id=f"B0{bot.upper():0<9.9}",
            thread_ts=thread_ts,
            username=bot,
        )
        acts.post(self.hub, message)
        return message.ts

    def person(self, name: str) -> Member:
        """Find somebody by id or name."""
        try:
            return self.hub.state.member_named(name)
        except StopIteration:
            raise SlackError("user_not_found") from None

    def room(self, name: str) -> Channel:
        """Find a channel by id or name."""
        try:
            return self.hub.state.channel_named(name)
        except StopIteration:
            raise SlackError("channel_not_found") from None

    def message_at(self, ts: str, channel: str) -> Message:
        """Find a message, one that only one person sees included."""
        message = self.hub.state.messages[self.room(channel).id].get(ts)
        if message is None or message.deleted:
            raise SlackError("message_not_found")
        return message

    def _own(self, ts: str, channel: str, user: str) -> Message:
        message = self.message_at(ts, channel)
        if message.user_id != self.person(user).id:
            raise SlackError("cant_update_message")
        return message

    def _may_post(self, member: Member, room: Channel) -> None:
        if room.is_archived:
            raise SlackError("is_archived")
        if member.id not in room.member_ids:
            raise SlackError("not_in_channel")

    def _written(self, text: str, member: Member, room: Channel) -> Message:
        written = as_message(self.hub.state, text)
        return Message(
            ts=self.hub.state.next_ts(),
            channel_id=room.id,
            user_id=member.id,
            team_id=member.team_id,
            text=written,
            blocks=[rich_text(written)] if written else [],
            client_msg_id=str(uuid4()),
        )

    async def _attach(self, attached: Attached, member: Member) -> File:
        size = len(attached.data)
        file = uploads.announce(self.hub, attached.name, size=size, user_id=member.id)
        await uploads.receive(file, _one(attached.data))
        await uploads.complete(self.hub, file, attached.title)
        return file

    async def _answered(
        self, watch: Watch, told: list[Told], wait: float, *, ts: str | None = None
    ) -> Seen:
        watch.forget()
        seen = Seen(ts=ts)
        for outcome in await asyncio.gather(*told):
            seen.note(outcome)
        return await watch.tell(seen, wait=wait)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data
