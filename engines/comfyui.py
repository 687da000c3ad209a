"""ComfyUI: the team's own workflows on its own machine, or one that it rents.

An order's id is the take's, so that a repeated order is the same order: it is looked up before it
is sent, and a lost answer settles itself. Servers before the jobs API are asked by history and
queue. What a workflow offers stands in a manifest (`_comfyui_manifest.py`); the protocol is that of
ComfyUI's server.py, version 0.38.1, and of 0.3.64 for older ones.
"""

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from . import _comfyui_calls as calls
from ._answer import Failure, Handle, Status
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._clock import wall_clock
from ._comfyui_answers import Reader
from ._comfyui_calls import in_queue, knows_jobs, legible, object_of
from ._comfyui_desk import caps_of, caps_of_none, checked, ref_problems, uploading
from ._comfyui_facts import FACTS, check_address
from ._comfyui_graph import filled, job_id_of, option_problems
from ._comfyui_live import Live
from ._comfyui_manifest import Workflow, shelf_at
from ._errors import Broken, Busy, EngineError, Refused, Unsure
from ._http import HttpEngine
from ._job import JobSpec, Ref
from ._problems import Problem
from ._words import Cancellation, FailKind, JobState

Json = dict[str, Any]
_NO_SUCH_ROUTE = frozenset({404, 405})
_BAD_ORDER, _FELL_OVER = 400, 500
_SOON = 3.0
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOST = Status(
    state=JobState.FAILED,
    fail=Failure(
        FailKind.NOT_FOUND,
        "ComfyUI no longer knows this job: it was restarted, its history was emptied, or somebody"
        " took the job away. Look in its output folder, or order again.",
    ),
)


class _Accepted(BaseModel):
    prompt_id: str


