"""The composition root: the only file that knows every part by name."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
import structlog
from httpx_aiohttp import AiohttpTransport
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.bell import Bell
from bot.checkup import Check
from bot.durable import DurableWork
from bot.outbox import keep_sending
from bot.schedule import clockwork
from bot.settings import Settings
from bot.studio import Studio, Work
from bot.web import Life, serve
from engines import hire, misfits
from handlers import register
from handlers._pace import Pace
from handlers.examination import examined
from handlers.house import House
from handlers.room import SlackRoom
from storage import Database
from storage.files import Files

_tell = structlog.get_logger(__name__)
_SOCKET_CLOSES_WITHIN = 5
_RUNS = {True: "ok", False: "does not run"}


def now() -> datetime:
    """Read the clock: the only place that does."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


class NotOpen(Exception):  # noqa: N818 - reads as the sentence it is
    """Slack does not let us in, or is not there; the text says which, for the operator."""


@dataclass(frozen=True)
class Running:
    """An app that is open for work."""

    studio: Studio
    house: House
    port: int
    bolt: AsyncApp


@asynccontextmanager
async def open_app(
    settings: Settings, *, clock: Callable[[], datetime] = now
) -> AsyncGenerator[Running]:
    """Open everything in order and close it in reverse.

    Raises NotOpen if Slack does not, and whatever the database's driver raises if there is none.
    """
    async with AsyncExitStack() as stack:
        client = await _client(settings, stack)
        with _in_words(settings):
            identity: Any = await client.auth_test()  # pyright: ignore[reportUnknownMemberType] - slack_sdk half-types it
        studio = replace(await _studio(settings, client, stack), clock=clock)
        house = House(studio, studio.room, identity["user_id"])  # pyright: ignore[reportArgumentType] - the room here is always Slack's
        bolt = _bolt(settings, client)
        register(bolt, house)
        alive = await _work(studio, stack)
        stack.push_async_callback(house.settle)
        port = await serve(bolt, studio, stack, alive=alive)
        if settings.uses_socket:
            with _in_words(settings):
                await _socket(settings, bolt, stack)
        _tell.info("app.open", port=port, workspace=identity["team_id"])
        yield Running(studio, house, port, bolt)
        _tell.info("app.closing")


@contextmanager
def _in_words(settings: Settings) -> Generator[None]:
    try:
        yield
    except SlackApiError as refused:
        raise NotOpen(f"Slack refuses the token: {refused.response['error']}.") from refused  # pyright: ignore[reportUnknownMemberType] - as above
    except (aiohttp.ClientError, TimeoutError) as lost:
        raise NotOpen(f"Slack is not reached at {settings.slack_api_url}: {lost}") from lost


async def examine_slack(settings: Settings) -> list[Check]:
    """Look at Slack's side as the operator's doctor does; changes nothing there."""
    async with AsyncExitStack() as stack:
        client = await _client(settings, stack)
        app_token = settings.slack_app_token.get_secret_value()
        return await examined(client, app_token=app_token, clock=now)


class _NoWork:
    """Refuses work: whoever only looks at the records begins nothing."""

    async def start(
        self, take_id: str, workspace_id: str, *, engine: str, attempt: int = 0
    ) -> None:
        what = f"Attempt {attempt} at take {take_id} of {workspace_id}"
        raise RuntimeError(f"{what} was given to nobody at {engine}.")


@asynccontextmanager
async def open_records(settings: Settings) -> AsyncGenerator[Studio]:
    """Open the studio for the command line: nothing is sent, no work begins, Slack is not asked."""
    async with AsyncExitStack() as stack:
        client = await _client(settings, stack)
        yield await _studio(settings, client, stack, work=_NoWork())


async def _client(settings: Settings, stack: AsyncExitStack) -> AsyncWebClient:
    session = await stack.enter_async_context(aiohttp.ClientSession())
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        timeout=30,
    )


async def _studio(
    settings: Settings, client: AsyncWebClient, stack: AsyncExitStack, *, work: Work | None = None
) -> Studio:
    settings.engine_work.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database)
    stack.push_async_callback(db.close)
    http = await stack.enter_async_context(httpx.AsyncClient(transport=AiohttpTransport()))
    hired = hire(settings)
    for name, why in misfits(settings).items():
        _tell.warning("an engine is left out", engine=name, why=why)
    for engine in hired.values():
        stack.push_async_callback(engine.close)
    return Studio(
        db=db,
        files=Files(settings.files),
        engines=hired,
        room=SlackRoom(client, http, Pace(settings.posts_per_second)),
        work=work or DurableWork(settings, hired),
        clock=now,
        settings=settings,
        bell=Bell(),
    )


def _bolt(settings: Settings, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(
        client=client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        # A listener's effect is committed before Slack hears that it was received.
        process_before_response=True,
        # Our own videos come back as messages; that is how we learn where they are.
        ignoring_self_events_enabled=False,
        request_verification_enabled=not settings.uses_socket,
    )


async def _work(studio: Studio, stack: AsyncExitStack) -> Life:
    """Begin what goes on by itself; give each part's sign of life."""
    signs: dict[str, Callable[[], str]] = {}
    work = studio.work
    if isinstance(work, DurableWork):
        await work.open(studio)
        stack.push_async_callback(work.close)
        signs["work"] = lambda: _RUNS[work.is_up]
        signs["lease"] = lambda: "ok" if work.is_ours else "may be another replica's by now"
    sender = asyncio.create_task(keep_sending(studio))
    stack.push_async_callback(_cancelled, sender)
    scheduler = clockwork(studio)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    signs["outbox"] = lambda: _RUNS[not sender.done()]
    signs["clock"] = lambda: _RUNS[bool(scheduler.running)]
    return signs


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _socket(settings: Settings, bolt: AsyncApp, stack: AsyncExitStack) -> None:
    handler = AsyncSocketModeHandler(bolt, settings.slack_app_token.get_secret_value())
    await handler.connect_async()

    async def close() -> None:
        # slack_sdk's close can hang on a dead connection.
        with suppress(TimeoutError):
            await asyncio.wait_for(handler.close_async(), _SOCKET_CLOSES_WITHIN)

    stack.push_async_callback(close)
