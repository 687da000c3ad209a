"""What `predictLongRunning` takes for Veo 3.1, and what it refuses."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tests.sandbox._strict import Camel, is_base64

MODELS = {
    "veo-3.1-generate-001": 40.0,
    "veo-3.1-fast-generate-001": 10.0,
    "veo-3.1-lite-generate-001": 5.0,
}
"""The models that answer, and their cents a second."""
EXTENDED_SECONDS = 7
GcsUri = Annotated[str, Field(pattern=r"^gs://[^/]+/.*$")]


class Media(Camel):
    """A picture or film: its bytes, or where it lies."""

    mime_type: Annotated[str, Field(pattern=r"^(image|video)/\w+$")] | None = None
    bytes_base64_encoded: str | None = None
    gcs_uri: GcsUri | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.bytes_base64_encoded is None) == (self.gcs_uri is None):
            raise ValueError("Exactly one of bytesBase64Encoded and gcsUri must be set.")
        if self.mime_type is None:
            raise ValueError("mimeType is required.")
        if self.bytes_base64_encoded is not None and not is_base64(self.bytes_base64_encoded):
            raise ValueError("bytesBase64Encoded is not valid base64.")
        return self


class Reference(Camel):
    """A picture of who or what is to be seen. Styles are no longer taken by Veo 3.1."""

    image: Media
    reference_type: Literal["ASSET"]


class Instance(Camel):
    """What the film is to show."""

    prompt: str | None = None
    image: Media | None = None
    last_frame: Media | None = None
    video: Media | None = None
    reference_images: Annotated[list[Reference], Field(min_length=1, max_length=3)] | None = None


class Parameters(Camel):
    """How it is to be made."""

    sample_count: Annotated[int, Field(ge=1, le=4)] = 1
    duration_seconds: Literal[4, 6, 8] | None = None
    aspect_ratio: Literal["16:9", "9:16"] = "16:9"
    resolution: Literal["720p", "1080p", "4k"] = "720p"
    seed: Annotated[int, Field(ge=0, le=4_294_967_295)] | None = None
    negative_prompt: str | None = None
    generate_audio: bool = True
    person_generation: Literal["allow_adult", "dont_allow", "allow_all"] | None = None
    storage_uri: GcsUri | None = None
    enhance_prompt: Literal[True] = True
    compression_quality: Literal["OPTIMIZED", "LOSSLESS"] | None = None
    resize_mode: Literal["PAD", "CROP", "pad", "crop"] | None = None
    pubsub_topic: str | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height."""
        short = {"720p": 720, "1080p": 1080, "4k": 2160}[self.resolution]
        sides = (short * 16 // 9, short)
        return sides if self.aspect_ratio == "16:9" else (sides[1], sides[0])


class Prediction(Camel):
    """The body of `predictLongRunning`."""

    instances: Annotated[list[Instance], Field(min_length=1, max_length=1)]
    parameters: Parameters = Parameters()
    labels: dict[str, Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,63}$")]] | None = None

    @property
    def shot(self) -> Instance:
        """Give the one instance."""
        return self.instances[0]

    @property
    def seconds(self) -> int:
        """Give how long the output is."""
        return EXTENDED_SECONDS if self.shot.video else self.parameters.duration_seconds or 8


def fault(asked: Prediction) -> str | None:
    """Find what Google would refuse in a request that has the right shape."""
    shot, wanted = asked.shot, asked.parameters
    pictures = shot.image or shot.reference_images
    rules = (
        (not (shot.prompt or shot.image or shot.video), "Either prompt or image must be provided."),
        (shot.last_frame and not shot.image, "lastFrame requires image."),
        (shot.image and shot.reference_images, "image excludes referenceImages."),
        (
            shot.reference_images and wanted.duration_seconds not in {None, 8},
            "durationSeconds must be 8 with referenceImages.",
        ),
        (shot.video and pictures, "video excludes image and referenceImages."),
        (wanted.resize_mode and not shot.image, "resizeMode is only supported with image."),
    )
    return next((text for broken, text in rules if broken), None)


BUCKET = re.compile(r"gs://(?P<bucket>[^/]+)/(?P<name>.*)")