class ComfyUI(HttpEngine):
    """Each workflow of the operator's folder is a model."""

    name = "comfyui"
    label = "ComfyUI"
    base_url = "http://127.0.0.1:8188"
    facts = FACTS

    def __init__(
        self, settings: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        super().__init__(settings, clock=clock)
        check_address(self.wire.base_url)
        self.shelf = shelf_at(Path(self.setting("WORKFLOWS")).expanduser())
        self.client_id = uuid.uuid4().hex
        self.live = Live(self._texts)

    def models(self) -> tuple[str, ...]:
        """Name the workflows that can be used."""
        return tuple(self.shelf.workflows)

    def caps(self, model: str = "") -> Caps:
        """Read a workflow's manifest as a table; one that is gone offers nothing."""
        workflow = self._workflow(model)
        return caps_of_none(model) if workflow is None else caps_of(workflow)

    def estimate(self, spec: JobSpec) -> int | None:
        """Count seconds at the manifest's price; stills count as one."""
        price = self.caps(spec.model).price.cents_per_second
        seconds = 1 if spec.mode.makes_still else spec.seconds
        return None if price is None else ceil(round(price * seconds, 6))

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Look at the kinds of files and options."""
        workflow = self._workflow(spec.model)
        options = option_problems(workflow, spec) if workflow else ()
        return [*ref_problems(spec), *options]

    def key(self) -> Mapping[str, str]:
        """Give what a proxy wants; without one, nothing."""
        return super().key() if self.setting("API_KEY") else {}

    def order(self, spec: JobSpec) -> Call:
        """Describe the order: the graph, filled, under our own id."""
        workflow = self._workflow(spec.model)
        if workflow is None:
            raise Refused(f"There is no workflow {spec.model} any more. Choose another.")
        body = {
            "prompt": filled(workflow, spec),
            "client_id": self.client_id,
            "prompt_id": job_id_of(spec),
        }
        return Call(method="POST", path="/prompt", json=body)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the job's id; servers too old to take ours give their own."""
        return self.handle(answer.read(_Accepted).prompt_id, spec)

    def look(self, handle: Handle) -> Call:
        """Describe a look by the jobs API."""
        return calls.job(handle.id)

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read an answer of the jobs API."""
        return self._reader(handle.model).job(object_of(answer))

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand over every local file: ComfyUI reads nothing but its own folder."""
        del spec
        return None if ref.path is None else uploading(ref, ref.path)

    def cancelling(self, handle: Handle) -> Call:
        """Describe how a newer server is asked to stop."""
        return calls.cancel(handle.id)

    def cancelled(self, answer: Answer) -> Cancellation:
        """Read whether there was anything to stop."""
        is_done = object_of(answer).get("cancelled")
        return Cancellation.DONE if is_done else Cancellation.TOO_LATE

    def finding(self) -> Talk[list[Finding]]:
        """Ask for the server, and for every node and model file of the workflows."""
        return checked(list(self.shelf.workflows.values()))

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take a job over by its id, a UUID as ComfyUI shows it."""
        if not _UUID.fullmatch(job_id):
            raise Refused("An id of ComfyUI is like 0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001.")
        return self.handle(job_id, spec)

    async def submit(self, spec: JobSpec) -> Handle:
        """Place the order unless the server knows it already.

        Never raises Unsure: what is lost is looked up, now and, after a `Busy`, at the next try.
        """
        if not spec.user_tag:
            raise Refused("ComfyUI needs the id of the take that an order is for.")
        if problems := self.validate(spec):
            raise Refused(" ".join(problem.text for problem in problems))
        if await self._is_known(spec):
            return self._job_of(spec)
        call = await asyncio.to_thread(self.order, spec)
        self._take_turn()
        self.live.watch(job_id_of(spec))
        try:
            return await self._placed(spec, await self._answer(call, creating=True))
        except Unsure as lost:
            return await self._settled(spec, lost)

    async def poll(self, handle: Handle) -> Status:
        """Look once; the percentage comes from the socket, if it is open."""
        status = await self._found(handle)
        if status is None:  # nothing is lost on the word of one answer, which a proxy may give too
            status = await self._found_of_old(handle)
        if status is None or status.state.is_over:
            self.live.forget(handle.id)
            return status or _LOST
        self.live.watch(handle.id)
        workflow = self._workflow(handle.model)
        done = self.live.progress(handle.id, workflow.work) if workflow else None
        return replace(status, progress=done) if status.state is JobState.RUNNING else status

    async def cancel(self, handle: Handle) -> Cancellation:
        """Stop this job and no other; older servers are asked in their own way."""
        answer = await self._answer(self.cancelling(handle), creating=False)
        if answer.status in _NO_SUCH_ROUTE:
            return await self._cancelled_of_old(handle)
        if not answer.is_ok:
            return Cancellation.UNKNOWN
        return self.cancelled(answer)

    async def preflight(self) -> list[Finding]:
        """Say what is wrong with manifests too, and that the server is not there."""
        unfit = [Finding(name, is_ok=False, told=why) for name, why in self.shelf.faults.items()]
        try:
            return [*unfit, *await super().preflight()]
        except EngineError as down:
            return [*unfit, Finding("server", is_ok=False, told=str(down))]

    async def close(self) -> None:
        """Hang up; running jobs are found again by their handles."""
        await self.live.close()
        await super().close()

    def _workflow(self, model: str) -> Workflow | None:
        return self.shelf.workflows.get(model or self.models()[0])

    def _reader(self, model: str) -> Reader:
        return Reader(self._workflow(model), self._address, key=self.setting("API_KEY"))

    def _address(self, query: Mapping[str, str]) -> str:
        return self.wire.address_of(calls.view(query))

    def _texts(self) -> AsyncGenerator[str]:
        return self.wire.texts(calls.listen(self.client_id), headers=self.key())

    async def _placed(self, spec: JobSpec, answer: Answer) -> Handle:
        if answer.status == _FELL_OVER and not await self._is_known(spec):
            raise Broken("ComfyUI fell over at this order and did not take it. Look in its log.")
        if answer.status == _BAD_ORDER:
            self.live.forget(job_id_of(spec))
            if refusal := self._reader(spec.model).rejection(answer):
                raise refusal
        self._accepted(answer, creating=True)
        try:
            return self.ticket(spec, answer)
        except Broken as unread:
            raise Unsure("ComfyUI took the order and its answer cannot be read.") from unread

    async def _settled(self, spec: JobSpec, lost: Unsure) -> Handle:
        """Find out whether an order arrived whose answer did not."""
        with suppress(EngineError):
            if await self._is_known(spec):
                return self._job_of(spec)
        text = f"{lost} It is looked up by its own id, and sent again only if it is not there."
        raise Busy(text, kind=FailKind.TRANSIENT, retry_after=_SOON) from lost

    def _job_of(self, spec: JobSpec) -> Handle:
        return self.handle(job_id_of(spec), spec)

    async def _is_known(self, spec: JobSpec) -> bool:
        return await self._found(self._job_of(spec)) is not None

    async def _found(self, job: Handle) -> Status | None:
        """Look a job up, by either API; None if the server does not know it."""
        answer = await self._answer(self.look(job), creating=False)
        if answer.status in _NO_SUCH_ROUTE:
            return None if knows_jobs(answer) else await self._found_of_old(job)
        self._accepted(answer, creating=False)
        with legible():
            return self.standing(job, answer)

    async def _found_of_old(self, job: Handle) -> Status | None:
        """Look in the history, the queue, and again the history: a job moves from one to it."""
        with legible():
            for ask in (self._in_history, self._in_queue, self._in_history):
                if (status := await ask(job)) is not None:
                    return status
        return None

    async def _in_history(self, job: Handle) -> Status | None:
        told = object_of(await self._asked(calls.history(job.id), creating=False))
        return self._reader(job.model).history(told[job.id]) if job.id in told else None

    async def _in_queue(self, job: Handle) -> Status | None:
        return in_queue(object_of(await self._asked(calls.queue(), creating=False)), job.id)

    async def _cancelled_of_old(self, job: Handle) -> Cancellation:
        """Take a job from the queue, and interrupt it only if it is the one that runs."""
        before = await self._in_queue(job)
        if before is None:
            return Cancellation.TOO_LATE
        if before.state is JobState.QUEUED:
            await self._asked(calls.unqueue(job.id), creating=False)
        after = await self._in_queue(job)
        if after is not None and after.state is JobState.RUNNING:
            await self._asked(calls.interrupt(job.id), creating=False)
        return Cancellation.DONE


ENGINE = ComfyUI
