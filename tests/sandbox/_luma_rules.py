"""What Luma's Agents API takes: luma-agents 0.5.0's types, and the combinations its pages rule.

A request of the wrong shape is a 400, one whose parts do not go together is a 422.
"""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from tests.sandbox._jobs import Picture
from tests.sandbox._strict import Strict, is_base64

MAX_INLINE: Final = 20 * 1024**2
"""Base64 characters of one picture; the API's own limit is not written down."""
MAX_ANCHORS: Final = 64
FPS: Final = 24
Kind = Literal["image", "image_edit", "video", "video_edit", "video_reframe", "layering"]
Resolution = Literal["360p", "540p", "720p", "1080p"]
Ratio = Literal[
    "3:1", "2:1", "21:9", "16:9", "4:3", "3:2", "1:1", "3:4", "2:3", "9:16", "1:2", "1:3"
]
Knows = Callable[["Ref", bool], bool]
"""Tells whether a reference to a file or a generation is good; True asks for a film's."""
_VIDEO_RATIOS: Final = frozenset({"9:16", "3:4", "1:1", "4:3", "16:9", "21:9"})
_HDR: Final = frozenset({"720p", "1080p"})
PUBLIC: Final = re.compile(
    r"https?://(?!\d+\.\d+\.\d+\.\d+|\[|localhost)[^/\s]+/\S*|http://127\.0\.0\.1:\d+/files/\S+"
)
"""An address that the vendor can read; the sandbox's own files stand for those it made before."""


class Ref(Strict):
    """A picture, or where it says so a film: exactly one of four ways to name it."""

    url: str | None = None
    data: str | None = None
    media_type: str | None = None
    file_id: str | None = None
    generation_id: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        named = [self.url, self.data, self.file_id, self.generation_id]
        if sum(name is not None for name in named) != 1:
            raise ValueError("Provide exactly one of url, data, generation_id or file_id.")
        if self.url is not None and not PUBLIC.fullmatch(self.url):
            raise ValueError("The URL must be public.")
        if self.data is not None and (not self.media_type or not is_base64(self.data)):
            raise ValueError("Inline data must be base64 and needs a media_type.")
        return self

    @property
    def is_film(self) -> bool:
        """Say whether it says that it is a film."""
        return (self.media_type or "").startswith("video/")


class _Switch(Strict):
    enabled: bool | None = None


class _Pose(_Switch):
    strength: Literal["precise", "coarse"] | None = None


class _Depth(_Switch):
    blur: Annotated[float, Field(ge=0, le=1)] | None = None


class _Normals(_Switch):
    augmentation: Annotated[float, Field(ge=0, le=1)] | None = None


class _Trajectory(_Switch):
    sparsity: Annotated[float, Field(ge=0, le=1)] | None = None


class _Controls(Strict):
    pose: _Pose | None = None
    depth: _Depth | None = None
    normals: _Normals | None = None
    trajectory: _Trajectory | None = None
    face: _Switch | None = None


class Edit(Strict):
    """How a film is changed."""

    auto_controls: bool | None = None
    strength: Annotated[str, Field(pattern="^(adhere|flex|reimagine)_[123]$")] | None = None
    controls: _Controls | None = None
    keyframes: list[Ref] | None = None
    keyframe_indexes: list[Annotated[int, Field(ge=0)]] | None = None


class _Position(Strict):
    x_norm: float
    y_norm: float
    w_norm: Annotated[float, Field(gt=0, le=2)]
    h_norm: Annotated[float, Field(gt=0, le=2)]


class Video(Strict):
    """What kind of film."""

    duration: Literal["5s", "10s"] | None = None
    resolution: Resolution | None = None
    start_frame: Ref | None = None
    end_frame: Ref | None = None
    keyframes: list[Ref] | None = None
    keyframe_indexes: list[Annotated[int, Field(ge=0)]] | None = None
    loop: bool | None = None
    hdr: bool | None = None
    exr_export: bool | None = None
    source_position: _Position | None = None
    edit: Edit | None = None


class _Layering(Strict):
    resolution: Literal["1k", "2k"] | None = None


