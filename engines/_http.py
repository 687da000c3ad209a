"""What every engine behind HTTP is made of: an adapter describes calls, this class has them made.

What an adapter writes is in `_adapter.py`, and here only what it knows of keys that run out.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Self, TypeVar

from ._adapter import Adapter
from ._answer import Balance, Handle, Output, Status, Stored
from ._answers import fault_of
from ._base import Finding, Terms
from ._call import Answer, Call, Talk
from ._clock import wall_clock
from ._errors import Broken, Busy, EngineError, Refused, Unsure
from ._facts import limits_of
from ._fetch import fetched
from ._hosts import lies_on
from ._job import JobSpec, Ref
from ._pace import Pace
from ._problems import Problem, problems_with
from ._sink import MOST_BYTES
from ._talk import held
from ._wire import Wire
from ._words import Cancellation, FailKind

_KEY_IS_WRONG = 401
_Told = TypeVar("_Told")


class HttpEngine(Adapter):
    """An engine that is asked over HTTP."""

    renews: ClassVar[bool] = False
    """Whether `fresh_key` can mend a 401."""

    def __init__(
        self, settings: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        super().__init__(settings, clock=clock)
        self.wire = Wire(self.label, self.setting("BASE_URL", self.base_url))
        self.limits = limits_of(self.facts, settings)
        self.pace = Pace(self.limits.per_minute, time.monotonic)
        self._renewing = asyncio.Lock()
        self._keys_had = 0 if self.renews else 1

    @classmethod
    def hired(cls, terms: Terms) -> Self | None:
        """Make one ready to work, or None if a setting that it needs is missing."""
        told = terms.engine_variables
        needed = [each.name for each in cls.facts.variables if each.needed]
        return cls(told) if all(told.get(name, "").strip() for name in needed) else None

    async def fresh_key(self) -> None:
        """Get a new key where keys run out; called before the first call and after a 401."""

    def has_key(self) -> bool:
        """Whether there is a key that still lasts; `fresh_key` is called first where not."""
        return self._keys_had > 0

    def validate(self, spec: JobSpec) -> list[Problem]:
        """Find what is wrong with an order before money is spent; looks at local files only."""
        if spec.model and spec.model not in self.models():
            return [Problem("model", f"{spec.model} is not a model of {self.label}.")]
        found = problems_with(spec, self.caps(spec.model))
        return found or self.more_problems(spec)

    async def prepare(self, spec: JobSpec) -> JobSpec:
        """Hand over the files that must lie with the engine first; free, and harmless to repeat."""
        refs = [await self._handed_over(ref, spec) for ref in spec.refs]
        return replace(spec, refs=tuple(refs))

    def rehearse(self, spec: JobSpec) -> Call:
        """Describe the order as `submit` would send it; files not yet handed over are stood in."""
        refs = [_stand_in(ref) if self.upload(ref, spec) else ref for ref in spec.refs]
        call = self.order(replace(spec, refs=tuple(refs)))
        headers = {**self._key_for(call), **call.headers}
        return replace(call, path=self.wire.address_of(call), query={}, headers=headers)

    async def submit(self, spec: JobSpec) -> Handle:
        """Place exactly one order. `Unsure` means that it may have been placed."""
        if problems := self.validate(spec):
            raise Refused(" ".join(problem.text for problem in problems))
        call = await asyncio.to_thread(self.order, spec)
        answer = await self._asked(call, creating=True)
        try:
            return self.ticket(spec, answer)
        except Broken as unread:
            raise Unsure(f"{self.label} took the order and its answer cannot be read.") from unread

    async def poll(self, handle: Handle) -> Status:
        """Look once. A failed job is a `Status`; only a failed look raises."""
        if self.limits.counts_polls:
            self._take_turn(spare=1)  # or looking at jobs would leave no room for orders
        answer = await self._answer(self.look(handle), creating=False)
        if answer.is_ok:
            return self._legible(handle, answer)
        told = self._faulted(answer, creating=False)
        if isinstance(told, Status):
            return told
        raise told

    async def cancel(self, handle: Handle) -> Cancellation:
        """Ask the engine to stop, and say what became of it."""
        call = self.cancelling(handle)
        if call is None:
            return Cancellation.UNSUPPORTED
        return self.cancelled(await self._answer(call, creating=False))

    async def download(self, output: Output, sink: Path, *, most: int = MOST_BYTES) -> Stored:
        """Fetch into the file `sink`; raises Expired if the link must be minted again."""
        if output.needs_auth and not self._may_see_key(output.url or ""):
            raise Broken(f"{self.label} named an address that must not see our key.")
        if output.needs_auth and not self.has_key():
            await self._renew()
        shown: Mapping[str, str] = self.key() if output.needs_auth else {}
        return await fetched(self.wire, output, sink, key=shown, hosts=self.hosts, most=most)

    async def balance(self) -> Balance | None:
        """Tell what is left on the account, where the engine does."""
        talk = self.holding()
        return None if talk is None else await self._talked(talk)

    async def preflight(self) -> list[Finding]:
        """Ask the engine, without spending, whether orders can succeed."""
        talk = self.finding()
        return [] if talk is None else await self._talked(talk)

    async def close(self) -> None:
        """Let go of connections; running jobs are found again by their handles."""
        await self.wire.close()

    async def _handed_over(self, ref: Ref, spec: JobSpec) -> Ref:
        talk = self.upload(ref, spec)
        return ref if talk is None else await self._talked(talk)

    async def _talked(self, talk: Talk[_Told]) -> _Told:
        return await held(talk, self._answered)

    async def _answered(self, call: Call) -> Answer:
        return await self._asked(call, creating=False)

    async def _asked(self, call: Call, *, creating: bool) -> Answer:
        if creating or self.limits.counts_polls:
            self._take_turn()
        return self._accepted(await self._answer(call, creating=creating), creating=creating)

    def _accepted(self, answer: Answer, *, creating: bool) -> Answer:
        """Give an answer of success back; what any other means is raised."""
        if answer.is_ok:
            return answer
        told = self._faulted(answer, creating=creating)
        if isinstance(told, Status):
            raise Broken(told.fail.text if told.fail else f"{self.label} did not accept it.")
        raise told

    async def _answer(self, call: Call, *, creating: bool) -> Answer:
        if call.key and not self.has_key():
            await self._renew()
        answer = await self.wire.ask(call, headers=self._key_for(call), creating=creating)
        if answer.status == _KEY_IS_WRONG and call.key and self.renews:
            await self._renew()  # a 401 is a refusal: nothing was accepted
            answer = await self.wire.ask(call, headers=self._key_for(call), creating=creating)
        return answer

    async def _renew(self) -> None:
        had = self._keys_had
        async with self._renewing:
            if self._keys_had == had:  # nobody got a new one while we waited our turn
                await self.fresh_key()
                self._keys_had += 1

    def _key_for(self, call: Call) -> Mapping[str, str]:
        if not call.key:
            return {}
        if "://" in call.path and not self._may_see_key(call.path):
            raise Broken(f"{self.label} named an address that must not see our key.")
        return self.key()

    def _may_see_key(self, url: str) -> bool:
        return self.wire.is_own(url) or lies_on(url, self.key_hosts)

    def _take_turn(self, *, spare: int = 0) -> None:
        if wait := self.pace.wait(spare=spare):
            raise Busy(f"{self.label} has had its orders for this minute.", retry_after=wait)

    def _faulted(self, answer: Answer, *, creating: bool) -> EngineError | Status:
        told = self.fault(answer, creating=creating) or fault_of(
            answer, engine=self.label, now=self.clock(), creating=creating
        )
        if isinstance(told, Busy) and told.kind is not FailKind.TRANSIENT and told.retry_after:
            self.pace.rest(told.retry_after)
        return told

    def _legible(self, handle: Handle, answer: Answer) -> Status:
        try:
            return self.standing(handle, answer)
        except Broken as unread:  # a web page in place of the answer: look again later
            raise Busy(str(unread), kind=FailKind.TRANSIENT) from unread


def _stand_in(ref: Ref) -> Ref:
    return replace(ref, uri=f"uploaded:{(ref.sha256 or '')[:12] or 'file'}")
