"""Slack as the office's room: what we ask of the Web API, and nothing else does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from slack_sdk.web.async_client import AsyncWebClient

from bot.briefs import ThreadMessage
from bot.ports import FoundFile, Profile, RoomBusy, RoomClosed, Thread, Upload
from bot.views import View
from handlers import cards
from handlers._calls import WHY, BlocksRefused, Calls
from handlers._pace import Pace
from handlers.canvases import SlackCanvases
from handlers.payloads import Json, shared_files
from storage.models import Card

_PAGE = 200
_CHUNK = 1 << 18


class SlackRoom:
    """Posts, reads and fetches. Everything may raise RoomBusy or RoomClosed."""

    def __init__(self, client: AsyncWebClient, http: httpx.AsyncClient, pace: Pace) -> None:
        self._calls = Calls(client)
        self.canvases = SlackCanvases(self._calls)
        self._http = http
        self._pace = pace

    def patience(self, card: Card) -> float:
        """Give the seconds until Slack would take this card."""
        return self._pace.wait(card.channel_id, update=card.message_ts is not None)

    async def post(self, card: Card, view: View) -> str:
        """Post a card with its id in the metadata, so that it can be found after a crash."""
        self._pace.spend(card.channel_id, update=False)
        drawn = cards.drawn(view)
        answer = await self._calls.ask(
            "chat_postMessage",
            channel=card.channel_id,
            thread_ts=card.thread_ts,
            text=drawn.text,
            blocks=drawn.blocks,
            metadata=_mark(card),
            unfurl_links=False,
            unfurl_media=False,
        )
        return answer["ts"]

    async def redraw(self, card: Card, view: View) -> None:
        """Show a posted card as its records are now."""
        self._pace.spend(card.channel_id, update=True)
        drawn = cards.drawn(view)
        await self._calls.ask(
            "chat_update",
            channel=card.channel_id,
            ts=card.message_ts,
            text=drawn.text[:4000],
            blocks=drawn.blocks,
            metadata=_mark(card),
        )

    async def find(self, card: Card) -> str | None:
        """Look for a card that may have been posted before a crash."""
        if card.thread_ts is None:
            # A channel's newest messages come first: one page reaches back far enough.
            newest = await self._calls.ask(
                "conversations_history",
                channel=card.channel_id, include_all_metadata=True, limit=_PAGE,
            )  # fmt: skip
            return _found(card, newest["messages"])
        found, cursor = None, ""
        while found is None and cursor is not None:
            page = await self._calls.ask(
                "conversations_replies",
                channel=card.channel_id, ts=card.thread_ts, include_all_metadata=True,
                limit=_PAGE, cursor=cursor or None,
            )  # fmt: skip
            found, cursor = _found(card, page["messages"]), _next(page)
        return found

    async def upload(self, path: Path, *, name: str, alt: str) -> str:
        """Hand over a picture for use in cards, shared nowhere."""
        upload = await self.reserve(path, name=name, alt=alt)
        await self._send(upload, path)
        await self._calls.ask(
            "files_completeUploadExternal", files=[{"id": upload.file_id, "title": name}]
        )
        return upload.file_id

    async def reserve(self, path: Path, *, name: str, alt: str) -> Upload:
        """Announce a file and get its id, before a byte is sent."""
        size = await asyncio.to_thread(lambda: path.stat().st_size)
        answer = await self._calls.ask(
            "files_getUploadURLExternal",
            filename=name,
            length=size,
            alt_txt=alt[:1000],
        )
        return Upload(answer["file_id"], answer["upload_url"])

    async def _send(self, upload: Upload, path: Path) -> None:
        try:
            answer = await self._http.post(upload.url, content=_read(path), timeout=300)
            answer.raise_for_status()
        except httpx.HTTPError as lost:
            raise RoomBusy(f"Slack did not take the file: {lost}") from lost

    async def share(self, upload: Upload, path: Path, card: Card, *, title: str) -> None:
        """Send a reserved file and share it where the card stands."""
        await self._send(upload, path)
        await self._calls.ask(
            "files_completeUploadExternal",
            files=[{"id": upload.file_id, "title": title}],
            channel_id=card.channel_id,
            thread_ts=card.thread_ts,
        )

    async def find_file(self, file_id: str, channel_id: str) -> FoundFile | None:
        """Look for a file that may have been shared before a crash; None if it never arrived."""
        try:
            answer = await self._calls.ask("files_info", file=file_id)
        except RoomClosed:
            return None
        shares: Json = answer["file"].get("shares") or {}
        carriers = [each for places in shares.values() for each in places.get(channel_id, [])]
        return FoundFile(carriers[0]["ts"] if carriers else None)

    async def whisper(
        self, channel_id: str, user_id: str, text: str, *, thread_ts: str | None
    ) -> None:
        """Tell one person something where they are."""
        await self._calls.ask(
            "chat_postEphemeral",
            channel=channel_id,
            user=user_id,
            text=text,
            thread_ts=thread_ts,
        )

    async def whisper_blocks(
        self, channel_id: str, user_id: str, blocks: list[Json], *, thread_ts: str | None
    ) -> None:
        """Show one person a card where they are."""
        await self._calls.ask(
            "chat_postEphemeral",
            channel=channel_id,
            user=user_id,
            text="Circletake",
            blocks=blocks,
            thread_ts=thread_ts,
        )

    async def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a modal; give its id."""
        answer = await self._calls.ask("views_open", trigger_id=trigger_id, view=view)
        return answer["view"]["id"]

    async def update_view(self, view_id: str, view: Json, *, seen: str = "") -> None:
        """Show something else in an open modal."""
        await self._calls.ask("views_update", view_id=view_id, view=view, hash=seen or None)

    async def profile(self, user_id: str) -> Profile:
        """Give a person's name, home workspace and time zone."""
        answer = await self._calls.ask("users_info", user=user_id)
        user: Json = answer["user"]
        shown: Json = user.get("profile") or {}
        return Profile(
            user_id=user_id,
            team_id=user.get("team_id") or shown.get("team") or "",
            name=shown.get("display_name") or user.get("real_name") or user.get("name") or user_id,
            zone=user.get("tz") or "UTC",
        )

    async def read_thread(self, channel_id: str, thread_ts: str) -> Thread:
        """Read every page of a thread."""
        messages: list[Json] = []
        cursor: str | None = None
        while True:
            answer = await self._calls.ask(
                "conversations_replies",
                channel=channel_id, ts=thread_ts, limit=_PAGE, cursor=cursor,
            )  # fmt: skip
            messages += answer["messages"]
            cursor = _next(answer)
            if not cursor:
                break
        link = await self._calls.ask("chat_getPermalink", channel=channel_id, message_ts=thread_ts)
        return Thread(
            messages=tuple(_said(each) for each in messages),
            files=tuple(file for each in messages for file in shared_files(each)),
            names=await self._names(messages),
            permalink=link["permalink"],
        )

    async def _names(self, messages: list[Json]) -> dict[str, str]:
        users = {each["user"] for each in messages if each.get("user")}
        found = await asyncio.gather(*(self._name(user) for user in sorted(users)))
        return {user: name for user, name in found if name}

    async def _name(self, user_id: str) -> tuple[str, str]:
        try:
            return user_id, (await self.profile(user_id)).name
        except RoomClosed:
            # Whoever has left, or is hidden from us, stays readable by their id.
            return user_id, ""

    async def enter(self, channel_id: str) -> None:
        """Make sure that we may post in a channel; raises RoomClosed with what to do."""
        answer = await self._calls.ask("conversations_info", channel=channel_id)
        channel: Json = answer["channel"]
        if channel.get("is_archived"):
            raise RoomClosed(WHY["is_archived"])
        if not (channel.get("is_member") or channel.get("is_im")):
            raise RoomClosed(WHY["not_in_channel"])

    async def link_to(self, channel_id: str, message_ts: str) -> str:
        """Give a message's address."""
        answer = await self._calls.ask(
            "chat_getPermalink", channel=channel_id, message_ts=message_ts
        )
        return answer["permalink"]

    async def fetch_file(self, file_id: str, sink: Path, *, limit: int) -> None:
        """Download a shared file; the token goes to Slack's own host and no further."""
        answer = await self._calls.ask("files_info", file=file_id)
        file: Json = answer["file"]
        url = file.get("url_private_download") or file.get("url_private")
        if not url or file.get("mode") == "tombstone":
            raise RoomClosed(WHY["file_not_found"])
        headers = self._calls.credentials_for(url)
        try:
            async with self._http.stream("GET", url, headers=headers, timeout=120) as stream:
                await _write(stream, sink, limit=limit)
        except httpx.HTTPError as lost:
            raise RoomBusy(f"Slack did not send the file: {lost}") from lost

    async def post_digest(self, channel_id: str, view: View, *, run_id: str) -> None:
        """Post a digest once; if Slack does not know its newest blocks, in classic ones."""
        mark = {"event_type": "digest_sent", "event_payload": {"run_id": run_id}}
        for classic in (False, True):
            drawn = cards.drawn(view, classic=classic)
            try:
                await self._calls.ask(
                    "chat_postMessage",
                    channel=channel_id, text=drawn.text, blocks=drawn.blocks, metadata=mark,
                    unfurl_links=False, unfurl_media=False,
                )  # fmt: skip
            except BlocksRefused:
                if classic:
                    raise
            else:
                return

    async def home(self, user_id: str, view: View) -> None:
        """Publish somebody's Home tab."""
        drawn = cards.drawn(view)
        tab = {"type": "home", "blocks": drawn.blocks}
        await self._calls.ask("views_publish", user_id=user_id, view=tab)


