"""`circletake doctor` asks every engine that is set up, for nothing, and says what to do."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.engine_checkup import asked, examined, goings
from bot.settings import Settings, read
from engines import Caps, Engine, Finding, Retirement, known
from engines.google_veo import GoogleVeo
from tests.sandbox import Sandbox
from tests.sandbox._hiring import variables

TODAY = date(2026, 11, 22)


def settings_of(folder: Path, **told: str) -> Settings:
    return read({"CIRCLETAKE_DATA": str(folder), **told})


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.05) as sandbox:
        yield sandbox


@asynccontextmanager
async def answering(
    answer: Callable[[web.Request], web.Response | None],
) -> AsyncGenerator[str]:
    """Serve one answer at every address; None hangs for half a minute."""

    async def told(request: web.Request) -> web.Response:
        response = answer(request)
        if response is None:
            await asyncio.sleep(30)
        return response or web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", told)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_every_engine_that_is_set_up_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, **variables(sandbox, tmp_path / "keys"))

    checks = await examined(settings, today=TODAY)

    asked_of = {check.what.partition(",")[0] for check in checks}
    assert asked_of == set(known()) - {"animatic"}
    assert [check for check in checks if not check.is_ok] == []
    told = {check.what: check.told for check in checks}
    assert "credits are left" in told["runway, credit"]
    assert "$" in told["luma_dream_machine, credit"]


async def test_a_key_that_is_refused_is_named_with_advice(sandbox: Sandbox, tmp_path: Path) -> None:
    told = variables(sandbox, tmp_path / "keys", only=("runway", "luma"))
    told |= {"RUNWAY_API_KEY": "key_" + "0" * 128, "LUMA_API_KEY": "luma-api-wrong-key-wrong"}

    checks = await examined(settings_of(tmp_path, **told), today=TODAY)

    unfit = {check.what.partition(",")[0]: check.told for check in checks if not check.is_ok}
    assert set(unfit) == {"runway", "luma"}
    assert not any("0000" in told or "wrong-key" in told for told in unfit.values())


async def test_an_engine_that_hangs_delays_no_other(sandbox: Sandbox, tmp_path: Path) -> None:
    told = variables(sandbox, tmp_path / "keys", only=("luma", "runway"))
    async with answering(lambda _: None) as url:
        settings = settings_of(tmp_path, **told, GOOGLE_OMNI_API_KEY="k", GOOGLE_OMNI_BASE_URL=url)
        began = time.monotonic()
        checks = await examined(settings, today=TODAY, within=1)

    assert time.monotonic() - began < 3
    [hangs] = [check for check in checks if not check.is_ok]
    assert hangs.what == "google_omni"
    assert hangs.told.startswith("no answer within 1 seconds. ")
    assert {check.what.partition(",")[0] for check in checks} == {"luma", "runway", "google_omni"}


def web_page(_: web.Request) -> web.Response:
    return web.Response(text="<html>Sign in</html>", content_type="text/html")


def other_json(_: web.Request) -> web.Response:
    return web.json_response([1, {"creditBalance": None}])


def fallen_over(_: web.Request) -> web.Response:
    return web.Response(status=500)


def led_elsewhere(_: web.Request) -> web.Response:
    return web.Response(status=302, headers={"location": "http://127.0.0.1:1/"})


@pytest.mark.parametrize("answer", [web_page, other_json, fallen_over, led_elsewhere])
async def test_nonsense_is_a_finding_and_no_traceback(
    answer: Callable[[web.Request], web.Response], tmp_path: Path
) -> None:
    keyed = ("RUNWAY", "LUMA", "LUMA_DREAM_MACHINE", "GOOGLE_OMNI", "OPENAI_VIDEOS")
    async with answering(answer) as url:
        told = {f"{name}_API_KEY": "k" for name in keyed}
        told |= {f"{name}_BASE_URL": url for name in keyed}
        settings = settings_of(tmp_path, **told, OPENAI_VIDEOS_MODEL="wan")
        checks = await examined(settings, today=TODAY)

    unfit = {check.what.partition(",")[0] for check in checks if not check.is_ok}
    if answer is web_page:
        assert {"google_omni", "openai_videos"} <= unfit
    assert {"runway", "luma", "luma_dream_machine"} <= unfit
    assert all(check.told.endswith(".") for check in checks if not check.is_ok)


class Leaving(GoogleVeo):
    """Veo with a date on which it goes."""

    day: date | None = None

    def caps(self, model: str = "") -> Caps:
        told = Retirement(on=self.day, text="Google says so.", source="Google")
        return replace(super().caps(model), retires=told)


class Failing(GoogleVeo):
    """An adapter with a fault of its own."""

    async def preflight(self) -> list[Finding]:
        raise LookupError("candidates")


def leaving(day: date | None) -> Engine:
    engine: Any = Leaving({"GOOGLE_VEO_PROJECT": "p"})
    engine.day = day
    return engine


@pytest.mark.parametrize(
    ("days", "said"), [(-5, "was to go away 17 November 2026"), (30, "goes away 22 December 2026")]
)
def test_a_model_that_goes_is_announced_two_months_ahead(days: int, said: str) -> None:
    checks = list(goings(leaving(TODAY + timedelta(days=days)), TODAY))

    assert len(checks) == 3
    for check in checks:
        assert check.is_ok is (days > 0)
        assert check.told == f"{said}: Google says so. Choose another model."


def test_a_model_that_stays_for_long_is_not_spoken_of() -> None:
    assert list(goings(leaving(TODAY + timedelta(days=61)), TODAY)) == []


async def test_a_fault_of_an_adapter_hides_no_other_finding() -> None:
    engine: Any = Failing({"GOOGLE_VEO_PROJECT": "p"})
    [check, *_] = await asked(engine, TODAY)

    assert not check.is_ok
    assert check.told.startswith("what it answers cannot be read (LookupError). ")
