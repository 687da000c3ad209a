"""Ask every engine that is set up whether orders can succeed, without spending.

An engine that fails, hangs or answers nonsense is a finding with advice, and hides no other's.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.checkup import Check
from bot.engine_tables import redactor_of
from bot.settings import Settings
from engines import Actor, Engine, EngineError, hire

_WITHIN = 10.0
"""Seconds for all that is asked of one engine; they are asked at the same time."""
_SOON = timedelta(days=60)
_CREDIT = "credit"
_NEXT = {
    Actor.ARTIST: "",
    Actor.PRODUCER: "A producer tops the account up.",
    Actor.OPERATOR: "Its variables and how to get them are in docs/engines.md.",
    Actor.NOBODY: "Orders wait until it answers; look at its status page if this lasts.",
    Actor.PERSON: "Look at its base address, and whether something stands between.",
}


async def examined(settings: Settings, *, today: date, within: float = _WITHIN) -> list[Check]:
    """Ask every engine that is set up, all at once and each for `within` seconds.

    No secret of the settings is in what is told, whatever an engine echoes.
    """
    hired = hire(settings)
    redactor = redactor_of(settings)
    try:
        answers = await asyncio.gather(*(asked(each, today, within) for each in hired.values()))
    finally:
        for engine in hired.values():
            await engine.close()
    found = (each for told in answers for each in told)
    return [replace(each, told=redactor.text(each.told)) for each in found]


async def asked(engine: Engine, today: date, within: float = _WITHIN) -> list[Check]:
    """Ask one engine all that is free to ask; nothing that it does is raised."""
    found: list[Check] = []
    try:
        async with asyncio.timeout(within):
            async for check in _answers(engine):
                found.append(check)  # noqa: PERF401 - what came before a failure is kept
    except EngineError as why:
        found.append(_failed(engine, f"{why} {_NEXT[why.kind.next_actor]}".rstrip()))
    except TimeoutError:
        found.append(_failed(engine, f"no answer within {within:g} seconds. {_NEXT[Actor.NOBODY]}"))
    except Exception as why:  # noqa: BLE001 - one engine's nonsense must not hide the others
        told = f"what it answers cannot be read ({type(why).__name__}). {_NEXT[Actor.PERSON]}"
        found.append(_failed(engine, told))
    return [*found, *goings(engine, today)]


def _failed(engine: Engine, told: str) -> Check:
    return Check(engine.name, is_ok=False, told=told)


async def _answers(engine: Engine) -> AsyncIterator[Check]:
    findings = await engine.preflight()
    for each in findings:
        yield Check(f"{engine.name}, {each.what}", each.is_ok, each.told)
    if any(each.what == _CREDIT for each in findings):
        return
    if (left := await engine.balance()) is not None:
        yield Check(f"{engine.name}, {_CREDIT}", is_ok=True, told=left.text)


def goings(engine: Engine, today: date) -> Iterator[Check]:
    """Tell which models are gone, or go within two months, by the dates in the tables."""
    for model in engine.models():
        retires = engine.caps(model).retires
        if retires is None or (retires.on is not None and retires.on - today > _SOON):
            continue
        is_gone = retires.on is not None and retires.on <= today
        day = f"{retires.on:%d %B %Y}".lstrip("0") if retires.on else "on a day unknown"
        told = f"{'was to go away' if is_gone else 'goes away'} {day}: {retires.text}"
        advice = " Choose another model." if retires.on else ""
        yield Check(f"{engine.name}, {model}", is_ok=not is_gone, told=f"{told}{advice}")