def _mark(card: Card) -> Json:
    return {"event_type": "circletake_card", "event_payload": {"card": card.id}}


def _found(card: Card, messages: list[Json]) -> str | None:
    for message in messages:
        metadata: Json = message.get("metadata") or {}
        payload: Json = metadata.get("event_payload") or {}
        if payload.get("card") == card.id:
            return message["ts"]
    return None


def _next(answer: Any) -> str | None:
    metadata: Json = answer.get("response_metadata") or {}
    return metadata.get("next_cursor") or None


def _said(message: Json) -> ThreadMessage:
    return ThreadMessage(
        author=message.get("user") or message.get("username") or message.get("bot_id") or "?",
        text=message.get("text") or "",
        ts=message["ts"],
        is_bot=bool(message.get("bot_id")),
        is_edited="edited" in message,
        is_deleted=message.get("subtype") == "tombstone",
        files=tuple(file.name for file in shared_files(message)),
    )


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk


async def _write(stream: httpx.Response, sink: Path, *, limit: int) -> None:
    if stream.status_code != 200 or stream.headers.get("content-type", "").startswith("text/html"):  # noqa: PLR2004 - HTTP's own number; Slack sends its sign-in page with 200
        raise RoomClosed("Slack did not hand the file over. It may have been removed.")
    written = 0
    with sink.open("wb") as file:
        async for chunk in stream.aiter_bytes(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise RoomClosed(f"The file is larger than {limit >> 20} MB.")
            file.write(chunk)
