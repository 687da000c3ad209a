"""What Luma's Dream Machine takes: lumaai 1.21.0's types.

Its prices and its longest prompt are in no source that we have; those here are rounded guesses.
"""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from tests.sandbox._jobs import Json, Picture
from tests.sandbox._luma_rules import PUBLIC
from tests.sandbox._strict import Strict

CONCEPTS: Final = ("dolly_zoom", "orbit_left", "push_in", "crane_up", "handheld")


def _public(url: str) -> str:
    if not PUBLIC.fullmatch(url):
        raise ValueError("The address must be public.")
    return url


_Url = Annotated[str, AfterValidator(_public)]
_Ratio = Literal["1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21"]
_Resolution = Literal["540p", "720p", "1080p", "4k"]
_Film = Literal["ray-2", "ray-flash-2"]
_Still = Literal["photon-1", "photon-flash-1"]


class _Media(Strict):
    url: _Url


class _Weighted(Strict):
    url: _Url
    weight: Annotated[float, Field(ge=0, le=1)] | None = None


class _Concept(Strict):
    key: Literal["dolly_zoom", "orbit_left", "push_in", "crane_up", "handheld"]


class _ImageFrame(Strict):
    type: Literal["image"]
    url: _Url


class _GenerationFrame(Strict):
    type: Literal["generation"]
    id: str


_Frame = Annotated[_ImageFrame | _GenerationFrame, Field(discriminator="type")]


class _Keyframes(Strict):
    frame0: _Frame | None = None
    frame1: _Frame | None = None


class Asked(Strict):
    """What every order may carry."""

    callback_url: str | None = None
    prompt: Annotated[str, StringConstraints(min_length=1, max_length=5000)] | None = None


class VideoOrder(Asked):
    """`POST /generations/video`."""

    model: _Film
    generation_type: Literal["video"] | None = None
    aspect_ratio: _Ratio | None = None
    resolution: _Resolution | None = None
    duration: Literal["5s", "9s"] | None = None
    loop: bool | None = None
    concepts: list[_Concept] | None = None
    keyframes: _Keyframes | None = None


class ModifyOrder(Asked):
    """`POST /generations/video/modify`."""

    model: _Film
    generation_type: Literal["modify_video"]
    media: _Media
    mode: Annotated[str, StringConstraints(pattern="^(adhere|flex|reimagine)_[123]$")]
    first_frame: _Media | None = None


class _Reframe(Asked):
    aspect_ratio: _Ratio
    media: _Media
    grid_position_x: int | None = None
    grid_position_y: int | None = None
    resized_height: int | None = None
    resized_width: int | None = None
    x_start: int | None = None
    x_end: int | None = None
    y_start: int | None = None
    y_end: int | None = None


class ReframeOrder(_Reframe):
    """`POST /generations/video/reframe`."""

    model: _Film
    generation_type: Literal["reframe_video"]
    first_frame: _Media | None = None


class StillReframeOrder(_Reframe):
    """`POST /generations/image/reframe`."""

    model: _Still
    generation_type: Literal["reframe_image"]
    format: Literal["jpg", "png"] | None = None


class _Identity(Strict):
    images: Annotated[list[_Url], Field(min_length=1, max_length=4)]


class _Character(Strict):
    identity0: _Identity


class StillOrder(Asked):
    """`POST /generations/image`."""

    model: _Still
    generation_type: Literal["image"] | None = None
    aspect_ratio: _Ratio | None = None
    format: Literal["jpg", "png"] | None = None
    image_ref: list[_Weighted] | None = None
    style_ref: list[_Weighted] | None = None
    character_ref: _Character | None = None
    modify_image_ref: _Weighted | None = None
    sync: bool | None = None
    sync_timeout: float | None = None


class UpscaleOrder(Asked):
    """`POST /generations/{id}/upscale`."""

    generation_type: Literal["upscale_video"] | None = None
    resolution: _Resolution | None = None


class AudioOrder(Asked):
    """`POST /generations/{id}/audio`."""

    generation_type: Literal["add_audio"] | None = None
    negative_prompt: str | None = None


def picture(body: Json) -> Picture:
    """Say what the output of a request is."""
    wide, tall = (int(side) for side in body.get("aspect_ratio", "16:9").split(":"))
    resolution = body.get("resolution", "720p")
    high = 2160 if resolution == "4k" else int(resolution[:-1])
    size = (high * wide // tall, high) if wide >= tall else (high, high * tall // wide)
    if str(body.get("model", "")).startswith("photon"):
        return Picture(*size, 0.0, body.get("format", "jpg"))
    return Picture(*size, float(body.get("duration", "5s")[:-1]))


def cents(body: Json) -> float:
    """Price a request, roughly."""
    match body.get("model", "ray-2"):
        case "photon-1":
            return 1.6
        case "photon-flash-1":
            return 0.4
        case "ray-flash-2":
            return 5.0 * picture(body).seconds
        case _:
            return 14.0 * picture(body).seconds


def extends(body: Json) -> list[str]:
    """Give the ids of the generations that a request goes on from."""
    frames = body.get("keyframes", {}).values()
    return [frame["id"] for frame in frames if frame and frame["type"] == "generation"]
