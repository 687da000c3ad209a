"""LiteLLM 1.109 as a gateway: OpenAI's shape, ids that need percent-encoding, no DELETE."""

import base64
import json
import uuid

from aiohttp import web

from tests.sandbox._answers import Refusal, Vendor
from tests.sandbox._core import Desk
from tests.sandbox._openai_form import Form
from tests.sandbox._openai_shape import FAILURES, MAX_BODY, REFUSALS, error_body, fastapi_manners
from tests.sandbox.openai_videos import OpenAIVideos, add_all

VENDOR = Vendor("openai_videos_litellm", refusals=REFUSALS, failures=FAILURES)


def routes(desk: Desk) -> web.Application:
    """Make the application; every route answers with and without `/v1`."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[fastapi_manners])
    for prefix in ("/v1", ""):
        add_all(app, LiteLLMVideos(desk), prefix)
    return app


class LiteLLMVideos(OpenAIVideos):
    """Whatever the provider behind takes; only the prompt and the model are looked at."""

    deletes = False

    def judge(self, form: Form) -> None:
        """Want a prompt and a model, and pass the rest on."""
        for name in ("prompt", "model"):
            if not form.text(name):
                raise self.bad(f"Missing required parameter: '{name}'.", name)

    def _source(self, form: Form) -> str | None:
        """Read the id out of `video`, which in a form is JSON (its `video_reference_to_id`)."""
        named = form.text("video")
        if named is None or not named.startswith("{"):
            return super()._source(form)
        return super()._source(Form({"video[id]": json.loads(named).get("id", "")}))

    def unauthorized(self) -> Refusal:
        """Say that the key is wrong, with a code that is a number in quotes."""
        text = "Authentication Error, Invalid proxy server token passed."
        return Refusal(401, error_body(text, kind="token_not_found_in_db", param="key", code="401"))

    def new_id(self) -> str:
        """Encode provider and model into the id, which brings in `+`, `/` and `=`."""
        text = f">>>???litellm:custom_llm_provider:openai;video_id:video_{uuid.uuid4().hex}"
        padded = text + ";" * ((1 - len(text)) % 3)
        return f"video_{base64.b64encode(padded.encode()).decode()}"
