"""Hold a talk: several calls that belong together, described one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ._call import Answer, Call, Pause, Talk
from ._errors import EngineError

_Told = TypeVar("_Told")
_SILENCE = Answer(status=0, headers={}, body=b"")


async def held(talk: Talk[_Told], ask: Callable[[Call], Awaitable[Answer]]) -> _Told:
    """Make each call of a talk, bring it the answer, and give what the talk was for.

    A call that fails is thrown into the talk, which may know what to make of the EngineError.
    """
    try:
        wish = next(talk)
        while True:
            try:
                answer = await _answer(wish, ask)
            except EngineError as error:
                wish = talk.throw(error)
            else:
                wish = talk.send(answer)
    except StopIteration as done:
        return done.value


async def _answer(wish: Call | Pause, ask: Callable[[Call], Awaitable[Answer]]) -> Answer:
    if isinstance(wish, Pause):
        await asyncio.sleep(wish.seconds)
        return _SILENCE
    return await ask(wish)
