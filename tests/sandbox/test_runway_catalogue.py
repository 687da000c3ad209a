"""The sandbox's Runway takes what the catalogue lists for every model, and nothing else."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.sandbox import Sandbox
from tests.sandbox._runway_rules import MODELS

VENDORS = ("runway",)
PICTURE = {"uri": "https://example.com/ref.png"}
FILM = "https://example.com/in.mp4"
SAMPLES: dict[str, Any] = {
    "duration": 5,
    "promptText": "A paper boat",
    "promptImage": [PICTURE | {"position": "first"}],
    "promptVideo": FILM,
    "videoUri": FILM,
    "maskUri": PICTURE["uri"],
    "references": [PICTURE],
    "referenceImages": [PICTURE],
    "referenceVideos": [{"type": "video", "uri": FILM}],
    "referenceAudio": [{"type": "audio", "uri": "https://example.com/a.mp3"}],
    "keyframes": [PICTURE | {"seconds": 1}],
    "character": {"type": "image", **PICTURE},
    "reference": {"type": "video", "uri": FILM},
    "contentModeration": {"publicFigureThreshold": "low"},
    "providerSettings": {"shotType": "intelligence"},
    "colors": [],
}
PLAIN = {"int": 3, "float": 0.5, "bool": True, "str": "x"}
EVERY = [(endpoint, model) for endpoint, models in MODELS.items() for model in models]


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    headers = {
        "Authorization": f"Bearer {sandbox.key('runway')}",
        "X-Runway-Version": "2024-11-06",
    }
    async with httpx.AsyncClient(base_url=sandbox.url("runway"), headers=headers) as http:
        yield http


def body(endpoint: str, model: str, *, whole: bool) -> dict[str, Any]:
    """Write a request with every field of a model, or with the required ones only."""
    told: dict[str, Any] = {"model": model}
    for name, rule in MODELS[endpoint][model].items():
        if not (whole or rule["required"]):
            continue
        numbers = [value for value in rule.get("enum", []) if value != "auto"]
        if name == "duration" and numbers:
            told[name] = numbers[0]
        elif name in SAMPLES:
            told[name] = SAMPLES[name]
        else:
            told[name] = rule["enum"][0] if "enum" in rule else PLAIN[rule["type"]]
    return told


@pytest.mark.parametrize("whole", [True, False])
async def test_all_86_models_take_what_the_catalogue_lists(
    http: httpx.AsyncClient, *, whole: bool
) -> None:
    for endpoint, model in EVERY:
        sent = body(endpoint, model, whole=whole)
        answer = await http.post(endpoint.removeprefix("POST "), json=sent)
        assert answer.status_code == 200, (endpoint, sent, answer.text)
        assert answer.json()["estimatedCost"]["credits"] > 0
    assert len(EVERY) == 86


async def test_no_model_does_without_a_required_field_or_takes_an_unknown_one(
    http: httpx.AsyncClient,
) -> None:
    for endpoint, model in EVERY:
        minimum = body(endpoint, model, whole=False)
        for name in minimum:
            rest = {key: value for key, value in minimum.items() if key != name}
            answer = await http.post(endpoint.removeprefix("POST "), json=rest)
            assert answer.status_code == 400, (endpoint, rest)
            assert answer.json()["issues"][0]["path"] == [name]
        odd = minimum | {"sparkle": True}
        answer = await http.post(endpoint.removeprefix("POST "), json=odd)
        assert answer.json()["issues"][0]["path"] == ["sparkle"]
