"""Every fault that a vendor has words for is said in them, from the order to the film."""

from typing import Any

import httpx
import pytest

from tests.sandbox import Fault, Sandbox, State
from tests.sandbox._comfy_drive import graph
from tests.sandbox._firefly_token import CLIENT_SECRET
from tests.sandbox.openai_videos import DIALECTS

VENDORS = (*DIALECTS.values(), "google_omni", "google_veo", "firefly", "comfyui", "comfyui_old")
BROKEN = "Server got itself in trouble"
"""What aiohttp says where a handler of ours fell over."""
VEO = "/v1/projects/p/locations/us-central1/publishers/google/models/veo-3.1-generate-001"
SCOPE = "openid,AdobeID,firefly_api,ff_apis"
Answer = httpx.Response


class Talk:
    """One vendor, spoken to without an SDK."""

    def __init__(self, sandbox: Sandbox, vendor: str, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.vendor = vendor
        self.http = http
        self.url = sandbox.url(vendor)
        self.headers = {
            "Authorization": f"Bearer {sandbox.key(vendor)}",
            "x-goog-api-key": sandbox.key(vendor),
        }

    async def post(self, path: str, body: Any, **headers: str) -> Answer:
        return await self.http.post(self.url + path, json=body, headers={**self.headers, **headers})

    async def get(self, path: str) -> Answer:
        return await self.http.get(self.url + path, headers=self.headers)


async def order_film(talk: Talk, prompt: str = "A boat") -> Answer:
    match talk.vendor:
        case "google_omni":
            form = {"type": "video", "delivery": "uri"}
            body = {"model": "gemini-omni-1.2-flash", "input": prompt, "background": True}
            return await talk.post("/v1/interactions", {**body, "response_format": form})
        case "google_veo":
            return await talk.post(f"{VEO}:predictLongRunning", {"instances": [{"prompt": prompt}]})
        case "firefly":
            form = {"client_id": talk.sandbox.key("firefly"), "client_secret": CLIENT_SECRET}
            form |= {"grant_type": "client_credentials", "scope": SCOPE}
            told = await talk.http.post(f"{talk.url}/ims/token/v3", data=form)
            talk.headers["Authorization"] = f"Bearer {told.json()['access_token']}"
            talk.headers |= {"x-api-key": talk.sandbox.key("firefly")}
            video = {"x-model-version": "video1_standard"}
            return await talk.post("/v3/videos/generate", {"prompt": prompt}, **video)
        case "comfyui" | "comfyui_old":
            return await talk.post("/prompt", {"prompt": graph(prompt)})
        case _:
            model = {"vllm": "Wan2.2"}.get(talk.vendor.rpartition("_")[2], "sora-2")
            form = {"prompt": prompt, "model": model}
            url = f"{talk.url}/v1/videos"
            return await talk.http.post(url, data=form, headers=talk.headers)


async def look_at(talk: Talk, job_id: str) -> list[Answer]:
    match talk.vendor:
        case "google_omni":
            return [await talk.get(f"/v1/interactions/{job_id}")]
        case "google_veo":
            return [await talk.post(f"{VEO}:fetchPredictOperation", {"operationName": job_id})]
        case "firefly":
            return [await talk.get(f"/v3/status/{job_id}")]
        case "comfyui" | "comfyui_old":
            paths = (f"/history/{job_id}", f"/api/jobs/{job_id}", "/queue", "/history")
            return [await talk.get(path) for path in paths]
        case _:
            encoded = job_id.replace("/", "%2F")
            return [await talk.get(f"/v1/videos/{encoded}"), await talk.get("/v1/videos")]


HANG_UPS = {Fault.DROPPED, Fault.ANSWER_LOST, Fault.HANGS}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_every_fault_is_said_in_the_vendors_own_words(sandbox: Sandbox, vendor: str) -> None:
    desk, tried = sandbox.desk(vendor), 0
    for fault in (fault for fault in Fault if desk.knows(fault) and fault not in HANG_UPS):
        async with httpx.AsyncClient() as http:
            talk = Talk(sandbox, vendor, http)
            sandbox.next(vendor, fault)
            placed = len(sandbox.ledger)
            answer = await order_film(talk)
            assert BROKEN not in answer.text, fault
            refused = desk.refusal(fault)
            assert answer.status_code == (refused.status if refused else answer.status_code), fault
            assert len(sandbox.ledger) == placed + (refused is None), fault
            tried += 1
            if refused is None:
                await follow(talk, fault)
    assert tried > 15


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_was_accepted_is_known_only_to_the_ledger_when_the_line_breaks(
    sandbox: Sandbox, vendor: str
) -> None:
    async with httpx.AsyncClient() as http:
        talk = Talk(sandbox, vendor, http)
        sandbox.next(vendor, Fault.ANSWER_LOST)
        with pytest.raises(httpx.RemoteProtocolError):
            await order_film(talk)
        assert len(sandbox.ledger) == 1
        sandbox.next(vendor, Fault.DROPPED)
        with pytest.raises(httpx.RemoteProtocolError):
            await order_film(talk)
    assert len(sandbox.ledger) == 1


async def follow(talk: Talk, fault: Fault) -> None:
    """Look at the job of an order while it is made and when it is over."""
    (*_, job) = talk.sandbox.jobs(talk.vendor)
    for share in (0.05, 0.5, 1.0):
        job.started, job.ends = job.started - share, job.started + 1 - share
        for answer in await look_at(talk, job.id):
            assert BROKEN not in answer.text, (fault, share)
    if fault in talk.sandbox.desk(talk.vendor).vendor.failures:
        assert job.state is State.FAILED, fault
    del talk.sandbox.desk(talk.vendor).jobs[job.id]


@pytest.mark.parametrize(
    ("vendor", "code", "where"),
    [
        ("google_veo", "17301594", "17301594"),
        ("google_veo", "grpc.8", "Resource exhausted"),
        ("firefly", "input_media_unsafe", "input_media_unsafe"),
    ],
)
async def test_rarer_failures_are_chosen_by_their_code(
    sandbox: Sandbox, vendor: str, code: str, where: str
) -> None:
    async with httpx.AsyncClient() as http:
        talk = Talk(sandbox, vendor, http)
        await order_film(talk, f"A boat [[code:{code}]]")
        (job,) = sandbox.jobs(vendor)
        job.finish()
        (answer,) = await look_at(talk, job.id)
    assert where in answer.text
