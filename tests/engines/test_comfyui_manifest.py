"""Manifests of ComfyUI's workflows, and every way to write one wrong."""

from pathlib import Path

import pytest

import engines
from engines import Misconfigured
from engines._comfyui_manifest import shelf_at

from .conftest import HouseTerms
from .workflows import SPEC, at, spoil

SPOILT = [
    ('label = "Wan 2.2 5B"', "", "label is missing"),
    ("licence =", "license =", "licence is missing"),
    ("work =", "worked =", "worked is no field of a manifest"),
    ('graph = "wan22_5b.json"', 'graph = "gone.json"', "gone.json, and there is no such file"),
    ('graph = "wan22_5b.json"', 'graph = "../x.json"', "name a file in the same folder"),
    ('graph = "wan22_5b.json"', 'graph = "wan22_5b.toml"', "which is no JSON"),
    ('graph = "wan22_5b.json"', 'graph = "editor.json"', "not in API format"),
    ('modes = ["t2v", "i2v"]', 'modes = ["t2w"]', "modes.0: Input should be"),
    ("seconds = { least = 1, most = 5 }", "", "seconds is missing"),
    ("least = 1, most = 5", "least = 6, most = 5", "seconds is not in order"),
    ("seconds = { least = 1, most = 5 }", 'seconds = "5"', "seconds"),
    ("fps = 24", "", "fps is missing: slots.frames counts frames"),
    ("fps = 24", "fps = [16, 24]", "slots.fps is missing: fps leaves a choice"),
    ("frames = {", "#", "slots.frames is missing: seconds leaves a choice"),
    ("width = {", "#", "slots.width or height is missing"),
    ('"16:9" =', '"wide" =', "sizes names wide; write a ratio like 16:9"),
    ("[1280, 704]", "[1281, 704]", "sizes.16:9.720p.0: Input should be a multiple of 2"),
    ('seed = { node = "3"', 'seed = { node = "99"', "slots.seed.node is 99, which is no node"),
    ('input = "seed"', 'input = "sead"', "slots.seed.input is sead, which KSampler (node 3)"),
    ('prompt = { node = "6", input', 'prompt = { node = "6", inptu', "slots.prompt.input is miss"),
    ('drop = ["56"]', 'drop = ["57", "98"]', "refs.1.drop names 98, which is no node"),
    ('outputs = ["58"]', 'outputs = ["97"]', "outputs names 97, which is no node"),
    ('role = "first"', 'role = "hero"', "refs.0.role: Input should be"),
    ("cents_per_second = 0", "cents_per_second = -1", "cents_per_second: Input should be"),
    ("[options.steps]", "[options.steps", "it cannot be read"),
]


@pytest.mark.parametrize(("old", "new", "told"), SPOILT, ids=[each[2][:40] for each in SPOILT])
def test_a_manifest_that_is_wrong_is_named_with_its_field(
    workflows: Path, *, old: str, new: str, told: str
) -> None:
    (workflows / "editor.json").write_text('{"nodes": [], "links": []}')
    spoil(workflows, old, new)
    with pytest.raises(Misconfigured) as why:
        at(workflows)
    assert "wan22_5b.toml: " in str(why.value)
    assert told in str(why.value)
    assert str(why.value).endswith(".")


def test_a_wrong_manifest_stops_neither_the_others_nor_other_engines(workflows: Path) -> None:
    (workflows / "torn.toml").write_text("label =")
    engine = at(workflows)
    assert engine.models() == ("wan22_5b",)
    assert engine.shelf.faults["torn"].startswith("torn.toml: it cannot be read")
    (workflows / "wan22_5b.toml").unlink()
    told = {"COMFYUI_BASE_URL": "http://127.0.0.1:8188", "COMFYUI_WORKFLOWS": str(workflows)}
    terms = HouseTerms(workflows / "work", told)
    assert "comfyui" not in engines.hire(terms)
    assert "animatic" in engines.hire(terms)
    assert "torn.toml" in engines.misfits(terms)["comfyui"]


@pytest.mark.parametrize("address", ["127.0.0.1:8188", "ftp://x", "http://", "http://[::1", " x "])
def test_an_address_that_is_none_is_the_operators(workflows: Path, address: str) -> None:
    with pytest.raises(Misconfigured, match="COMFYUI_BASE_URL is"):
        at(workflows, COMFYUI_BASE_URL=address)


@pytest.mark.parametrize("holds", [True, False])
def test_a_folder_without_manifests_is_the_operators(tmp_path: Path, *, holds: bool) -> None:
    workflows = tmp_path if holds else tmp_path / "gone"
    with pytest.raises(Misconfigured, match="COMFYUI_WORKFLOWS"):
        shelf_at(workflows)


def test_the_licence_of_the_model_is_recorded(workflows: Path) -> None:
    told = [statement.text for statement in at(workflows).caps().rights]
    assert told == ["Wan 2.2 5B: Wan 2.2 TI2V-5B weights: Apache-2.0"]


@pytest.mark.parametrize(("cents", "expected"), [("0", 0), ("0.3", 1), ("4", 8), ("0.1", 1)])
def test_an_estimate_is_seconds_at_the_manifests_price(
    workflows: Path, cents: str, expected: int
) -> None:
    spoil(workflows, "cents_per_second = 0", f"cents_per_second = {cents}\npriced_on = 2026-11-01")
    engine = at(workflows)
    assert engine.estimate(SPEC) == expected
    assert engine.caps().price.dated.isoformat() == "2026-11-01"
