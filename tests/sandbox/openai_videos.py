"""The Videos API by OpenAI's own rules, as gateways resell it; the dialects are in other files."""

import uuid
from typing import Final

from aiohttp import web

from tests.sandbox._answers import Refusal, RefusedError, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._jobs import Json
from tests.sandbox._openai_form import Form, read_form, read_json
from tests.sandbox._openai_shape import FAILURES, MAX_BODY, REFUSALS, Videos, error_body
from tests.sandbox._uploads import Upload

VENDOR = Vendor("openai_videos", refusals=REFUSALS, failures=FAILURES)
DIALECTS: Final = {
    "openai": "openai_videos",
    "vllm": "openai_videos_vllm",
    "sglang": "openai_videos_sglang",
    "litellm": "openai_videos_litellm",
}
"""Which vendor of the sandbox speaks which dialect."""
SECONDS: Final = ("4", "8", "12")
SIZES: Final = ("720x1280", "1280x720", "1024x1792", "1792x1024")
MODELS: Final = {
    "sora-2": SIZES[:2],
    "sora-2-2025-10-06": SIZES[:2],
    "sora-2-2025-12-08": SIZES[:2],
    "sora-2-pro": SIZES,
    "sora-2-pro-2025-10-06": SIZES,
}
MAX_PROMPT: Final = 32_000
_REFERENCE: Final = "input_reference"
_REFERENCE_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4"})
_FIELDS: Final = frozenset(
    {
        *("prompt", "model", "seconds", "size", _REFERENCE),
        *(f"{_REFERENCE}[image_url]", f"{_REFERENCE}[file_id]"),
    }
)


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    app = web.Application(client_max_size=MAX_BODY)
    add_all(app, OpenAIVideos(desk), "/v1")
    return app


def add_all(app: web.Application, videos: "OpenAIVideos", prefix: str) -> None:
    """Add also what only OpenAI and its closest copies have."""
    app.router.add_post(f"{prefix}/videos/characters", videos.create_character)
    app.router.add_get(f"{prefix}/videos/characters/{{id}}", videos.get_character)
    app.router.add_post(f"{prefix}/videos/edits", videos.edit)
    app.router.add_post(f"{prefix}/videos/extensions", videos.extend)
    app.router.add_post(f"{prefix}/videos/{{id}}/remix", videos.remix)
    videos.add_to(app, prefix)
    if videos.deletes:
        app.router.add_delete(f"{prefix}/videos/{{id}}", videos.delete)


class OpenAIVideos(Videos):
    """OpenAI's own rules."""

    deletes = True

    def judge(self, form: Form) -> None:
        """Take the documented fields only, each with a value from its list."""
        if unknown := form.names - _FIELDS:
            name = min(unknown)
            body = error_body(f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
            raise RefusedError(Refusal(400, body))
        model = form.text("model") or self.model
        if model not in MODELS:
            text = f"The model `{model}` does not exist or you do not have access to it."
            raise RefusedError(Refusal(404, error_body(text, code="model_not_found")))
        self._judge_prompt(form)
        self._judge_choice(form, "seconds", SECONDS)
        self._judge_choice(form, "size", MODELS[model])
        self._judge_reference(form)

    def _judge_prompt(self, form: Form) -> None:
        prompt = form.text("prompt")
        if not prompt:
            body = error_body(
                "Missing required parameter: 'prompt'.",
                param="prompt",
                code="missing_required_parameter",
            )
            raise RefusedError(Refusal(400, body))
        if len(prompt) > MAX_PROMPT:
            text = f"Invalid 'prompt': string too long. Expected at most {MAX_PROMPT} characters."
            raise self.bad(text, "prompt")

    def _judge_choice(self, form: Form, name: str, choices: tuple[str, ...]) -> None:
        value = form.text(name)
        if value is not None and value not in choices:
            listed = ", ".join(f"'{choice}'" for choice in choices)
            raise self.bad(f"Invalid value: '{value}'. Supported values are: {listed}.", name)

    def _judge_reference(self, form: Form) -> None:
        given = [name for name in form.names if name.startswith(_REFERENCE)]
        if len(given) > 1:
            raise self.bad("Provide one input reference only.", _REFERENCE)
        if _REFERENCE in form.fields:
            raise self.bad("Invalid type for 'input_reference': expected a file.", _REFERENCE)
        file = form.files.get(_REFERENCE)
        if file is not None and (file.mime not in _REFERENCE_TYPES or not file.data):
            raise self.bad(f"Invalid file: unsupported mimetype ('{file.mime}').", _REFERENCE)

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a video that is over."""
        job = self.found(request)
        if not job.is_over:
            raise self.bad("The video is still being processed and cannot be deleted.")
        del self.desk.jobs[job.id]
        return web.json_response({"id": job.id, "object": "video.deleted", "deleted": True})

    async def remix(self, request: web.Request) -> web.Response:
        """Make another version of a finished video."""
        source = self.found(request)
        form = Form(dict(await read_json(request, no=self.bad)))
        self._judge_only(form, {"prompt"})
        return self._derived(request, form, source.id)

    async def edit(self, request: web.Request) -> web.Response:
        """Change a video that is sent along or named."""
        self.check(request)
        form = await read_form(request, no=self.bad)
        self._judge_only(form, {"prompt", "video", "video[id]"})
        return self._derived(request, form, self._source(form))

    async def extend(self, request: web.Request) -> web.Response:
        """Go on with a video that is sent along or named."""
        self.check(request)
        form = await read_form(request, no=self.bad)
        self._judge_only(form, {"prompt", "seconds", "video", "video[id]"})
        self._judge_choice(form, "seconds", SECONDS)
        return self._derived(request, form, self._source(form))

    async def create_character(self, request: web.Request) -> web.Response:
        """Keep somebody who is to be seen again."""
        self.check(request)
        form = await read_form(request, no=self.bad)
        self._judge_only(form, {"name", "video"}, prompt=False)
        name, video = form.text("name"), form.files.get("video")
        if not name or video is None or not video.data:
            raise self.bad("Missing required parameter: 'name' or 'video'.", "name")
        kept = Upload(
            vendor=self.desk.vendor.name,
            id=f"char_{uuid.uuid4().hex[:24]}",
            name=name,
            mime=video.mime,
            data=video.data,
        )
        return web.json_response(_character(self.desk.core.uploads.add(kept)))

    async def get_character(self, request: web.Request) -> web.Response:
        """Show somebody who was kept."""
        self.check(request)
        kept = self.desk.core.uploads.get(self.desk.vendor.name, request.match_info["id"])
        if kept is None:
            raise self.missing(request.match_info["id"])
        return web.json_response(_character(kept))

    def _judge_only(self, form: Form, known: set[str], *, prompt: bool = True) -> None:
        if unknown := form.names - known:
            name = min(unknown)
            body = error_body(f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
            raise RefusedError(Refusal(400, body))
        if prompt:
            self._judge_prompt(form)

    def _source(self, form: Form) -> str | None:
        named, sent = form.text("video[id]"), form.files.get("video")
        if (named is None) == (sent is None):
            raise self.bad("Provide either a video file or a video id.", "video")
        if named is not None and named not in self.desk.jobs:
            raise self.missing(named)
        return named

    def _derived(self, request: web.Request, form: Form, source: str | None) -> web.Response:
        return web.json_response(self.shown(self.placed(request, form, remixed_from=source)))


def _character(kept: Upload) -> Json:
    return {"id": kept.id, "created_at": int(kept.created_at), "name": kept.name}
