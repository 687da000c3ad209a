"""What Firefly takes: Adobe's OpenAPI 3.0.0 (AdobeDocs/ffs-firefly-api@154bf38, 2026-05-27)."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import UUID4, Field, model_validator

from tests.sandbox._strict import Camel

VIDEO_SIZES = frozenset(
    {
        (1920, 1080),
        (1280, 720),
        (960, 540),
        (1080, 1920),
        (720, 1280),
        (540, 960),
        (1080, 1080),
        (720, 720),
        (540, 540),
    }
)
SECONDS = 5
UPLOAD_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff", "image/jxl"})
UPLOAD_BYTES = 15 * 1024 * 1024
_HOSTS = re.compile(
    r"(^|\.)(amazonaws\.com|windows\.net|dropboxusercontent\.com|storage\.googleapis\.com)$"
)

UploadId = Annotated[UUID4, Field(strict=False)]


class Source(Camel):
    """Where a picture comes from: our own upload, or an object store that Adobe trusts."""

    upload_id: UploadId | None = None
    url: Annotated[str, Field(min_length=1, max_length=2083)] | None = None

    @model_validator(mode="after")
    def _is_allowed(self) -> Self:
        if (self.upload_id is None) == (self.url is None):
            raise ValueError("either uploadId or url is required")
        if self.url is not None and not _HOSTS.search(urlsplit(self.url).hostname or ""):
            raise ValueError("the domain of the url is not allowed")
        return self


class Size(Camel):
    """Width and height in pixels."""

    width: Annotated[int, Field(ge=1, le=8192)]
    height: Annotated[int, Field(ge=1, le=8192)]


class Placement(Camel):
    """Where on the timeline: 0 is the first frame, 1 the last."""

    position: Annotated[float, Field(ge=0, le=1)]


class Condition(Camel):
    """A picture that the film goes through."""

    source: Source
    placement: Placement


class Conditions(Camel):
    """The pictures that the film goes through."""

    conditions: list[Condition] = Field(default_factory=list[Condition])


class VideoSettings(Camel):
    """Camera and style."""

    camera_motion: (
        Literal[
            "camera pan left",
            "camera pan right",
            "camera zoom in",
            "camera zoom out",
            "camera tilt up",
            "camera tilt down",
            "camera locked down",
            "camera handheld",
        ]
        | None
    ) = None
    prompt_style: (
        Literal[
            "anime",
            "3d",
            "fantasy",
            "cinematic",
            "claymation",
            "line art",
            "stop motion",
            "2d",
            "vector art",
            "black and white",
        ]
        | None
    ) = None
    shot_angle: (
        Literal[
            "aerial shot", "eye_level shot", "high angle shot", "low angle shot", "top-down shot"
        ]
        | None
    ) = None
    shot_size: (
        Literal[
            "close-up shot", "extreme close-up", "medium shot", "long shot", "extreme long shot"
        ]
        | None
    ) = None


class Video(Camel):
    """The body of `/v3/videos/generate`."""

    prompt: Annotated[str, Field(min_length=1)] | None = None
    sizes: Annotated[list[Size], Field(min_length=1, max_length=1)] | None = None
    seeds: Annotated[list[int], Field(min_length=1, max_length=1)] | None = None
    bit_rate_factor: Annotated[int, Field(ge=0, le=63)] = 18
    image: Conditions | None = None
    video_settings: VideoSettings | None = None

    @model_validator(mode="after")
    def _can_be_made(self) -> Self:
        if not self.prompt and not self.sources:
            raise ValueError("either prompt or image is required")
        if self.sizes and (self.sizes[0].width, self.sizes[0].height) not in VIDEO_SIZES:
            raise ValueError("the size is not supported")
        return self

    @property
    def sources(self) -> list[Source]:
        """Give the pictures that are sent along."""
        return [one.source for one in self.image.conditions] if self.image else []

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height."""
        return (self.sizes[0].width, self.sizes[0].height) if self.sizes else (1920, 1080)


class Blob(Camel):
    """A picture to change."""

    source: Source
    usage: Literal["general"] = "general"


class Image5(Camel):
    """The body of `/v4/images/generate-async`."""

    prompt: Annotated[str, Field(min_length=1, max_length=1500)]
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "auto"] = "auto"
    resolution_level: Literal["1MP", "2.4MP", "4MP"] = "1MP"
    model_id: Literal["firefly_image"] = "firefly_image"
    num_variations: Annotated[int, Field(ge=1, le=1)] = 1
    reference_blobs: list[Blob] = Field(default_factory=list[Blob], max_length=1)
    seeds: list[int] = Field(default_factory=list[int], max_length=1)

    @model_validator(mode="after")
    def _keeps_its_shape(self) -> Self:
        if self.reference_blobs and self.aspect_ratio != "auto":
            raise ValueError("aspectRatio must be auto with a reference image")
        return self

    @property
    def sources(self) -> list[Source]:
        """Give the pictures that are sent along."""
        return [one.source for one in self.reference_blobs]

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height."""
        across, down = {"16:9": (16, 9), "9:16": (9, 16), "4:3": (4, 3), "3:4": (3, 4)}.get(
            self.aspect_ratio, (1, 1)
        )
        side = {"1MP": 1_048_576, "2.4MP": 2_400_000, "4MP": 4_194_304}[self.resolution_level]
        unit = (side / (across * down)) ** 0.5
        return round(across * unit), round(down * unit)


class Guide(Camel):
    """A picture that gives the form or the manner."""

    class Inner(Camel):
        """The picture itself."""

        source: Source

    image_reference: Inner | None = None
    strength: Annotated[int, Field(ge=0, le=100)] | None = None


class Style(Guide):
    """A manner, by picture or by name."""

    presets: list[str] = Field(default_factory=list[str])


class ImageSize(Camel):
    """Width and height in pixels."""

    width: Annotated[int, Field(ge=1, le=4096)]
    height: Annotated[int, Field(ge=1, le=4096)]


class Image4(Camel):
    """The body of `/v3/images/generate-async`."""

    prompt: Annotated[str, Field(min_length=1, max_length=1024)]
    negative_prompt: Annotated[str, Field(max_length=1024)] | None = None
    content_class: Literal["photo", "art"] | None = None
    num_variations: Annotated[int, Field(ge=1, le=4)] = 1
    seeds: Annotated[list[int], Field(min_length=1, max_length=4)] | None = None
    dimensions: ImageSize | None = Field(default=None, alias="size")
    style: Style | None = None
    structure: Guide | None = None
    custom_model_id: str | None = None
    prompt_biasing_locale_code: str | None = None
    upsampler_type: Literal["default", "low_creativity"] | None = None
    visual_intensity: Annotated[int, Field(ge=2, le=10)] | None = None

    @model_validator(mode="after")
    def _counts_its_seeds(self) -> Self:
        if self.seeds and len(self.seeds) != self.num_variations:
            raise ValueError("the number of seeds must be numVariations")
        return self

    @property
    def sources(self) -> list[Source]:
        """Give the pictures that are sent along."""
        guides = [one.image_reference for one in (self.style, self.structure) if one]
        return [inner.source for inner in guides if inner]

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height."""
        return (self.dimensions.width, self.dimensions.height) if self.dimensions else (2048, 2048)
