"""What the Interactions API takes for video: google-genai 3.4.0's types and Google's own limits."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tests.sandbox._jobs import Json
from tests.sandbox._strict import Strict, is_base64

MODELS = {"gemini-omni-1.2-flash": (3, 15), "gemini-omni-1.1-flash": (3, 10)}
"""The shortest and the longest take of a model, in seconds."""
RETIRED = re.compile(r"gemini-omni-flash-preview|veo-3\.[01]-.*")
EXTEND_SECONDS = (3, 10)
MAX_IMAGES = {"gemini-omni-1.2-flash": 6, "gemini-omni-1.1-flash": 3}
SIZES = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}
CENTS = {"360p": 3, "720p": 10, "1080p": 15, "4k": 30}

Task = Literal["text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"]


class Part(Strict):
    """A text, or a picture or film as base64 or by its address."""

    type: Literal["text", "image", "video", "audio"]
    text: str | None = None
    data: str | None = None
    uri: str | None = None
    mime_type: str | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.type == "text":
            if not self.text:
                raise ValueError("A text part needs a text.")
            return self
        if (self.data is None) == (self.uri is None):
            raise ValueError("A media part needs either data or uri.")
        if self.data is not None and not is_base64(self.data):
            raise ValueError("Base64 decoding failed.")
        if not (self.mime_type or "").startswith(f"{self.type}/"):
            raise ValueError(f"Unsupported MIME type: {self.mime_type}")
        return self


class Step(Strict):
    """One turn of the person who asks."""

    type: Literal["user_input"]
    content: list[Part]


class VideoFormat(Strict):
    """What comes out."""

    type: Literal["video"]
    aspect_ratio: Literal["16:9", "9:16"] | None = None
    duration: Annotated[str, Field(pattern=r"^[1-9]\d*s$")] | None = None
    resolution: Literal["360p", "720p", "1080p", "4k"] = "720p"
    delivery: Literal["inline", "uri"] = "inline"
    gcs_uri: Annotated[str, Field(pattern=r"^gs://[^/]+/")] | None = None

    @property
    def seconds(self) -> int:
        """Give the length that was asked for, or the usual one."""
        return int(self.duration[:-1]) if self.duration else 8

    @property
    def size(self) -> tuple[int, int]:
        """Give width and height."""
        short = SIZES[self.resolution]
        sides = (short * 16 // 9, short)
        return sides if self.aspect_ratio != "9:16" else (sides[1], sides[0])


class VideoConfig(Strict):
    """What kind of work it is; without it, the model decides."""

    task: Task | None = None


class GenerationConfig(Strict):
    """Settings of the model. There is no seed and no negative prompt."""

    video_config: VideoConfig | None = None


class WebhookConfig(Strict):
    """Who is to be told."""

    uris: list[Annotated[str, Field(pattern=r"^https://")]]
    user_metadata: Json | None = None


class Interaction(Strict):
    """The body of `POST /v1/interactions`, as far as it concerns video."""

    model: str
    input: str | list[Step] | list[Part]
    background: bool = False
    store: bool = True
    stream: Literal[False] = False
    generation_config: GenerationConfig | None = None
    response_format: VideoFormat = VideoFormat(type="video")
    response_modalities: list[Literal["video"]] | None = None
    previous_interaction_id: str | None = None
    webhook_config: WebhookConfig | None = None
    labels: dict[str, str] | None = None

    @property
    def parts(self) -> list[Part]:
        """Give what was said and shown, whichever way it was written."""
        if isinstance(self.input, str):
            return [Part(type="text", text=self.input)] if self.input else []
        nested = [one.content if isinstance(one, Step) else [one] for one in self.input]
        return [part for group in nested for part in group]

    @property
    def prompt(self) -> str:
        """Give the words."""
        return "\n".join(part.text or "" for part in self.parts if part.type == "text")

    @property
    def task(self) -> Task | None:
        """Give the kind of work, where it is named."""
        config = self.generation_config
        return config.video_config.task if config and config.video_config else None

    def count(self, kind: str) -> int:
        """Count the parts of a kind."""
        return sum(part.type == kind for part in self.parts)


def fault(asked: Interaction, *, on_platform: bool) -> str | None:
    """Find what Google would refuse in a request that has the right shape."""
    return (
        _length_fault(asked)
        or _media_fault(asked)
        or _task_fault(asked)
        or _delivery_fault(asked, on_platform=on_platform)
    )


def _length_fault(asked: Interaction) -> str | None:
    extends = asked.task == "extend"
    shortest, longest = EXTEND_SECONDS if extends else MODELS[asked.model]
    if shortest <= asked.response_format.seconds <= longest:
        return None
    return f"Invalid duration: must be between {shortest}s and {longest}s."


def _media_fault(asked: Interaction) -> str | None:
    if not asked.prompt.strip() and asked.task != "upscale":
        return "The input must contain a text."
    most = MAX_IMAGES[asked.model]
    if asked.count("image") > most:
        return f"At most {most} images are supported by {asked.model}."
    if asked.count("video") > 1 and asked.task != "reference_to_video":
        return "At most one source video is supported."
    return None


def _task_fault(asked: Interaction) -> str | None:
    images, videos = asked.count("image"), asked.count("video")
    follows = asked.previous_interaction_id is not None
    needs = {
        "text_to_video": (images + videos == 0, "text_to_video takes no media."),
        "image_to_video": (images > 0, "image_to_video requires an image."),
        "reference_to_video": (images + videos > 0, "reference_to_video requires a reference."),
        "edit": (videos > 0 or follows, "edit requires a video or a previous interaction."),
        "extend": (videos > 0 or follows, "extend requires a video or a previous interaction."),
        "upscale": (videos > 0 or follows, "upscale requires a video or a previous interaction."),
    }
    fine, text = needs.get(asked.task or "", (True, ""))
    return None if fine else text


def _delivery_fault(asked: Interaction, *, on_platform: bool) -> str | None:
    form = asked.response_format
    if asked.background and not asked.store:
        return "background requires store."
    if on_platform and form.delivery == "uri" and form.gcs_uri is None:
        return "gcs_uri is required when delivery is uri."
    if not on_platform and form.gcs_uri is not None:
        return "gcs_uri is not supported in the Gemini API."
    return None
