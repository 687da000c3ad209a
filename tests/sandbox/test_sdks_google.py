"""Google's own SDK, unmodified, runs whole jobs against the sandbox."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from google import genai
from google.genai import errors, types

from tests.sandbox import Fault, Sandbox
from tests.sandbox._google_clients import vertex_client
from tests.sandbox._replay import PIXEL
from tests.sandbox.conftest import frames
from tests.sandbox.google_veo import write_service_account

VENDORS = ("google_omni", "google_veo")
pytestmark = pytest.mark.filterwarnings(
    "ignore:Inheritance class AiohttpClientSession:DeprecationWarning"  # the SDK's own session
)
OMNI = "gemini-omni-1.2-flash"
FORMAT = {"type": "video", "aspect_ratio": "16:9", "duration": "4s", "delivery": "uri"}


@pytest.fixture
async def omni(sandbox: Sandbox) -> AsyncIterator[Any]:
    options = types.HttpOptions(base_url=sandbox.url("google_omni"))
    client = genai.Client(api_key=sandbox.key("google_omni"), http_options=options)
    async with client.aio as talk:
        yield talk
    client.close()


async def completed(talk: Any, interaction: Any) -> Any:
    while interaction.status == "in_progress":
        await asyncio.sleep(0.02)
        interaction = await talk.interactions.get(interaction.id)
    return interaction


async def fetched(talk: Any, uri: str) -> bytes:
    """Fetch by name, because the SDK takes no address that is http."""
    return cast("bytes", await talk.files.download(file=f"files/{uri.rpartition('/')[2]}"))


async def test_a_text_becomes_a_film_in_the_background(omni: Any) -> None:
    interaction = await omni.interactions.create(
        model=OMNI, input="A paper boat", background=True, response_format=FORMAT
    )
    assert interaction.status == "in_progress"
    finished = await completed(omni, interaction)
    assert finished.status == "completed"
    assert frames(await fetched(omni, finished.output_video.uri)) == 48


async def test_without_background_the_film_comes_with_the_answer(omni: Any) -> None:
    finished = await omni.interactions.create(model=OMNI, input="A paper boat")
    assert finished.status == "completed"
    assert frames(base64.b64decode(finished.output_video.data)) == 96


async def test_an_uploaded_picture_is_the_first_frame(
    omni: Any, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "ref.png"
    path.write_bytes(PIXEL)
    file = await omni.files.upload(file=str(path))
    assert (await omni.files.get(name=file.name)).state == "ACTIVE"
    said = [
        {"type": "image", "uri": file.uri, "mime_type": "image/png"},
        {"type": "text", "text": "<FIRST_FRAME> push in"},
    ]
    finished = await completed(
        omni,
        await omni.interactions.create(
            model=OMNI,
            input=said,
            background=True,
            generation_config={"video_config": {"task": "image_to_video"}},
            response_format={**FORMAT, "aspect_ratio": "9:16"},
        ),
    )
    assert finished.status == "completed"
    assert sandbox.jobs("google_omni")[0].order.picture.height == 1280


async def test_an_edit_follows_an_earlier_film(omni: Any) -> None:
    first = await omni.interactions.create(model=OMNI, input="A paper boat")
    second = await omni.interactions.create(
        model=OMNI,
        input="make it night",
        previous_interaction_id=first.id,
        generation_config={"video_config": {"task": "edit"}},
    )
    assert second.status == "completed"


async def test_a_film_can_be_stopped_and_forgotten(omni: Any, sandbox: Sandbox) -> None:
    sandbox.pace.latency = 60
    interaction = await omni.interactions.create(model=OMNI, input="A boat", background=True)
    assert (await omni.interactions.cancel(interaction.id)).status == "cancelled"
    await omni.interactions.delete(interaction.id)
    with pytest.raises(Exception, match="Error code: 404") as raised:
        await omni.interactions.get(interaction.id)
    assert type(raised.value).__name__ == "NotFoundError"


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (Fault.BAD_INPUT, "BadRequestError"),
        (Fault.AUTH, "PermissionDeniedError"),
        (Fault.RETIRED, "NotFoundError"),
    ],
)
async def test_a_refusal_is_the_sdks_own_error(
    omni: Any, sandbox: Sandbox, fault: Fault, name: str
) -> None:
    sandbox.next("google_omni", fault)
    with pytest.raises(Exception, match="Error code") as raised:
        await omni.interactions.create(model=OMNI, input="x")
    assert type(raised.value).__name__ == name


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("moderation", "failed"),
        ("moderation-output", "incomplete"),
        ("no-credit", "budget_exceeded"),
        ("engine", "failed"),
        ("no-output", "completed"),
    ],
)
async def test_a_job_that_fails_has_no_film(omni: Any, word: str, status: str) -> None:
    told = await omni.interactions.create(model=OMNI, input=f"A boat [[{word}]]")
    assert told.status == status
    assert told.output_video is None


async def test_an_address_that_expires_is_minted_anew_by_another_look(
    omni: Any, sandbox: Sandbox
) -> None:
    sandbox.pace.expiring_link_seconds = 0.0
    sandbox.next("google_omni", Fault.LINK_EXPIRES)
    told = await omni.interactions.create(model=OMNI, input="A boat", response_format=FORMAT)
    with pytest.raises(errors.ClientError) as raised:
        await fetched(omni, told.output_video.uri)
    assert raised.value.code == 403
    sandbox.pace.expiring_link_seconds = 60.0
    again = await omni.interactions.get(told.id)
    assert again.output_video.uri != told.output_video.uri
    assert frames(await fetched(omni, again.output_video.uri)) == 48


async def test_two_jobs_can_show_one_film(omni: Any, sandbox: Sandbox) -> None:
    sandbox.next("google_omni", Fault.SAME_OUTPUT, times=2)
    shown = [
        await omni.interactions.create(model=OMNI, input=f"Boat {n}", response_format=FORMAT)
        for n in range(2)
    ]
    assert shown[0].output_video.uri == shown[1].output_video.uri


async def test_a_wrong_key_is_told_from_none(sandbox: Sandbox) -> None:
    url = f"{sandbox.url('google_omni')}/v1/interactions"
    async with httpx.AsyncClient() as http:
        none = await http.post(url, json={})
        wrong = await http.post(url, json={}, headers={"x-goog-api-key": "another"})
    assert (none.status_code, wrong.status_code) == (403, 400)
    assert wrong.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"seed": 7}, 'Unknown name "seed"'),
        ({"response_format": {"type": "video", "duration": "16s"}}, "between 3s and 15s"),
        ({"response_format": {"type": "video", "aspect_ratio": "1:1"}}, "aspect_ratio"),
        ({"generation_config": {"video_config": {"task": "edit"}}}, "requires a video"),
        ({"input": [{"type": "image", "uri": "files/x", "mime_type": "image/png"}]}, "text"),
        ({"background": True, "store": False}, "requires store"),
    ],
)
async def test_what_omni_lacks_is_refused(sandbox: Sandbox, body: Any, text: str) -> None:
    asked = {"model": OMNI, "input": "A boat", **body}
    headers = {"x-goog-api-key": sandbox.key("google_omni")}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.post(f"{sandbox.url('google_omni')}/v1/interactions", json=asked)
    assert answer.status_code == 400
    assert text in answer.json()["error"]["message"]
    assert not len(sandbox.ledger)


async def test_omni_answers_on_the_agent_platform_too(sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_service_account(tmp_path, sandbox.url("google_veo"))

    def whole_job() -> str:
        """Run in a thread, because here the SDK fetches its token without giving way."""
        client: Any = vertex_client(sandbox, path, location="global")
        with client:
            told = client.interactions.create(
                model=OMNI,
                input="A boat",
                background=True,
                response_format={**FORMAT, "gcs_uri": "gs://b/out/"},
            )
            while told.status == "in_progress":
                time.sleep(0.02)
                told = client.interactions.get(told.id)
            return cast("str", told.output_video.uri)

    assert (await asyncio.to_thread(whole_job)).startswith("gs://b/out/")
