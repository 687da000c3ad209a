"""Every request that Google's SDK was recorded with gets the recorded kind of answer."""

import httpx
import pytest

from tests.engines.captures import captures
from tests.sandbox import Fault, Sandbox
from tests.sandbox._replay import Replay, check
from tests.sandbox._replay_jobs import Setting, Swaps, job_at, refused
from tests.sandbox._uploads import Upload

VENDORS = ("google_omni", "google_veo")
OMNI = captures("google_omni")
VEO = captures("google_veo_vertex")
INTERACTION = "v1_ChdpbnRlcmFjdGlvbg"
OPERATION = (
    "projects/my-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001"
    "/operations/11111111-2222-3333-4444-555555555555"
)
ECHOED = (".steps[].content[]",)
"""A finished interaction repeats what it was asked, which the script left out."""
FILE_MORE = (".source",)
LOOSE = {"get_completed_uri": ECHOED, "t2v_sync_minimal": ECHOED}
MORE = {
    "files_get": FILE_MORE,
    "files_upload.02": (".file.source",),
    "poll_done_inline": (".response.@type", ".response.raiMediaFilteredCount"),
}


def interaction(share: float, fault: Fault | None = None) -> Setting:
    create = OMNI["t2v_background_uri"]
    return job_at(share, create=create, recorded_id=INTERACTION, fault=fault)


def operation(share: float, create: str = "t2v") -> Setting:
    return job_at(share, create=VEO[create], recorded_id=OPERATION)


async def uploaded(replay: Replay) -> Swaps:
    """Let there be the film that an edit is asked of."""
    kept = Upload(vendor="google_omni", id="v", name="v", mime="video/mp4", data=b"x", created_at=0)
    replay.sandbox.core.uploads.add(kept)
    return {}


async def uploading(replay: Replay) -> Swaps:
    started = await replay.send(OMNI["files_upload.01"], {})
    return {"/upload-session": started.headers["x-goog-upload-url"]}


async def filmed(replay: Replay) -> Swaps:
    """Let there be a film that was made."""
    swaps = await interaction(1.0)(replay)
    told = await replay.send(OMNI["get_completed_uri"], swaps)
    uri: str = told.json()["steps"][-1]["content"][0]["uri"]
    return {"abc123": uri.rpartition("/")[2]}


SETTINGS: dict[str, Setting] = {
    "cancel": interaction(0.5),
    "delete": interaction(0.5),
    "edit_video": uploaded,
    "err_400": refused(Fault.BAD_INPUT),
    "err_403": refused(Fault.AUTH),
    "err_404_retired_model": refused(Fault.RETIRED),
    "files_download": filmed,
    "files_get": filmed,
    "files_upload.02": uploading,
    "get_completed_uri": interaction(1.0),
    "get_failed": interaction(1.0, Fault.MODERATION),
    "get_in_progress": interaction(0.5),
}
VEO_SETTINGS: dict[str, Setting] = {
    "err_400": refused(Fault.BAD_INPUT),
    "err_403": refused(Fault.AUTH),
    "err_404": refused(Fault.RETIRED),
    "err_503": refused(Fault.UNAVAILABLE),
    "poll_done_gcs": operation(1.0),
    "poll_done_inline": operation(1.0, "t2v_inline_minimal"),
    "poll_running": operation(0.5),
}
OMNI_ON_PLATFORM_MORE = (".created", ".updated")


@pytest.mark.parametrize("case", sorted(OMNI))
async def test_a_recorded_request_to_omni_gets_the_recorded_kind_of_answer(
    sandbox: Sandbox, http: httpx.AsyncClient, case: str
) -> None:
    replay = Replay(sandbox, "google_omni", http)
    replay.keys = {"x-goog-api-key": sandbox.key("google_omni")}
    swaps = await SETTINGS[case](replay) if case in SETTINGS else {}
    answer = await replay.send(OMNI[case], swaps)
    check(OMNI[case], answer, loose=LOOSE.get(case, ()), more=MORE.get(case, ()))


@pytest.mark.parametrize("case", sorted(VEO))
async def test_a_recorded_request_to_vertex_gets_the_recorded_kind_of_answer(
    sandbox: Sandbox, http: httpx.AsyncClient, case: str
) -> None:
    replay = Replay(sandbox, "google_veo", http)
    swaps = await VEO_SETTINGS[case](replay) if case in VEO_SETTINGS else {}
    answer = await replay.send(VEO[case], swaps)
    more = MORE.get(case, OMNI_ON_PLATFORM_MORE)
    check(VEO[case], answer, more=more)


def test_every_setting_is_of_a_recording() -> None:
    assert SETTINGS.keys() | LOOSE.keys() <= OMNI.keys()
    assert VEO_SETTINGS.keys() <= VEO.keys()
    assert MORE.keys() <= OMNI.keys() | VEO.keys()
