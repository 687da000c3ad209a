"""`circletake engines` prints what engines can do, and rehearses an order that is never sent."""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.commands import engines
from bot.settings import Settings, read
from engines import known

ROOT = Path(__file__).resolve().parents[2]
COMFY = {
    "COMFYUI_BASE_URL": "http://127.0.0.1:8188",
    "COMFYUI_WORKFLOWS": str(ROOT / "docs" / "comfyui"),
}
SECRETS = {
    each.name: f"hush-{each.name.lower()}"
    for kind in known().values()
    for each in kind.facts.variables
    if each.secret
}
SENDING = sorted(set(known()) - {"animatic"})
"""The animatic sends nothing anywhere."""


def settings_of(folder: Path, **told: str) -> Settings:
    return read({"CIRCLETAKE_DATA": str(folder), **COMFY, **told})


class Desk:
    """Types `circletake engines …` and reads what is printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def types(self, *words: str | Path, **told: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        engines.arguments(parser)
        options = parser.parse_args(list(map(str, words)))
        status = engines.run(options, settings_of(self.folder, **told))
        out, err = self._capsys.readouterr()
        return status, out, err

    def gets(self, *words: str | Path, **told: str) -> Any:
        status, out, _ = self.types(*words, "--json", **told)
        assert status == 0, out
        return json.loads(out)

    def is_refused(self, *words: str | Path, **told: str) -> str:
        status, out, err = self.types(*words, **told)
        assert (status, out) == (1, "")
        return err


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "boat.png"
    Image.effect_noise((320, 180), 40).convert("RGB").save(path)
    return path


def test_every_engine_is_in_the_table_whether_or_not_it_is_set_up(desk: Desk) -> None:
    _, out, _ = desk.types()

    for name, kind in known().items():
        assert f"{kind.label} ({name})" in out
    assert out.count("NOT SET UP") == len(known()) - 2
    assert "set RUNWAY_API_KEY: The key of a project" in out


def test_the_table_fits_a_hundred_columns(desk: Desk) -> None:
    pages = [desk.types()[1], *(desk.types("show", name)[1] for name in known())]

    assert max(len(line) for page in pages for line in page.splitlines()) == 100


def test_every_model_and_every_mode_is_in_the_table_for_programs(desk: Desk) -> None:
    told = {each["name"]: each for each in desk.gets()["engines"]}

    assert list(told) == list(known())
    for name, table in told.items():
        assert table["models"], name
        for model in table["models"]:
            assert model["modes"], (name, model["model"])
            assert all(model["price"][name] for name in ("text", "source", "dated"))


def test_the_names_that_programs_read_stay(desk: Desk) -> None:
    table = desk.gets("show", "google_veo")
    model, mode = table["models"][0], table["models"][0]["modes"][1]

    assert set(table) == {
        "name", "label", "maker", "is_set_up", "unfit", "unseen", "stand_ins", "variables",
        "limits", "rights", "console", "credit", "models",
    }  # fmt: skip
    assert set(model) == {
        "model", "cancel", "progress", "webhook", "repeatable", "poll_seconds", "price", "retires",
        "rights", "modes",
    }  # fmt: skip
    assert set(mode) == {
        "mode", "seconds", "ratios", "resolutions", "references", "references_most", "prompt",
        "negative", "seed", "sound", "fps", "native",
    }  # fmt: skip
    assert mode["seconds"] == {"least": 4, "most": 8, "only": [4, 6, 8], "step": 0}
    assert mode["ratios"]["16:9"]["720p"] == [1280, 720]
    assert [each["role"] for each in mode["references"]] == ["first", "last"]
    assert set(model["retires"]) == {"on", "text", "source"}


def test_one_engine_is_shown_with_its_limits_its_rights_and_its_own_options(desk: Desk) -> None:
    _, out, _ = desk.types("show", "firefly", FIREFLY_PER_MINUTE="12")

    assert "a minute: 12 calls, looks at jobs included, for the account" in out
    assert "[documentation] Adobe indemnifies only where the sales order says so" in out
    assert "--native cameraMotion= (t2v i2v)" in out
    assert "pixels of t2v i2v: 16:9 720p 1280x720" in out
    _, out, _ = desk.types("show", "runway")
    assert "Credit line: Powered by Runway (https://runwayml.com)" in out
    assert "Console: https://dev.runwayml.com" in out


def test_what_is_set_is_said_and_no_secret_is(desk: Desk) -> None:
    told = {**SECRETS, "LUMA_BASE_URL": "https://me:hush-pass@proxy.example/v1"}
    pages = [desk.types(*words, **told)[1] for words in ((), ("--json",), ("show", "luma"))]

    assert "LUMA_API_KEY: set. " in pages[2]
    assert "LUMA_BASE_URL: set to https://me:[hidden]@proxy.example/v1." in pages[2]
    assert not any("hush" in page for page in pages)


def test_settings_that_cannot_be_used_hide_no_table(desk: Desk) -> None:
    told = {"OPENAI_VIDEOS_BASE_URL": "https://api.openai.com/v1", "OPENAI_VIDEOS_MODEL": "sora-2"}
    _, out, _ = desk.types("show", "openai_videos", **told)

    assert "CANNOT BE USED" in out
    assert "2026-09-24" in out
    assert "    t2v" in out


def test_an_engine_that_no_stand_in_serves_says_what_it_needs(desk: Desk, tmp_path: Path) -> None:
    folder = str(tmp_path / "nowhere")
    status, out, _ = desk.types("show", "comfyui", COMFYUI_BASE_URL="", COMFYUI_WORKFLOWS=folder)

    assert status == 0
    assert "What it can do shows once it is set up: COMFYUI_WORKFLOWS is" in " ".join(out.split())
    assert "NOT SET UP" in out
    told = {"COMFYUI_BASE_URL": "", "COMFYUI_WORKFLOWS": folder}
    assert desk.is_refused("dry-run", "comfyui", "--prompt", "x", **told).startswith("engine: What")


@pytest.mark.parametrize("name", SENDING)
def test_a_rehearsal_shows_the_request_of_every_engine_without_its_key(
    name: str, desk: Desk
) -> None:
    order = _an_order_for(name)
    status, out, err = desk.types("dry-run", name, *order, "--prompt", "A paper boat", **SECRETS)

    assert status == 0, err
    assert out.startswith("POST http")
    assert "A paper boat" in out
    assert "hush" not in out + err
    assert err.startswith("Not sent.\n")


def _an_order_for(name: str) -> tuple[str, ...]:
    return ("--model", "gen4.5") if name == "runway" else ()


NO_SOCKETS = """
import sys
def watch(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"}:
        sys.exit(f"{event} {args}")
sys.addaudithook(watch)
from bot.__main__ import main
for name in sys.argv[2:]:
    told = ["engines", "dry-run", name, "--prompt", "A paper boat", "--ref", sys.argv[1], "--json"]
    if main(told):
        sys.exit(f"{name} was refused")
"""


def test_a_rehearsal_opens_no_connection(picture: Path, tmp_path: Path) -> None:
    by_file = [name for name in known() if name != "luma_dream_machine"]
    told = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(tmp_path)}
    for place, names in (
        (picture, by_file),
        ("https://cdn.example:8443/boat.png", ["luma_dream_machine"]),
    ):
        done = subprocess.run(
            [sys.executable, "-c", NO_SOCKETS, f"{place}:first", *names],
            env={**told, **COMFY}, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout[-2000:]


def test_a_secret_is_hidden_wherever_it_stands(desk: Desk) -> None:
    told = {
        "OPENAI_VIDEOS_BASE_URL": "https://gate:hush-gate@gate.example/key-hush-key/v1",
        "OPENAI_VIDEOS_MODEL": "wan",
        "OPENAI_VIDEOS_API_KEY": "hush-key",
        "FIREFLY_CLIENT_ID": "hush-client",
        "FIREFLY_CLIENT_SECRET": "hush-secret",
    }
    prompt = ("--prompt", "hush-key and hush-client")
    for name in ("openai_videos", "firefly"):
        for more in ((), ("--json",)):
            _, out, err = desk.types("dry-run", name, *prompt, *more, **told)
            assert "[hidden] and [hidden]" in out
            assert "hush" not in out + err
            assert "Bearer [hidden]" in out


def test_words_that_only_look_secret_are_shown_as_they_would_be_sent(desk: Desk) -> None:
    prompt = "the password: swordfish, key=blue"

    body = desk.gets("dry-run", "runway", "--prompt", prompt)["request"]["body"]

    assert body["json"]["promptText"] == prompt


def test_files_inside_a_request_are_shown_by_size_and_hash(desk: Desk, picture: Path) -> None:
    content = picture.read_bytes()
    shown = f"«{len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}»"

    for name in ("runway", "luma", "google_omni", "google_veo", "openai_videos"):
        told = ("dry-run", name, "--prompt", "A boat", "--ref", f"{picture}:first")
        _, out, _ = desk.types(*told)
        assert shown in out, name
        assert base64.b64encode(content).decode()[:40] not in out


def test_a_file_that_is_handed_over_first_is_said_to_be(desk: Desk, picture: Path) -> None:
    told = ("dry-run", "firefly", "--prompt", "A boat", "--ref", f"{picture}:first")
    _, out, err = desk.types(*told)

    assert f"uploaded:{hashlib.sha256(picture.read_bytes()).hexdigest()[:12]}" in out
    assert "What stands as uploaded:… is handed over first" in err


@pytest.mark.parametrize(
    ("text", "address", "tag"),
    [
        ("https://cdn.example:8443/a:b.png:reference", "https://cdn.example:8443/a:b.png", None),
        ("https://cdn.example/a?x=1:2:reference:Mara", "https://cdn.example/a?x=1:2", "Mara"),
        ("runway://0d6f:reference:first", "runway://0d6f", "first"),
    ],
)  # fmt: skip
def test_colons_of_an_address_are_left_to_it(
    text: str, address: str, tag: str | None, desk: Desk
) -> None:
    order = ("--model", "gen4_image", "--prompt", "A boat", "--ref", text)

    [ref] = desk.gets("dry-run", "runway", *order)["request"]["body"]["json"]["referenceImages"]

    assert ref["uri"] == address
    assert ref.get("tag") == tag


@pytest.mark.parametrize("path", [r"C:\shots\boat.png", "C:/shots/boat.png", "C://shots/boat.png"])
def test_a_drive_letter_is_no_scheme(path: str, desk: Desk) -> None:
    said = desk.is_refused("dry-run", "runway", "--prompt", "x", "--ref", f"{path}:first")

    assert said == f"refs: The file {path} cannot be read: no such file or directory.\n"


def test_what_is_not_said_comes_from_the_models_table(desk: Desk, picture: Path) -> None:
    told = ("dry-run", "google_veo", "--prompt", "A boat", "--ref", f"{picture}:first")
    told = desk.gets(*told)

    assert told["mode"] == "i2v"
    asked = told["request"]["body"]["json"]["parameters"]
    assert asked["durationSeconds"] == 6
    assert (asked["aspectRatio"], asked["resolution"]) == ("16:9", "720p")


def test_the_mode_is_the_first_that_the_references_fit(desk: Desk, picture: Path) -> None:
    for role, mode in {"first": "i2v", "reference": "r2v"}.items():
        told = ("dry-run", "google_omni", "--prompt", "A boat", "--ref", f"{picture}:{role}")
        assert desk.gets(*told)["mode"] == mode


def test_options_are_read_as_json_where_they_are(desk: Desk) -> None:
    order = ("--prompt", "A boat", "--native", "cameraMotion=camera pan left")
    told = desk.gets("dry-run", "firefly", *order, "--native", "bitRateFactor=20")

    body = told["request"]["body"]["json"]
    assert body["bitRateFactor"] == 20
    assert body["videoSettings"]["cameraMotion"] == "camera pan left"


def test_what_json_cannot_carry_stays_text(desk: Desk) -> None:
    value = "[" * 9999
    order = ("--model", "image5", "--prompt", "A boat", "--native", f"localeCode={value}")
    _, out, _ = desk.types("dry-run", "firefly", *order)

    assert f'"{value}"' in out


@pytest.mark.parametrize("value", ["NaN", "1e999", "-Infinity"])
def test_what_is_no_number_is_refused_as_an_option(value: str, desk: Desk) -> None:
    order = ("--model", "image5", "--prompt", "A boat", "--native", f"localeCode={value}")
    status, _, told = desk.types("dry-run", "firefly", *order)

    assert status == 1
    assert "not a number that can be sent" in told


def test_everything_that_is_wrong_is_said_once_for_each_field(desk: Desk) -> None:
    order = ("--prompt", "A boat", "--seconds", "7", "--seed", "3", "--ratio", "5:4")
    said = desk.is_refused("dry-run", "luma", *order)

    assert [line.partition(":")[0] for line in said.splitlines()] == ["seconds", "ratio", "seed"]
    status, out, _ = desk.types("dry-run", "luma", *order, "--json")
    assert status == 1
    assert [each["field"] for each in json.loads(out)["problems"]] == ["seconds", "ratio", "seed"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (("runwy",), "engine: There is no engine runwy. Did you mean runway?"),
        (("runway", "--model", "gen4.6"), "model: gen4.6 is not a model of Runway. Did you mean "),
        (("runway", "--mode", "i2w"), "mode: gen4.5 does not do i2w. Did you mean i2v"),
        (("animatic", "--model", "x"), "model: Animatic has no models to choose from; name none."),
        (("runway", "--native", "x"), "native: x names no value; write KEY=VALUE."),
        (("luma", "--ref", "http://[::1:source"), "refs: http://[::1 is not an address that"),
        (("luma", "--ref", "/:first"), "refs: The file / cannot be read: is a directory."),
        (("runway", "--ref", "a.png:frst"), "refs: a.png:frst does not say what it is for; write"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_answered_with_what_there_is(
    order: tuple[str, ...], said: str, desk: Desk
) -> None:
    assert desk.is_refused("dry-run", *order, "--prompt", "A boat").startswith(said)


def test_a_file_where_only_an_address_will_do_is_refused(desk: Desk, picture: Path) -> None:
    order = ("--prompt", "A boat", "--ref", f"{picture}:first")
    said = desk.is_refused("dry-run", "luma_dream_machine", *order)

    assert said == "refs: The first image needs a public https address, and this file has none.\n"


def test_a_reader_who_has_seen_enough_hears_no_complaint(tmp_path: Path) -> None:
    told = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "engines", "--json"],
        env=told, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_the_animatic_says_that_it_sends_nothing(desk: Desk) -> None:
    status, out, err = desk.types("dry-run", "animatic")

    assert (status, out) == (0, "")
    assert err.startswith("Animatic sends nothing anywhere")