class Generation(Strict):
    """The body of `POST /generations`."""

    prompt: Annotated[str, Field(min_length=1, max_length=6000)]
    model: Literal["ray-3.2", "uni-1", "uni-1-max"] = "uni-1"
    type: Kind = "image"
    aspect_ratio: Ratio | None = None
    source: Ref | None = None
    image_ref: list[Ref] | None = None
    output_format: Literal["png", "jpeg"] | None = None
    style: Literal["auto", "manga"] | None = None
    web_search: bool | None = None
    user_id: str | None = None
    layering: _Layering | None = None
    video: Video | None = None

    @property
    def is_film(self) -> bool:
        """Say whether a film comes out."""
        return self.type.startswith("video")

    @property
    def refs(self) -> Iterator[tuple[Ref, bool]]:
        """Give every reference, and whether it has to be a film."""
        video = self.video or Video()
        edit = video.edit or Edit()
        if self.source:
            yield self.source, self.type in {"video_edit", "video_reframe"}
        for ref in [*(self.image_ref or ()), *(video.keyframes or ()), *(edit.keyframes or ())]:
            yield ref, False
        for frame in (video.start_frame, video.end_frame):
            if frame:
                yield frame, frame.generation_id is not None

    @property
    def picture(self) -> Picture:
        """Say what the output is."""
        video = self.video or Video()
        high = int((video.resolution or "720p")[:-1]) if self.is_film else 1024
        wide, tall = (int(side) for side in (self.aspect_ratio or "16:9").split(":"))
        size = (high * wide // tall, high) if wide >= tall else (high, high * tall // wide)
        if not self.is_film:
            return Picture(*size, 0.0, "jpg" if self.output_format == "jpeg" else "png")
        return Picture(*size, float((video.duration or "5s")[:-1]))


def clashes(asked: Generation, knows: Knows) -> Iterator[str]:
    """Find what does not go together, in words."""
    if asked.is_film != (asked.model == "ray-3.2"):
        yield f"Model {asked.model} does not support type {asked.type}."
    if asked.is_film:
        yield from _film(asked)
    elif asked.video is not None:
        yield f"video is not valid for type {asked.type}."
    needs_source = asked.type not in {"image", "video"}
    if needs_source != (asked.source is not None):
        yield f"source is {'required' if needs_source else 'not valid'} for type {asked.type}."
    most = {"image": 9, "image_edit": 8}.get(asked.type, 0)
    if len(asked.image_ref or ()) > most:
        yield f"At most {most} image_ref for type {asked.type}."
    for ref, film in asked.refs:
        yield from _ref(ref, film=film, knows=knows)


def _ref(ref: Ref, *, film: bool, knows: Knows) -> Iterator[str]:
    named = ref.file_id or ref.generation_id
    if named is not None:
        if not knows(ref, film):
            yield f"{named} is not ready, or not what is needed here."
    elif ref.is_film != film:
        yield 'A film needs media_type "video/mp4".' if film else "Only images are accepted here."


def _film(asked: Generation) -> Iterator[str]:
    video = asked.video or Video()
    if asked.aspect_ratio and asked.aspect_ratio not in _VIDEO_RATIOS:
        yield f"aspect_ratio {asked.aspect_ratio} is not valid for video."
    if (video.edit is not None) and asked.type != "video_edit":
        yield "video.edit is only valid for video_edit."
    if video.source_position is not None and asked.type != "video_reframe":
        yield "video.source_position is only valid for video_reframe."
    frames = video.start_frame or video.end_frame
    if frames and (asked.type == "video_reframe" or video.duration == "10s"):
        yield "start_frame and end_frame are not valid here."
    if video.keyframes is not None and (frames or video.loop or asked.type != "video"):
        yield "keyframes exclude start_frame, end_frame and loop, and need type video."
    yield from _range(video)
    last = FPS * int((video.duration or "5s")[:-1])
    yield from _anchors(video.keyframes, video.keyframe_indexes, last=last)
    if video.edit is not None:
        yield from _edit(video.edit, starts=video.start_frame is not None)


def _range(video: Video) -> Iterator[str]:
    short = video.duration in {None, "5s"}
    if video.hdr and (
        (video.resolution or "720p") not in _HDR or (not short and not video.keyframes)
    ):
        yield "hdr needs 720p or 1080p, and 5s."
    if video.exr_export and not video.hdr:
        yield "exr_export needs hdr."
    if video.loop and (not short or video.hdr or video.end_frame):
        yield "loop is not supported with 10s, hdr or end_frame."


def _edit(edit: Edit, *, starts: bool) -> Iterator[str]:
    if edit.auto_controls and (edit.strength or edit.controls):
        yield "auto_controls excludes strength and controls."
    if edit.keyframes and starts:
        yield "edit.keyframes excludes start_frame."
    yield from _anchors(edit.keyframes, edit.keyframe_indexes, last=FPS * 18)


def _anchors(refs: list[Ref] | None, indexes: list[int] | None, *, last: int) -> Iterator[str]:
    if refs is None and indexes is None:
        return
    places = indexes or []
    if not 1 <= len(refs or ()) == len(places) <= MAX_ANCHORS:
        yield "keyframes and keyframe_indexes must be 1 to 64 and of the same length."
    if len(set(places)) != len(places) or any(place > last for place in places):
        yield f"keyframe_indexes must be unique and within 0..{last}."


_SDR = {"360p": (0.08, 0.24), "540p": (0.15, 0.45), "720p": (0.30, 0.90), "1080p": (1.20, 3.60)}
_HDR_PRICE = {"720p": (0.60, 0.90), "1080p": (2.40, 3.60)}
_EDIT = {"360p": 0.36, "540p": 0.72, "720p": 1.08, "1080p": 2.16}
_REFRAME = {"360p": 0.03, "540p": 0.06, "720p": 0.12, "1080p": 0.36}


def dollars(asked: Generation) -> float:
    """Price a request, at the rates of engines.md §5; those for 360p are guessed."""
    video = asked.video or Video()
    resolution = video.resolution or "720p"
    match asked.type:
        case "video" if video.hdr:
            return _HDR_PRICE[resolution][bool(video.exr_export)]
        case "video":
            return _SDR[resolution][video.duration == "10s"]
        case "video_edit":
            return _EDIT[resolution]
        case "video_reframe":
            return _REFRAME[resolution] * 5
        case _:
            base = 0.10 if asked.model == "uni-1-max" else 0.0404
            return base + 0.003 * max(0, len(asked.image_ref or ()) - 1)
