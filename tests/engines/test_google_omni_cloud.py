"""Omni in a Google Cloud project: its settings, and whole jobs in the sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engines import (
    Broken,
    Cancellation,
    JobState,
    Misconfigured,
    Mode,
)
from engines.google_omni_cloud import GoogleOmniCloud
from tests.sandbox import Sandbox

from .google_jobs import CLOUD, a_shot, a_source, asked, in_a_project
from .jobs_of import over, placed


def cloud(**settings: str) -> GoogleOmniCloud:
    plain = {"GOOGLE_OMNI_CLOUD_PROJECT": "p", "GOOGLE_OMNI_CLOUD_BUCKET": "takes"}
    return GoogleOmniCloud({**plain, **settings})


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(latency=0.15, only={CLOUD}) as sandbox:
        yield sandbox


@pytest.fixture
async def omni(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[GoogleOmniCloud]:
    engine = GoogleOmniCloud(in_a_project("GOOGLE_OMNI_CLOUD", sandbox, tmp_path))
    yield engine
    await engine.close()


def test_in_a_project_the_bucket_may_be_named_in_every_way() -> None:
    buckets = [
        cloud(GOOGLE_OMNI_CLOUD_BUCKET=each).bucket
        for each in ("b", "gs://b", "gs://b/out", "b/out/")
    ]
    assert buckets == ["gs://b/", "gs://b/", "gs://b/out/", "gs://b/out/"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("BUCKET", "https://b"), ("LABELS", "Show=X"), ("LOCATION", "https://evil.example")],
)
def test_in_a_project_a_setting_that_cannot_be_is_said(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"GOOGLE_OMNI_CLOUD_{name}"):
        cloud(**{f"GOOGLE_OMNI_CLOUD_{name}": value})


def test_in_a_project_labels_go_along_for_the_bill() -> None:
    call = cloud(GOOGLE_OMNI_CLOUD_LABELS="show=lighthouse, team=a1").order(a_shot())
    assert call.json["labels"] == {"show": "lighthouse", "team": "a1"}
    assert call.path == "/v1beta1/projects/p/locations/global/interactions"


def test_in_a_project_a_film_outside_every_bucket_is_not_fetched() -> None:
    with pytest.raises(Broken, match="in no bucket"):
        cloud().film_at("https://example.com/take.mp4")


async def test_omni_in_a_project_puts_its_clip_into_the_bucket(
    omni: GoogleOmniCloud, sandbox: Sandbox, tmp_path: Path
) -> None:
    status = await over(omni, await placed(omni, a_shot()))
    assert status.state is JobState.SUCCEEDED
    assert asked(sandbox)["response_format"]["gcs_uri"] == "gs://takes/circletake/"
    stored = await omni.download(status.outputs[0], tmp_path / "take.mp4")
    assert stored.path.read_bytes()[4:8] == b"ftyp"


async def test_omni_in_a_project_is_handed_clips_by_the_bucket(
    omni: GoogleOmniCloud, sandbox: Sandbox, tmp_path: Path
) -> None:
    shot = a_shot(mode=Mode.EDIT, refs=(a_source(tmp_path, sha256="c0ffee"),))
    assert (await over(omni, await placed(omni, shot))).state is JobState.SUCCEEDED
    clip, _ = asked(sandbox)["input"][0]["content"]
    assert clip["uri"] == "gs://takes/circletake/circletake/c0ffee"


async def test_omni_in_a_project_is_cancelled(omni: GoogleOmniCloud) -> None:
    handle = await placed(omni, a_shot())
    assert await omni.cancel(handle) is Cancellation.DONE
    assert (await omni.poll(handle)).state is JobState.CANCELED


async def test_the_doctor_asks_for_every_model(omni: GoogleOmniCloud) -> None:
    found = await omni.preflight()
    assert [(each.what, each.is_ok) for each in found] == [(name, True) for name in omni.models()]
