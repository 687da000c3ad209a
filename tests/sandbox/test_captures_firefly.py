"""Every request that was recorded for Firefly gets the recorded kind of answer.

Adobe has no SDK for Python: these and the journeys at the end stand for one.
"""

import asyncio
from typing import Any

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox, Stage
from tests.sandbox._firefly_token import CLIENT_SECRET
from tests.sandbox._replay import PIXEL, Replay, along, check
from tests.sandbox._replay_jobs import Setting, Swaps, job_at, refused
from tests.sandbox._tokens import expire_tokens
from tests.sandbox.conftest import fetched, frames

VENDORS = ("firefly",)
RECORDED = captures("firefly")
JOB = "urn:ff:jobs:eso851211:86ffe2ea-d765-4bd3-b2fd-568ca8fc36ac"
UPLOAD = "123e4567-e89b-12d3-a456-426614174000"
SCOPE = "openid,AdobeID,session,additional_info,read_organizations,firefly_api,ff_apis"


def job(share: float, fault: Fault | None = None) -> Setting:
    return job_at(share, create=RECORDED["video_t2v"], recorded_id=JOB, fault=fault)


async def uploaded(replay: Replay) -> Swaps:
    answer = await replay.send(RECORDED["storage_upload"], {})
    return {UPLOAD: answer.json()["images"][0]["id"]}


async def image(replay: Replay) -> Swaps:
    swaps = await uploaded(replay)
    begin = job_at(1.0, create=RECORDED["image4_async"], recorded_id=JOB, swaps=swaps)
    return await begin(replay)


async def canceled(replay: Replay) -> Swaps:
    swaps = await job(0.5)(replay)
    await replay.send(RECORDED["cancel"], swaps)
    return swaps


async def filmed(replay: Replay) -> Swaps:
    told = await replay.send(RECORDED["status_succeeded_video"], await job(1.0)(replay))
    return {"/out/v.mp4": told.json()["result"]["outputs"][0]["video"]["url"]}


async def client_named(replay: Replay) -> Swaps:
    return {"test-client": replay.sandbox.key("firefly"), "test-secret": CLIENT_SECRET}


SETTINGS: dict[str, Setting] = {
    "cancel": job(0.5),
    "download_output": filmed,
    "err_422": refused(Fault.BAD_INPUT),
    "err_429": refused(Fault.RATE_LIMIT),
    "err_500": refused(Fault.SERVER_ERROR),
    "err_not_entitled": refused(Fault.AUTH),
    "image4_async": uploaded,
    "image5_edit": uploaded,
    "ims_token": client_named,
    "status_cancelled": canceled,
    "status_failed": job(1.0, Fault.ENGINE),
    "status_pending": job(0.05),
    "status_running": job(0.5),
    "status_succeeded_image": image,
    "status_succeeded_video": job(1.0),
}


async def token_of(sandbox: Sandbox, http: httpx.AsyncClient, secret: str = CLIENT_SECRET) -> Any:
    form = {"grant_type": "client_credentials", "client_id": sandbox.key("firefly")}
    url = f"{sandbox.url('firefly')}/ims/token/v3"
    return await http.post(url, data={**form, "client_secret": secret, "scope": SCOPE})


@pytest.fixture
async def replay(sandbox: Sandbox, http: httpx.AsyncClient) -> Replay:
    replay = Replay(sandbox, "firefly", http)
    token = (await token_of(sandbox, http)).json()["access_token"]
    replay.keys = {"authorization": f"Bearer {token}", "x-api-key": sandbox.key("firefly")}
    return replay


@pytest.mark.parametrize("case", sorted(RECORDED))
async def test_a_recorded_request_gets_the_recorded_kind_of_answer(
    replay: Replay, case: str
) -> None:
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(RECORDED[case], swaps)
    check(RECORDED[case], answer)


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() <= RECORDED.keys()


async def order(replay: Replay, **more: Any) -> httpx.Response:
    headers = {**replay.keys, "x-model-version": "video1_standard"}
    body = {"prompt": "A boat", "sizes": [{"width": 1280, "height": 720}], **more}
    url = f"{replay.sandbox.url('firefly')}/v3/videos/generate"
    return await replay.http.post(url, headers=headers, json=body)


