"""Runway's Model Router: a shot that names no model, and the request that it becomes."""

from typing import Final, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from tests.sandbox._jobs import Json
from tests.sandbox._runway_rules import size_of
from tests.sandbox._strict import Strict

CONFIGS: Final = {"film": "quality", "draft": "cost"}
"""The saved configurations that this account has, and what each prefers."""


class _Camel(Strict):
    model_config = ConfigDict(alias_generator=to_camel)


class _Image(_Camel):
    role: Literal["first", "last", "reference"]
    uri: str


class _Video(_Camel):
    role: Literal["source", "reference"]
    uri: str


class Shot(_Camel):
    """The router's `input`: all of it may be left out."""

    prompt_text: str = ""
    duration: int = Field(default=5, ge=2, le=10)
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"] = "16:9"
    resolution: Literal["480p", "720p", "1080p", "4k"] = "720p"
    audio: bool | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    content_moderation: Json | None = None
    keyframes: list[Json] | None = None
    reference_audio: list[Json] | None = None
    reference_images: list[_Image] = Field(default_factory=list[_Image])
    reference_videos: list[_Video] = Field(default_factory=list[_Video])


class RouterCall(_Camel):
    """What `/v1/generate/video` takes."""

    config_id: str
    input: Shot


def routed(call: RouterCall) -> tuple[str, Json]:
    """Choose the model; give the endpoint and the body that it stands for."""
    shot = call.input
    sources = [video.uri for video in shot.reference_videos if video.role == "source"]
    if sources:
        body = {"model": "aleph2", "promptText": shot.prompt_text, "videoUri": sources[0]}
        return "/v1/video_to_video", body
    width, height = size_of(shot.aspect_ratio)
    body: Json = {
        "model": "gen4.5",
        "promptText": shot.prompt_text,
        "ratio": f"{width}:{height}",
        "duration": shot.duration,
    }
    first = [image.uri for image in shot.reference_images if image.role == "first"]
    if not first:
        return "/v1/text_to_video", body
    if CONFIGS[call.config_id] == "cost":
        body["model"] = "gen4_turbo"
    return "/v1/image_to_video", body | {"promptImage": first[0]}


def routing(call: RouterCall, body: Json, price: float) -> Json:
    """Say which model was chosen and why."""
    return {
        "configId": call.config_id,
        "estimatedCost": {"credits": price},
        "model": body["model"],
        "provider": "runway",
        "resolvedInput": {
            "duration": call.input.duration,
            "ratio": body.get("ratio", "1280:720"),
            "resolution": call.input.resolution,
        },
        "resolvedSettings": {"optimizeFor": CONFIGS[call.config_id], "priceCeiling": None},
    }
