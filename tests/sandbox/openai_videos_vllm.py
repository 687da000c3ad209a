"""vLLM-Omni 0.30: forms only, and a failed job is answered with its failure code as HTTP status."""

import asyncio
import json
import re
import time
import uuid
from typing import Final

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Job, Json, State
from tests.sandbox._openai_form import Form
from tests.sandbox._openai_shape import MAX_BODY, Videos, fastapi_manners
from tests.sandbox._serving import film_bytes

MODEL: Final = "Wan2.2"
"""The one model that this server was started with."""
_UNAVAILABLE: Json = {"detail": "Video generation handler not initialized."}
VENDOR = Vendor(
    "openai_videos_vllm",
    refusals={
        Fault.BAD_INPUT: Refusal(
            422,
            {
                "detail": [
                    {
                        "type": "string_pattern_mismatch",
                        "loc": ["body", "size"],
                        "msg": "String should match pattern '^\\d+x\\d+$'",
                    }
                ]
            },
        ),
        Fault.AUTH: Refusal(401, {"error": "Unauthorized"}),
        Fault.RETIRED: Refusal(400, {"detail": "Model mismatch: the server runs another model."}),
        Fault.SERVER_ERROR: Refusal(500, {"detail": "Video generation setup failed."}),
        Fault.UNAVAILABLE: Refusal(503, _UNAVAILABLE),
        Fault.ERROR_IN_200: Refusal(200, {"detail": "Video generation setup failed."}),
    },
    failures={
        Fault.ENGINE: {"code": 500, "message": "CUDA error: an illegal memory access"},
        Fault.TRANSIENT: {"code": 503, "message": "The engine is restarting."},
        Fault.BAD_ASSET: {"code": 400, "message": "Invalid input reference."},
    },
)
_PATTERNS: Final = {
    "seconds": r"[1-9]\d*",
    "size": r"\d+x\d+",
    **dict.fromkeys(("width", "height", "num_frames", "seed", "num_inference_steps"), r"-?\d+"),
    **dict.fromkeys(
        ("fps", "guidance_scale", "guidance_scale_2", "flow_shift", "boundary_ratio"),
        r"-?\d+(\.\d+)?",
    ),
    "num_outputs_per_prompt": r"[1-9]|10",
    "generate_sound": "true|false|1|0",
}
_AS_JSON: Final = ("image_reference", "video_reference", "audio_reference", "lora", "extra_params")
_REFERENCES: Final = ("input_reference", "image_reference", "video_reference")


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[fastapi_manners])
    videos = VllmVideos(desk)
    app.router.add_post("/v1/videos/sync", videos.create_now)
    app.router.add_delete("/v1/videos/{id}", videos.delete)
    videos.add_to(app)
    return app


class VllmVideos(Videos):
    """vLLM-Omni's rules. Fields that it does not know are ignored, as FastAPI does."""

    model = MODEL

    def unauthorized(self) -> Refusal:
        """Say that the key is wrong."""
        return Refusal(401, {"error": "Unauthorized"})

    def bad(self, message: str, param: str | None = None) -> RefusedError:
        """Say what is wrong as FastAPI does for one field, or as the server for the whole."""
        if param is None:
            return RefusedError(Refusal(400, {"detail": message}))
        kind = "missing" if message == "Field required" else "string_pattern_mismatch"
        detail = [{"type": kind, "loc": ["body", param], "msg": message, "input": None}]
        return RefusedError(Refusal(422, {"detail": detail}))

    def missing(self, video_id: str) -> RefusedError:
        """Say that there is no such video."""
        return RefusedError(Refusal(404, {"detail": f"Video {video_id} not found."}))

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Take a form; of a JSON body it sees no field."""
        if request.content_type == "application/json":
            self.check(request)
            raise self.bad("Field required", "prompt")
        return await super().create(request)

    def judge(self, form: Form) -> None:
        """Check each known field by its pattern, the references, and the model."""
        if not form.text("prompt"):
            raise self.bad("Field required", "prompt")
        for name, pattern in _PATTERNS.items():
            value = form.text(name)
            if value is not None and not re.fullmatch(pattern, value):
                raise self.bad(f"String should match pattern '^{pattern}$'", name)
        self._judge_references(form)
        if (model := form.text("model")) and model != MODEL:
            text = f"Model mismatch: request specifies '{model}' but server is running '{MODEL}'."
            raise self.bad(text)

    def _judge_references(self, form: Form) -> None:
        for name in _AS_JSON:
            if (text := form.text(name)) and not _is_json(text):
                raise self.bad(f"Invalid JSON in {name}.")
        given = [name for name in _REFERENCES if name in form.names]
        if "input_reference" in given and len(given) > 1:
            raise self.bad("Provide only one of input_reference, image_reference, video_reference.")

    def size(self, form: Form) -> str:
        """Give the size, however it was asked for."""
        width, height = form.text("width"), form.text("height")
        return form.text("size") or (f"{width}x{height}" if width and height else "832x480")

    def seconds(self, form: Form) -> str:
        """Give the length, however it was asked for."""
        frames, fps = form.text("num_frames"), form.text("fps")
        if frames and not form.text("seconds"):
            return str(max(1, round(int(frames) / float(fps or 24))))
        return form.text("seconds") or "4"

    def new_id(self) -> str:
        """Make an id as this server does."""
        return f"video_gen_{uuid.uuid4().hex}"

    def shown(self, job: Job) -> Json:
        """Write the video object with what only this server adds; progress stays at 0."""
        done = job.state is State.SUCCEEDED
        more: Json = {"prompt": job.order.prompt, "quality": "default", "media_type": "video/mp4"}
        more["progress"] = 100 if done else 0
        if done:
            more["file_name"] = f"{job.id}.mp4"
        return {**super().shown(job), **more}

    async def get(self, request: web.Request) -> web.Response:
        """Tell what became of a job; a failed one by its code."""
        job = self.found(request)
        shown = self.shown(job)
        status = shown["error"]["code"] if job.state is State.FAILED else 200
        return web.json_response(shown, status=status)

    async def content(self, request: web.Request) -> web.StreamResponse:
        """Send the film: 404 while it is made, 422 where it failed."""
        job = self.found(request)
        if job.state is State.FAILED:
            raise RefusedError(Refusal(422, {"detail": self.desk.failure(job)["message"]}))
        if not job.has_output:
            raise RefusedError(Refusal(404, {"detail": "The video is not ready."}))
        return await super().content(request)

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a video, stopping it if it is being made."""
        job = self.found(request)
        self.desk.cancel(job)
        del self.desk.jobs[job.id]
        return web.json_response({"id": job.id, "object": "video.deleted", "deleted": True})

    async def create_now(self, request: web.Request) -> web.StreamResponse:
        """Make a film while the client waits."""
        self.check(request)
        form = Form(dict(await request.post()))
        self.judge(form)
        job = self.placed(request, form)
        await asyncio.sleep(max(0.0, job.ends - time.monotonic()))
        if job.state is State.FAILED:
            said = self.desk.failure(job)
            raise RefusedError(Refusal(said["code"], {"detail": said["message"]}))
        return web.Response(body=await film_bytes(self.desk.core, job), content_type="video/mp4")


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except json.JSONDecodeError:
        return False
