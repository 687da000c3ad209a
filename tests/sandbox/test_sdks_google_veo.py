"""Google's own SDK, unmodified, runs whole Veo jobs against the sandbox, by service account."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.genai import errors, types

from tests.sandbox import Fault, Sandbox
from tests.sandbox._google_clients import credentials, vertex_client
from tests.sandbox._replay import PIXEL
from tests.sandbox._tokens import expire_tokens
from tests.sandbox.conftest import frames
from tests.sandbox.google_veo import write_service_account

VENDORS = ("google_veo",)
pytestmark = pytest.mark.filterwarnings(
    "ignore:Inheritance class AiohttpClientSession:DeprecationWarning"  # the SDK's own session
)
VEO = "veo-3.1-fast-generate-001"


@pytest.fixture
async def vertex(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Any]:
    client = vertex_client(sandbox, write_service_account(tmp_path, sandbox.url("google_veo")))
    async with client.aio as talk:
        yield talk
    client.close()


async def done(talk: Any, operation: Any) -> Any:
    while not operation.done:
        await asyncio.sleep(0.02)
        operation = await talk.operations.get(operation)
    return operation


async def test_veo_leaves_its_film_in_the_bucket(vertex: Any, sandbox: Sandbox) -> None:
    operation = await done(
        vertex,
        await vertex.models.generate_videos(
            model=VEO,
            source=types.GenerateVideosSource(prompt="A paper boat"),
            config=types.GenerateVideosConfig(
                duration_seconds=4, aspect_ratio="16:9", output_gcs_uri="gs://b/out/"
            ),
        ),
    )
    uri: str = operation.response.generated_videos[0].video.uri
    assert uri.startswith("gs://b/out/")
    path = f"/storage/v1/b/b/o/{uri.removeprefix('gs://b/').replace('/', '%2F')}?alt=media"
    async with httpx.AsyncClient() as http:
        refused = await http.get(sandbox.url("google_veo") + path)
        token = {"Authorization": f"Bearer {sandbox.key('google_veo')}"}
        film = await http.get(sandbox.url("google_veo") + path, headers=token)
    assert refused.status_code == 401
    assert frames(film.content) == 48


async def test_veo_without_a_bucket_answers_with_the_film(vertex: Any) -> None:
    operation = await done(
        vertex,
        await vertex.models.generate_videos(
            model=VEO,
            source=types.GenerateVideosSource(
                prompt="push in", image=types.Image(image_bytes=PIXEL, mime_type="image/png")
            ),
            config=types.GenerateVideosConfig(duration_seconds=8, number_of_videos=2),
        ),
    )
    films = [one.video.video_bytes for one in operation.response.generated_videos]
    assert [frames(film) for film in films] == [96, 96]


@pytest.mark.parametrize(("fault", "code"), [(Fault.MODERATION, 3), (Fault.TRANSIENT, 14)])
async def test_a_veo_job_fails_with_a_grpc_code(
    vertex: Any, sandbox: Sandbox, fault: Fault, code: int
) -> None:
    sandbox.next("google_veo", fault)
    source = types.GenerateVideosSource(prompt="A boat")
    operation = await done(vertex, await vertex.models.generate_videos(model=VEO, source=source))
    assert operation.error["code"] == code
    assert operation.response is None


async def test_a_film_that_veo_filters_leaves_a_reason(vertex: Any, sandbox: Sandbox) -> None:
    sandbox.next("google_veo", Fault.MODERATION_OUTPUT)
    source = types.GenerateVideosSource(prompt="A boat")
    operation = await done(vertex, await vertex.models.generate_videos(model=VEO, source=source))
    assert operation.response.rai_media_filtered_count == 1
    assert not operation.response.generated_videos


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault.BAD_INPUT, errors.ClientError, 400),
        (Fault.OUT_OF_CREDIT, errors.ClientError, 403),
        (Fault.RETIRED, errors.ClientError, 404),
        (Fault.RATE_LIMIT, errors.ClientError, 429),
        (Fault.UNAVAILABLE, errors.ServerError, 503),
    ],
)
async def test_veo_refuses_with_the_sdks_own_errors(
    vertex: Any, sandbox: Sandbox, fault: Fault, *, kind: type[errors.APIError], code: int
) -> None:
    sandbox.next("google_veo", fault)
    with pytest.raises(kind) as raised:
        await vertex.models.generate_videos(
            model=VEO, source=types.GenerateVideosSource(prompt="A boat")
        )
    assert raised.value.code == code
    assert not len(sandbox.ledger)


async def test_a_stranger_gets_no_token(sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_service_account(tmp_path, sandbox.url("google_veo"))
    text = path.read_text()
    path.write_text(text.replace("gserviceaccount.com", "example.com"))
    client = vertex_client(sandbox, path)
    async with client.aio as talk:
        with pytest.raises(RefreshError, match="account not found"):
            await talk.models.generate_videos(
                model=VEO, source=types.GenerateVideosSource(prompt="A boat")
            )
    client.close()


async def test_a_token_is_good_until_it_expires(sandbox: Sandbox, tmp_path: Path) -> None:
    url = sandbox.url("google_veo")
    held = credentials(write_service_account(tmp_path, url))
    await asyncio.to_thread(held.refresh, cast("Any", Request)())
    headers = {"Authorization": f"Bearer {held.token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as http:
        kept = await http.post(
            "/upload/storage/v1/b/b/o?uploadType=media&name=refs/a.png", content=PIXEL
        )
        shown = await http.get("/storage/v1/b/b/o/refs%2Fa.png")
        expire_tokens(sandbox.desk("google_veo"))
        refused = await http.get("/storage/v1/b/b/o/refs%2Fa.png")
    assert (kept.json()["name"], shown.json()["size"]) == ("refs/a.png", str(len(PIXEL)))
    assert refused.status_code == 401
