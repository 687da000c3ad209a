"""ComfyUI's HTTP routes: one queue, one job at a time, and a history that is lost at a restart."""

import hashlib
import json
import time
import uuid
from typing import cast

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError
from tests.sandbox._comfy_about import MAX_BODY, all_nodes, features, models, one_node, stats
from tests.sandbox._comfy_files import Files
from tests.sandbox._comfy_graph import Graph, problem
from tests.sandbox._comfy_live import Live
from tests.sandbox._comfy_nodes import Json
from tests.sandbox._comfy_run import (
    history_of,
    is_waiting,
    job_of,
    name_files,
    picture_of,
    prompt_of,
    row_of,
)
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._jobs import Job, Order


def restart(desk: Desk) -> None:
    """Forget queue and history, as a restart does; files that were written stay on the disk.

    To be seen as a restart by those who are connected, put `sandbox.down` and `sandbox.up` around
    it.
    """
    desk.jobs.clear()


class Comfy:
    """The routes; each also answers below `/api`."""

    def __init__(self, desk: Desk, *, has_jobs: bool) -> None:
        self._desk = desk
        self._files = Files(desk)
        self._live = Live(desk)
        self._has_jobs = has_jobs
        self._number = 0
        self._line: list[Job] = []
        """Jobs in the order of their turns; those at the end that are over are dropped."""
        self._made: dict[str, Job] = {}

    def application(self) -> web.Application:
        """Make the application."""
        app = web.Application(client_max_size=MAX_BODY)
        for prefix in ("", "/api"):
            self._add_to(app, prefix)
        if self._has_jobs:
            app.router.add_get("/api/jobs", self.jobs)
            app.router.add_get("/api/jobs/{id}", self.job)
            app.router.add_post("/api/jobs/{id}/cancel", self.cancel)
        return app

    def _add_to(self, app: web.Application, prefix: str) -> None:
        add = app.router
        add.add_post(f"{prefix}/prompt", self.submit)
        add.add_get(f"{prefix}/prompt", self.waiting)
        add.add_get(f"{prefix}/history", self.history)
        add.add_post(f"{prefix}/history", self.forget)
        add.add_get(f"{prefix}/history/{{id}}", self.history_of_one)
        add.add_get(f"{prefix}/queue", self.queue)
        add.add_post(f"{prefix}/queue", self.drop)
        add.add_post(f"{prefix}/interrupt", self.interrupt)
        add.add_post(f"{prefix}/free", _done)
        add.add_get(f"{prefix}/view", self._files.view)
        add.add_post(f"{prefix}/upload/image", self._files.upload)
        add.add_get(f"{prefix}/object_info", all_nodes)
        add.add_get(f"{prefix}/object_info/{{name}}", one_node)
        add.add_get(f"{prefix}/models/{{folder}}", models)
        add.add_get(f"{prefix}/features", features)
        add.add_get(f"{prefix}/system_stats", stats)
        add.add_get(f"{prefix}/ws", self._live.connect)

    async def submit(self, request: web.Request) -> web.Response:
        """Queue a graph. The content type is not looked at; the id is not checked for being new."""
        body = await _json(request)
        graph, number = self._graph(body), self._next_number(body)
        verdict = graph.judge()
        if verdict.error is not None:
            raise _no(verdict.error, verdict.node_errors)
        order = Order(
            model="comfyui",
            prompt=prompt_of(graph.nodes),
            request=body,
            picture=picture_of(graph.nodes, verdict.outputs),
            job_id=self._job_id(body),
        )
        earlier = self._earlier(graph.nodes)
        job = self._desk.accept(request, order)
        job.facts.update(number=number, outputs=verdict.outputs, cached=earlier is not None)
        self._stand_in_line(job, earlier)
        answer = {"prompt_id": job.id, "number": number, "node_errors": verdict.node_errors}
        return web.json_response(answer)

    def _graph(self, body: Json) -> Graph:
        nodes = body.get("prompt")
        if not isinstance(nodes, dict):
            text = "No prompt provided"
            raise _no(problem("no_prompt", text, text))
        return Graph(cast("Json", nodes), has_file=self._files.has_input)

    def _job_id(self, body: Json) -> str:
        given = body.get("prompt_id")
        if given is None:
            return str(uuid.uuid4())
        if self._has_jobs and not _is_canonical(given):
            text = "prompt_id must be a UUID string in canonical lowercase hyphenated form"
            raise _no(problem("invalid_prompt_id", "prompt_id must be a valid UUID", text))
        return str(given)

    def _next_number(self, body: Json) -> float:
        if "number" in body:
            return float(body["number"])
        self._number += 1
        return -self._number if body.get("front") else self._number

    def _stand_in_line(self, job: Job, earlier: Job | None) -> None:
        """Let a job start when those before it are over; one that was made before is over soon."""
        while self._line and (self._line[-1].is_over or not self._has(self._line[-1])):
            self._line.pop()
        wait = max(0.0, self._line[-1].ends - job.started) if self._line else 0.0
        job.started += wait
        job.ends += wait
        if Fault.NEVER_ENDS not in job.faults:
            self._line.append(job)
        if earlier is not None:
            job.ends = job.started
            job.facts["files"] = earlier.facts["files"]
            return
        self._made[_digest(job.order.request["prompt"])] = job
        name_files(job, self._desk.core.uploads, number=len(self._desk.core.ledger))

    def _has(self, job: Job) -> bool:
        return self._desk.jobs.get(job.id) is job

    def _earlier(self, graph: Json) -> Job | None:
        """Find a finished job with the very same graph, whose film the server still has."""
        job = self._made.get(_digest(graph))
        return job if job is not None and self._has(job) and job.has_output else None

    async def waiting(self, _: web.Request) -> web.Response:
        """Tell how much is left to do."""
        left = sum(not job.is_over for job in self._desk.jobs.values())
        return web.json_response({"exec_info": {"queue_remaining": left}})

    async def history(self, _: web.Request) -> web.Response:
        """Show all that is over."""
        over = [job for job in self._desk.jobs.values() if job.is_over]
        return web.json_response({job.id: history_of(job, self._words(job)) for job in over})

    async def history_of_one(self, request: web.Request) -> web.Response:
        """Show one job, or `{}` while it is not over or where it is not known."""
        job = self._desk.look(request, request.match_info["id"])
        if job is None or not job.is_over:
            return web.json_response({})
        return web.json_response({job.id: history_of(job, self._words(job))})

    async def forget(self, request: web.Request) -> web.Response:
        """Delete from the history."""
        body = await _json(request)
        over = [job.id for job in self._desk.jobs.values() if job.is_over]
        for job_id in over if body.get("clear") else body.get("delete", []):
            if job_id in over:
                del self._desk.jobs[job_id]
        return web.Response()

    async def queue(self, request: web.Request) -> web.Response:
        """Show what runs and what waits."""
        self._desk.meet(request, Stage.POLL)
        jobs = [job for job in self._desk.jobs.values() if not job.is_over]
        jobs = [job for job in jobs if Fault.LOST not in job.faults]
        rows = {True: list[object](), False: list[object]()}
        for job in jobs:
            rows[is_waiting(job)].append(row_of(job))
        return web.json_response({"queue_running": rows[False], "queue_pending": rows[True]})

    async def drop(self, request: web.Request) -> web.Response:
        """Take waiting jobs out of the queue; nothing remains of them."""
        body = await _json(request)
        waiting = [job.id for job in self._desk.jobs.values() if is_waiting(job)]
        for job_id in waiting if body.get("clear") else body.get("delete", []):
            if job_id in waiting:
                self._stop(self._desk.jobs[job_id])
        return web.Response()

    async def interrupt(self, request: web.Request) -> web.Response:
        """Stop what runs: the named job, or, without a name, whichever it is."""
        body = await _json(request) if request.can_read_body else {}
        running = [job for job in self._desk.jobs.values() if not job.is_over]
        for job in [job for job in running if not is_waiting(job)]:
            if body.get("prompt_id") in {None, job.id}:
                self._stop(job)
        return web.Response()

    async def jobs(self, request: web.Request) -> web.Response:
        """List jobs, newest first."""
        wanted = {word for word in request.query.get("status", "").split(",") if word}
        shown = [job_of(job, self._words(job)) for job in reversed(self._desk.jobs.values())]
        shown = [one for one in shown if not wanted or one["status"] in wanted]
        offset, limit = int(request.query.get("offset", "0")), request.query.get("limit")
        page = shown[offset : offset + int(limit) if limit else None]
        paging = {"offset": offset, "limit": limit and int(limit), "total": len(shown)}
        paging["has_more"] = offset + len(page) < len(shown)
        return web.json_response({"jobs": page, "pagination": paging})

    async def job(self, request: web.Request) -> web.Response:
        """Show one job."""
        job = self._desk.look(request, request.match_info["id"])
        if job is None:
            raise RefusedError(Refusal(404, {"error": "Job not found"}))
        return web.json_response(job_of(job, self._words(job)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop or drop a job, whichever it needs; a job that is over is no error."""
        job = self._desk.jobs.get(request.match_info["id"])
        stopped = job is not None and self._stop(job)
        return web.json_response({"cancelled": stopped})

    def _stop(self, job: Job) -> bool:
        waited, left = is_waiting(job), job.ends - max(time.monotonic(), job.started)
        if not self._desk.cancel(job):
            return False
        job.facts["stopped_at"] = int(time.time() * 1000)
        if waited:
            del self._desk.jobs[job.id]
        if Fault.NEVER_ENDS in job.faults:
            return True  # nobody waits for it
        for other in self._line:
            if other.started >= job.ends and not other.is_over:
                other.started -= left
                other.ends -= left
        return True

    def _words(self, job: Job) -> Json | None:
        return self._desk.failure(job) if job.failure else None


def _digest(graph: Json) -> str:
    return hashlib.sha256(json.dumps(graph, sort_keys=True).encode()).hexdigest()


def _is_canonical(given: object) -> bool:
    try:
        return isinstance(given, str) and str(uuid.UUID(given)) == given
    except ValueError:
        return False


def _no(error: Json, node_errors: Json | None = None) -> RefusedError:
    return RefusedError(Refusal(400, {"error": error, "node_errors": node_errors or {}}))


async def _json(request: web.Request) -> Json:
    """Read JSON whatever the content type says; what is none brings the handler down, as there."""
    try:
        return cast("Json", json.loads(await request.read()))
    except json.JSONDecodeError as error:
        raise web.HTTPInternalServerError(text="500 Internal Server Error") from error


async def _done(_: web.Request) -> web.Response:
    return web.Response()