async def test_a_job_is_followed_by_its_addresses_to_a_film_of_five_seconds(replay: Replay) -> None:
    placed = (await order(replay)).json()
    assert not placed["statusUrl"].startswith(f"{replay.sandbox.url('firefly')}/v3")
    told: Any = {"status": "pending"}
    while told["status"] in {"pending", "running"}:
        await asyncio.sleep(0.02)
        told = (await replay.http.get(placed["statusUrl"], headers=replay.keys)).json()
    film = await fetched(told["result"]["outputs"][0]["video"]["url"])
    assert frames(film) == 60
    over = await replay.http.put(placed["cancelUrl"], headers=replay.keys)
    assert over.status_code == 410


async def test_a_picture_may_be_the_last_frame(replay: Replay) -> None:
    picture = (await uploaded(replay))[UPLOAD]
    condition = {"source": {"uploadId": picture}, "placement": {"position": 1}}
    assert (await order(replay, image={"conditions": [condition]})).status_code == 202


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"sizes": [{"width": 1000, "height": 1000}]}, "body"),
        ({"seeds": [1, 2]}, "seeds"),
        ({"negativePrompt": "rain"}, "negativePrompt"),
        ({"videoSettings": {"shotSize": "tiny"}}, "shotSize"),
        ({"bitRateFactor": 64}, "bitRateFactor"),
        (
            {"image": {"conditions": [{"source": {"url": "https://x.example/a.png"}}]}},
            "conditions",
        ),
    ],
)
async def test_what_firefly_lacks_is_refused(replay: Replay, more: Any, where: str) -> None:
    answer = await order(replay, **more)
    assert answer.status_code == 422
    assert where in answer.json()["validation_errors"][0]["loc"]
    assert not len(replay.sandbox.ledger)


async def test_the_model_must_be_named(replay: Replay) -> None:
    url = f"{replay.sandbox.url('firefly')}/v3/videos/generate"
    answer = await replay.http.post(url, headers=replay.keys, json={"prompt": "A boat"})
    assert answer.json()["validation_errors"][0]["loc"] == ["header", "x-model-version"]


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        (Fault.OUT_OF_CREDIT, 403, "quota_exhausted"),
        (Fault.AUTH, 403, "user_non_entitled"),
        (Fault.MODERATION, 451, None),
        (Fault.UNAVAILABLE, 503, None),
    ],
)
async def test_a_refusal_says_why_in_its_header(
    replay: Replay, fault: Fault, status: int, says: str | None
) -> None:
    replay.sandbox.next("firefly", fault)
    answer = await order(replay)
    assert (answer.status_code, answer.headers.get("x-access-error")) == (status, says)


async def test_a_token_is_for_who_knows_the_secret(replay: Replay) -> None:
    assert (await token_of(replay.sandbox, replay.http, "guess")).status_code == 400
    replay.keys["authorization"] = "Bearer guess"
    assert (await order(replay)).status_code == 401
    assert not len(replay.sandbox.ledger)


async def test_a_token_is_good_until_it_expires(replay: Replay) -> None:
    assert (await order(replay)).status_code == 202
    expire_tokens(replay.sandbox.desk("firefly"))
    assert (await order(replay)).status_code == 401


async def test_an_upload_must_be_a_picture(replay: Replay) -> None:
    url = f"{replay.sandbox.url('firefly')}/v2/storage/image"
    headers = {**replay.keys, "content-type": "image/gif"}
    assert (await replay.http.post(url, headers=headers, content=PIXEL)).status_code == 415
    replay.sandbox.next("firefly", Fault.UNAVAILABLE, on=Stage.UPLOAD)
    headers["content-type"] = "image/png"
    assert (await replay.http.post(url, headers=headers, content=PIXEL)).status_code == 503


async def test_a_job_that_was_too_slow_says_timeout(replay: Replay) -> None:
    placed = (await order(replay, prompt="A boat [[transient]]")).json()
    along(replay.sandbox.jobs("firefly")[0], 1.0)
    told = (await replay.http.get(placed["statusUrl"], headers=replay.keys)).json()
    assert (told["status"], told["error_code"]) == ("timeout", "timeout_error")
