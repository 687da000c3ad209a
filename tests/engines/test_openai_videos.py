"""What the adapter for servers of OpenAI's shape knows beside the recorded calls."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import checkup
from bot.settings import read
from engines import (
    Broken,
    FailKind,
    JobSpec,
    JobState,
    Misconfigured,
    Mode,
    Part,
    Ref,
    RefKind,
    RefRole,
    Refused,
    Status,
    hire,
)
from engines._call import Answer
from engines.openai_videos import OpenAIVideos

from .conftest import HouseTerms

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = JobSpec(prompt="A paper boat", seconds=8)
SHUT = "2026-09-24"
LITELLM_ID = "video_Pj4+Pz8/bGl0ZWxsbQ=="


def a_server(**told: str) -> OpenAIVideos:
    settings = {"BASE_URL": "http://gpu.example:8000", "MODEL": "wan", **told}
    return OpenAIVideos(
        {f"OPENAI_VIDEOS_{name}": value for name, value in settings.items()}, clock=lambda: NOON
    )


def parts_of(server: OpenAIVideos, spec: JobSpec) -> list[Part]:
    return list(server.order(spec).parts or ())


def answered(body: Any, status: int = 200) -> Answer:
    return Answer(status=status, headers={}, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://api.openai.com",
        "http://API.OpenAI.com:443/v1/",
        "https://eu.api.openai.com/v1",
        "https://someone:secret@api.openai.com./v1",
        "api.openai.com",
        "Api.OpenAI.com:443/v1",
    ],
)
def test_openais_own_host_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        a_server(BASE_URL=url)
    assert "OPENAI_VIDEOS_BASE_URL" in str(refused.value)
    assert refused.value.kind is FailKind.RETIRED
    assert SHUT in str(refused.value)
    assert "secret" not in str(refused.value)


async def test_openais_own_host_keeps_no_other_engine_from_working(tmp_path: Path) -> None:
    told = {
        "OPENAI_VIDEOS_BASE_URL": "https://api.openai.com/v1",
        "OPENAI_VIDEOS_MODEL": "sora-2",
    }
    assert sorted(hire(HouseTerms(tmp_path, told))) == ["animatic"]

    check = await checkup.engines(read({"CIRCLETAKE_DATA": str(tmp_path), **told}))
    assert not check.is_ok
    assert SHUT in check.told


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("https://gate.example/openai/v1/", "https://gate.example/openai/v1"),
        ("https://openai.com.example/v2", "https://openai.com.example/v2"),
    ],
)
def test_the_address_may_end_with_its_version_or_not(told: str, base: str) -> None:
    server = a_server(BASE_URL=told)
    assert server.rehearse(PLAIN).path == f"{base}/videos"


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("BASE_URL", "gpu.example", "Write an address such as https://host/v1."),
        ("BASE_URL", "ftp://gpu.example", "Write an address such as https://host/v1."),
        ("BASE_URL", "http://[gpu", "Write an address such as https://host/v1."),
        ("MODEL", " , ", "Write the model's name at the server."),
        ("DIALECT", "sora", "Write one of openai, vllm, sglang, litellm."),
        ("SECONDS", "4,five", "Write whole seconds, such as 4,8,12 or 1-15."),
        ("SECONDS", "9-4", "Write whole seconds, such as 4,8,12 or 1-15."),
        ("SIZES", "720p", "Write sizes such as 1280x720,720x1280."),
        ("MODES", "t2v,dance", "Write some of t2v, i2v, r2v, extend, edit."),
        ("CENTS_PER_SECOND", "$1", "Write cents, such as 10 or 0.5."),
        ("CONCURRENCY", "0", "write a whole number from 1."),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_with_what_to_write(
    name: str, value: str, advice: str
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        a_server(**{name: value})
    assert str(wrong.value).startswith(f"OPENAI_VIDEOS_{name} is ")
    assert str(wrong.value).endswith(advice)


def test_it_is_not_hired_without_an_address_and_a_model(tmp_path: Path) -> None:
    for name in ("BASE_URL", "MODEL"):
        half = HouseTerms(tmp_path, {f"OPENAI_VIDEOS_{name}": "http://gpu.example"})
        assert OpenAIVideos.hired(half) is None


def test_lengths_and_sizes_are_the_operators() -> None:
    server = a_server(SECONDS="1-15", SIZES="832x480, 480x832,848x480,1024x1024,1000x300")
    offer = server.caps().modes[Mode.TEXT_TO_VIDEO]

    assert str(offer.lengths) == "1 to 15 whole seconds"
    assert offer.ratios == {
        "16:9": {"480p": (832, 480), "848x480": (848, 480)},
        "9:16": {"480p": (480, 832)},
        "1:1": {"1024p": (1024, 1024)},
        "10:3": {"300p": (1000, 300)},
    }
    assert server.validate(replace(PLAIN, seconds=13, resolution="480p")) == []


def test_what_is_left_to_the_server_is_not_sent() -> None:
    server = a_server(SECONDS="server", SIZES="server")
    assert [part.name for part in parts_of(server, PLAIN)] == ["prompt", "model"]
    assert server.validate(replace(PLAIN, seconds=77, ratio="7:1")) == []
    assert a_server(SECONDS="server", CENTS_PER_SECOND="10").estimate(PLAIN) is None


def test_modes_are_what_the_server_can_and_the_operator_says() -> None:
    everything = {
        dialect: "".join(f"{mode.value} " for mode in a_server(DIALECT=dialect).caps().modes)
        for dialect in ("openai", "vllm", "sglang", "litellm")
    }
    assert everything == {
        "openai": "t2v i2v extend edit ",
        "vllm": "t2v i2v r2v edit ",
        "sglang": "t2v i2v edit ",
        "litellm": "t2v i2v extend edit ",
    }
    assert list(a_server(MODES="t2v").caps().modes) == [Mode.TEXT_TO_VIDEO]


def test_a_price_is_the_operators_or_unknown() -> None:
    assert a_server().estimate(PLAIN) is None
    assert a_server(CENTS_PER_SECOND="0").estimate(PLAIN) == 0
    assert a_server(CENTS_PER_SECOND="0").caps().price.is_free
    assert a_server(CENTS_PER_SECOND="0.7").estimate(PLAIN) == 6
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job="video_1")
    edit = JobSpec(mode=Mode.EDIT, prompt="at night", refs=(source,))
    assert a_server(CENTS_PER_SECOND="10").estimate(edit) is None


def test_several_models_may_be_named() -> None:
    server = a_server(MODEL="wan, ltx")
    assert server.models() == ("wan", "ltx")
    assert server.caps("ltx").model == "ltx"
    assert parts_of(server, replace(PLAIN, model="ltx"))[1].text == "ltx"


def test_options_of_a_dialect_travel_as_fields_and_are_no_secret_of_others() -> None:
    wish = replace(PLAIN, audio=True, seed=7, native={"lora": {"name": "ink"}, "quality": "high"})
    fields = {part.name: part.text for part in parts_of(a_server(DIALECT="vllm"), wish)}
    assert fields["generate_sound"] == "true"
    assert fields["lora"] == '{"name": "ink"}'
    assert fields["quality"] == "high"
    texts = [problem.text for problem in a_server().validate(wish)]
    assert texts[:2] == ["This engine takes no seed.", "This engine makes no sound."]


def test_litellm_is_given_a_clips_id_as_json_and_no_file(tmp_path: Path) -> None:
    server = a_server(DIALECT="litellm")
    own = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, job=LITELLM_ID)
    edit = JobSpec(mode=Mode.EDIT, prompt="at night", refs=(own,))
    assert parts_of(server, edit)[1].text == json.dumps({"id": LITELLM_ID})

    (tmp_path / "clip.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(12))
    other = replace(own, job=None, path=tmp_path / "clip.mp4")
    (problem,) = server.validate(replace(edit, refs=(other,)))
    assert problem.text == "This server works on clips that it made itself; this one is not."
    frame = Ref(role=RefRole.FIRST, uri="https://example.com/a.png")
    (problem,) = server.validate(
        JobSpec(mode=Mode.IMAGE_TO_VIDEO, prompt="push in", seconds=4, refs=(frame,))
    )
    assert problem.text == "This server wants the picture as a file. Attach it."


def test_a_file_is_named_so_that_a_server_can_tell_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "3f2a").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(12))
    source = Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=tmp_path / "3f2a")
    edit = JobSpec(mode=Mode.EDIT, prompt="at night", refs=(source,))
    part = parts_of(a_server(), edit)[-1]
    assert (part.filename, part.mime) == ("source.mp4", "video/mp4")

    (tmp_path / "clip.mp4").write_text("no clip")
    wrong = replace(source, path=tmp_path / "clip.mp4")
    (problem,) = a_server().validate(replace(edit, refs=(wrong,)))
    assert problem.text.endswith("this file is none of them.")


def test_an_id_is_percent_encoded_whole() -> None:
    server = a_server(DIALECT="litellm")
    handle = server.adopted(LITELLM_ID, PLAIN)
    assert server.look(handle).path == "/videos/video_Pj4%2BPz8%2FbGl0ZWxsbQ%3D%3D"
    done = server.standing(handle, answered({"id": "another", "status": "completed"}))
    assert done.outputs[0].url == (
        "http://gpu.example:8000/v1/videos/video_Pj4%2BPz8%2FbGl0ZWxsbQ%3D%3D/content"
    )


@pytest.mark.parametrize("job_id", ["", "a b", "../x", "x" * 1025])
def test_what_cannot_be_an_id_is_refused(job_id: str) -> None:
    with pytest.raises(Refused, match="video_"):
        a_server().adopted(job_id, PLAIN)


def test_a_failed_job_is_no_failed_look_whatever_its_http_status() -> None:
    video = {"id": "video_gen_1", "object": "video", "status": "failed", "error": {"code": 500}}
    told = a_server().fault(answered(video, 500), creating=False)
    assert isinstance(told, Status)
    assert told.state is JobState.FAILED
    assert told.fail is not None
    assert told.fail.kind is FailKind.ENGINE
    assert a_server().fault(answered(video, 500), creating=True) is None


def test_an_error_may_be_a_mere_sentence() -> None:
    body = {"id": "x123", "object": "video", "status": "failed", "error": "CUDA out of memory."}
    handle = a_server().adopted("x123", PLAIN)
    fail = a_server().standing(handle, answered(body)).fail
    assert fail is not None
    assert fail.text.startswith("The server failed: CUDA out of memory. ")


@pytest.mark.parametrize("progress", [-1, 250, None])
def test_progress_is_between_nothing_and_all(progress: float | None) -> None:
    handle = a_server().adopted("x123", PLAIN)
    body = {"id": "x123", "status": "in_progress", "progress": progress}
    told = a_server().standing(handle, answered(body)).progress
    assert told is None or 0 <= told <= 1


@pytest.mark.parametrize(
    ("told", "ends"), [(1_795_086_500, 2026), (None, None), (1e300, None), (float("nan"), None)]
)
def test_a_film_says_until_when_it_is_kept_if_the_server_does(
    told: float | None, ends: int | None
) -> None:
    handle = a_server().adopted("x123", PLAIN)
    body = {"id": "x123", "status": "completed", "expires_at": told}
    (output,) = a_server().standing(handle, answered(body)).outputs
    assert (output.expires_at.year if output.expires_at else None) == ends


def test_an_answer_with_no_id_is_no_ticket() -> None:
    with pytest.raises(Broken):
        a_server().ticket(PLAIN, answered({"id": "", "status": "queued"}))


def test_no_key_is_shown_where_none_is_set() -> None:
    assert a_server().key() == {}
    assert a_server(API_KEY="k").key() == {"authorization": "Bearer k"}
