"""Tokens for Google Cloud: got late, shared, renewed, and refused in words."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from engines import (
    Busy,
    FailKind,
    JobState,
    Misconfigured,
)
from engines._google_tokens import Tokens
from engines.google_veo import GoogleVeo
from tests.sandbox import Sandbox

from .google_jobs import CLOUD, a_shot, in_a_project
from .jobs_of import over, placed


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.15, only={CLOUD}) as sandbox:
        yield sandbox


@pytest.fixture
async def engine(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[GoogleVeo]:
    engine = GoogleVeo(in_a_project("GOOGLE_VEO", sandbox, tmp_path))
    yield engine
    await engine.close()


def alter(file: str, old: str, new: str) -> None:
    path = Path(file)
    path.write_text(path.read_text().replace(old, new))


class Counting(GoogleVeo):
    """Counts the tokens that it gets."""

    tokens = 0

    async def fresh_key(self) -> None:
        self.tokens += 1
        await super().fresh_key()


async def test_orders_that_begin_together_share_one_token(sandbox: Sandbox, tmp_path: Path) -> None:
    engine = Counting(in_a_project("GOOGLE_VEO", sandbox, tmp_path))
    handles = await asyncio.gather(*(placed(engine, a_shot()) for _ in range(5)))
    assert (await over(engine, handles[0])).state is JobState.SUCCEEDED
    await engine.close()
    assert engine.tokens == 1


async def test_a_token_that_ran_out_is_replaced_and_the_order_placed_once(
    engine: GoogleVeo, sandbox: Sandbox
) -> None:
    await placed(engine, a_shot())
    engine._token = "ya29.over"  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  as an hour later
    await placed(engine, a_shot())
    assert engine.key() != {"authorization": "Bearer ya29.over"}
    assert len(sandbox.ledger.of(CLOUD)) == 2


async def test_after_a_restart_the_film_is_fetched_with_a_token_of_its_own(
    engine: GoogleVeo, sandbox: Sandbox, tmp_path: Path
) -> None:
    status = await over(engine, await placed(engine, a_shot()))
    other = GoogleVeo(in_a_project("GOOGLE_VEO", sandbox, tmp_path))
    stored = await other.download(status.outputs[0], tmp_path / "take.mp4")
    await other.close()
    assert stored.size > 0


async def test_a_key_file_that_is_not_there_is_the_operators(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    told = in_a_project("GOOGLE_VEO", sandbox, tmp_path, CREDENTIALS=str(tmp_path / "none.json"))
    engine = GoogleVeo(told)
    with pytest.raises(Misconfigured, match="cannot read its key file"):
        await placed(engine, a_shot())
    await engine.close()
    assert sandbox.ledger.of(CLOUD) == []


async def test_an_account_that_google_does_not_know_is_the_operators(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    told = in_a_project("GOOGLE_VEO", sandbox, tmp_path)
    alter(told["GOOGLE_VEO_CREDENTIALS"], "iam.gserviceaccount.com", "example.com")
    engine = GoogleVeo(told)
    with pytest.raises(Misconfigured, match="given no token"):
        await placed(engine, a_shot())
    await engine.close()


async def test_a_token_service_that_is_away_is_waited_for(sandbox: Sandbox, tmp_path: Path) -> None:
    told = in_a_project("GOOGLE_VEO", sandbox, tmp_path)
    alter(told["GOOGLE_VEO_CREDENTIALS"], sandbox.url(CLOUD), "http://127.0.0.1:9")
    engine = GoogleVeo(told)
    with pytest.raises(Busy, match="token service") as busy:
        await placed(engine, a_shot())
    await engine.close()
    assert busy.value.kind is FailKind.TRANSIENT


def test_googles_library_is_not_loaded_before_it_is_needed() -> None:
    ask = "import sys, engines; engines.known(); print('google.auth' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "cannot read"), ("[]", "cannot read"), ('{"type": "executable"}', "not of the kind"),
     ('{"type": "service_account"}', "checks the account's key")],
)  # fmt: skip
def test_a_key_file_that_cannot_be_used_is_the_operators(
    tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "key.json").write_text(content)
    with pytest.raises(Misconfigured, match=words):
        Tokens("Google Veo", str(tmp_path / "key.json")).fresh()


def test_a_machine_without_an_account_is_the_operators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(Misconfigured, match="names a key file"):
        Tokens("Google Veo", "").fresh()


async def test_what_googles_library_finds_on_the_machine_will_do(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = in_a_project("GOOGLE_VEO", sandbox, tmp_path)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", told.pop("GOOGLE_VEO_CREDENTIALS"))
    engine = GoogleVeo(told)
    await placed(engine, a_shot())
    await engine.close()
    assert len(sandbox.ledger.of(CLOUD)) == 1


async def test_workload_identity_trades_the_machines_own_word_for_a_token(tmp_path: Path) -> None:
    traded: list[dict[str, str]] = []

    async def trade(request: web.Request) -> web.Response:
        traded.append({name: str(value) for name, value in (await request.post()).items()})
        token = {"access_token": "ya29.traded", "expires_in": 3600, "token_type": "Bearer"}
        kind = "urn:ietf:params:oauth:token-type:access_token"
        return web.json_response({**token, "issued_token_type": kind})

    app = web.Application()
    app.router.add_post("/v1/token", trade)
    async with TestServer(app) as server:
        file = identity_file(tmp_path, str(server.make_url("/v1/token")))
        assert await asyncio.to_thread(Tokens("Google Veo", str(file)).fresh) == "ya29.traded"
    assert traded[0]["subject_token"] == "who-this-machine-is"


def identity_file(folder: Path, token_url: str) -> Path:
    (folder / "subject").write_text("who-this-machine-is")
    pool = "projects/1/locations/global/workloadIdentityPools/p/providers/q"
    told = {
        "type": "external_account",
        "audience": f"//iam.googleapis.com/{pool}",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": token_url,
        "credential_source": {"file": str(folder / "subject")},
    }
    (folder / "identity.json").write_text(json.dumps(told))
    return folder / "identity.json"
