"""Read, run, acknowledge, answer: the only file that knows Bolt.

The app runs with `process_before_response`: a listener's effect is committed before Slack hears
that it was received. Whatever a listener raises stays here. An event that could not be handled is
answered with an error, so that Slack delivers it again; a person is told in one sentence.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy.exc import DBAPIError

from bot import pulse
from bot.errors import BadForm, OfficeError
from bot.ports import RoomBusy, RoomClosed
from engines import EngineError
from handlers._trouble import told
from handlers.house import House
from handlers.payloads import ButtonPress, Call, Json, Payload, Shortcut, Submission, Suggestion
from handlers.views._inputs import Offer, menu

P = TypeVar("P", bound=Payload)
Blocks = list[Json]
Answer = str | Blocks | None
_HURRY = 2.6
"""Seconds until we give up; Slack gives up after three, and then the person sees its error."""
_tell = structlog.get_logger(__name__)


class Door:
    """Registers listeners: each takes one typed payload and gives one answer."""

    def __init__(self, bolt: AsyncApp, house: House) -> None:
        # Bolt's own signatures are untyped.
        self._bolt: Any = bolt
        self._house = house

    def command(self, name: str, run: Callable[[Call, House], Awaitable[Answer]]) -> None:
        """Answer a slash command privately, in the acknowledgement itself."""

        async def heard(ack: AsyncAck, body: Json) -> None:
            call = Call.of_command(body)
            answer, _ = await self._tried("command", run(call, self._house))
            if isinstance(answer, list):
                await ack(text="Circletake", blocks=answer)
            else:
                await ack(answer or "")

        self._bolt.command(name)(heard)

    def action(
        self, action_id: Any, run: Callable[[ButtonPress, House], Awaitable[Answer]]
    ) -> None:
        """Take a press; the answer, if any, is whispered where the button is."""

        async def heard(ack: AsyncAck, body: Json) -> None:
            press = ButtonPress.of(body)
            answer, _ = await self._tried("press", run(press, self._house))
            await ack()
            if answer:
                self._whisper(press, answer)

        self._bolt.action(action_id)(heard)

    def change(
        self, action_id: Any, run: Callable[[Submission, House], Awaitable[Json | None]]
    ) -> None:
        """Take a change in an open form; `run` gives the form drawn anew."""

        async def heard(ack: AsyncAck, body: Json) -> None:
            sent = Submission.of(body)
            shown, _ = await self._tried("change", run(sent, self._house))
            await ack()
            if isinstance(shown, dict):
                drawn = cast("Json", shown)
                room = self._house.room
                self._house.later(room.update_view(sent.view_id, drawn, seen=sent.hash))
            elif shown:
                self._house.later(
                    self._house.room.whisper(
                        sent.actor.user_id, sent.actor.user_id, str(shown), thread_ts=None
                    )
                )

        self._bolt.action(action_id)(heard)

    def suggest(self, action_id: Any, run: Callable[[Suggestion, House], Awaitable[Offer]]) -> None:
        """Offer (text, value) pairs to whoever types into a menu, or pairs under headings.

        A menu has no place for a sentence: what cannot be looked up is an empty list.
        """

        async def heard(ack: AsyncAck, body: Json) -> None:
            asked = Suggestion.of(body)
            found, _ = await self._tried("suggestion", run(asked, self._house))
            await ack(**menu(found))

        self._bolt.options(action_id)(heard)

    def ignore(self, action_id: Any) -> None:
        """Acknowledge what has no effect here, such as a button that opens a link."""

        async def heard(ack: AsyncAck) -> None:
            await ack()

        self._bolt.action(action_id)(heard)

    def view(
        self, callback_id: str, run: Callable[[Submission, House], Awaitable[Json | None]]
    ) -> None:
        """Take a form. `run` gives None to close it, or the view to show instead."""

        async def heard(ack: AsyncAck, body: Json) -> None:
            sent = Submission.of(body)
            first = next(iter(sent.values), "title")
            shown, fields = await self._tried("form", run(sent, self._house))
            if fields is not None:
                known = {name: text for name, text in fields.items() if name in sent.values}
                await ack(response_action="errors", errors=known or {first: _joined(fields)})
            elif isinstance(shown, dict):
                await ack(response_action="update", view=shown)
            elif isinstance(shown, str):
                await ack(response_action="errors", errors={first: shown})
            else:
                await ack()

        self._bolt.view(callback_id)(heard)

    def shortcut(
        self, callback_id: str, run: Callable[[Shortcut, House], Awaitable[Answer]]
    ) -> None:
        """Take a message shortcut; the answer, if any, is whispered in the thread."""

        async def heard(ack: AsyncAck, body: Json) -> None:
            shortcut = Shortcut.of(body)
            answer, _ = await self._tried("shortcut", run(shortcut, self._house))
            await ack()
            if isinstance(answer, str):
                self._house.later(
                    self._house.room.whisper(
                        shortcut.channel_id,
                        shortcut.actor.user_id,
                        answer,
                        thread_ts=shortcut.thread_ts,
                    )
                )

        self._bolt.shortcut(callback_id)(heard)

    def event(
        self,
        name: str,
        read: Callable[[Json], P | None],
        run: Callable[[P, House], Awaitable[None]],
    ) -> None:
        """Take an event; if it cannot be handled now, Slack is asked to bring it again."""

        async def heard(body: Json) -> None:
            payload = read(body)
            if payload is None:
                return
            with pulse.timed("event"):
                async with asyncio.timeout(_HURRY):
                    await run(payload, self._house)

        self._bolt.event(name)(heard)

    async def _tried(self, what: str, work: Awaitable[Any]) -> tuple[Any, dict[str, str] | None]:
        """Run a use-case; give its answer, or what to say instead, and a form's field errors."""
        try:
            with pulse.timed(what):
                async with asyncio.timeout(_HURRY):
                    return await work, None
        except BadForm as form:
            return str(form), form.fields
        except (OfficeError, EngineError, RoomClosed) as refused:
            return str(refused), None
        except (TimeoutError, RoomBusy, DBAPIError) as busy:
            _tell.warning("door.busy", what=what, why=str(busy))
            return told(busy), None
        except Exception:  # noqa: BLE001 - the door: nothing a listener raises reaches Bolt
            quote = secrets.token_hex(3)
            _tell.exception("door.broken", what=what, quote=quote)
            return f"Something broke here and nothing was changed. Quote {quote}.", None

    def _whisper(self, press: ButtonPress, answer: Any) -> None:
        room = self._house.room
        thread = press.thread_ts
        channel = press.channel_id or press.actor.user_id
        if isinstance(answer, list):
            blocks = cast("Blocks", answer)
            errand = room.whisper_blocks(channel, press.actor.user_id, blocks, thread_ts=thread)
        else:
            errand = room.whisper(channel, press.actor.user_id, str(answer), thread_ts=thread)
        self._house.later(errand)


def _joined(fields: dict[str, str]) -> str:
    return " ".join(fields.values())
