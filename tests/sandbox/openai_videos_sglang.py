"""SGLang 0.5.23: whole seconds as numbers, `variant` as an index, DELETE that stops nothing."""

from typing import Final
from weakref import WeakSet

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Job, Json, State
from tests.sandbox._openai_form import Form
from tests.sandbox._openai_shape import MAX_BODY, Videos, fastapi_manners
from tests.sandbox._serving import send_output

VENDOR = Vendor(
    "openai_videos_sglang",
    refusals={
        Fault.BAD_INPUT: Refusal(400, {"detail": "Invalid request body: size must be WxH"}),
        Fault.AUTH: Refusal(401, {"error": "Unauthorized"}),
        Fault.SERVER_ERROR: Refusal(500, {"detail": "Internal Server Error"}),
        Fault.UNAVAILABLE: Refusal(503, {"detail": "The scheduler is not ready."}),
        Fault.ERROR_IN_200: Refusal(200, {"detail": "Internal Server Error"}),
    },
    failures={
        Fault.ENGINE: {"message": "Model generation returned no output."},
        Fault.TRANSIENT: {"message": "CUDA out of memory."},
        Fault.BAD_ASSET: {"message": "Failed to load the reference image."},
    },
)
_IN_CLOUD: WeakSet[Desk] = WeakSet()
_SIDES: Final = 2


def keep_in_cloud(desk: Desk) -> None:
    """Let this server store its films in a cloud: jobs have a `url`, /content refuses."""
    _IN_CLOUD.add(desk)


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[fastapi_manners])
    videos = SglangVideos(desk)
    app.router.add_delete("/v1/videos/{id}", videos.delete)
    videos.add_to(app)
    return app


class SglangVideos(Videos):
    """SGLang's rules: any model name is fine, because the server has one."""

    def unauthorized(self) -> Refusal:
        """Say that the key is wrong."""
        return Refusal(401, {"error": "Unauthorized"})

    def bad(self, message: str, param: str | None = None) -> RefusedError:
        """Say what is wrong, in a sentence."""
        detail = f"Invalid request body: {param}: {message}" if param else message
        return RefusedError(Refusal(400, {"detail": detail}))

    def missing(self, video_id: str) -> RefusedError:  # noqa: ARG002 - this server does not say which
        """Say that there is no such video."""
        return RefusedError(Refusal(404, {"detail": "Video not found"}))

    def judge(self, form: Form) -> None:
        """Want a prompt, whole seconds and a size in pixels."""
        if not form.text("prompt"):
            raise self.bad("prompt is required")
        if not (form.text("seconds") or "4").isdigit():
            raise self.bad("Input should be a valid integer", "seconds")
        sides = (form.text("size") or "720x1280").split("x")
        if len(sides) != _SIDES or not all(side.isdigit() for side in sides):
            raise self.bad("size must be WxH", "size")

    def shown(self, job: Job) -> Json:
        """Write the video object with what only this server adds."""
        url = None
        if job.has_output and self.desk in _IN_CLOUD:
            url = self.desk.link(job)
        failed = job.state is State.FAILED
        error = self.desk.failure(job) if failed else None
        return {**super().shown(job), "quality": "standard", "url": url, "error": error}

    def page(self, jobs: list[Job], *, has_more: bool) -> Json:  # noqa: ARG002 - it tells no more
        """Write a page of the list."""
        return {"data": [self.shown(job) for job in jobs], "object": "list"}

    async def content(self, request: web.Request) -> web.StreamResponse:
        """Send the film, unless it lies in a cloud."""
        job = self.found(request)
        if not job.has_output:
            raise RefusedError(Refusal(404, {"detail": "Generation is still in-progress"}))
        if self.desk in _IN_CLOUD:
            text = "Video has been uploaded to cloud storage. Please use the cloud URL:"
            raise RefusedError(Refusal(400, {"detail": f"{text} {self.desk.link(job)}"}))
        variant = request.query.get("variant", "0")
        if variant != "0":
            raise RefusedError(Refusal(404, {"detail": f"Video variant {variant} not found"}))
        return await send_output(self.desk.core, request, job)

    async def delete(self, request: web.Request) -> web.Response:
        """Forget a video; its making goes on, unseen."""
        job = self.found(request)
        del self.desk.jobs[job.id]
        return web.json_response({**self.shown(job), "status": "deleted"})
