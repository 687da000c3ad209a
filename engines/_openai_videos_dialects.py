"""Where servers of one shape differ, read in their sources and not in their papers.

vllm-omni 0.30.0, sglang 0.5.23, litellm 1.109.1; `openai` is what OpenAI itself answered until
2026-09-24, and what gateways copy.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ._call import Part
from ._caps import Native


@dataclass(frozen=True, slots=True)
class Named:
    """How a form names a thing that lies elsewhere: as text, or as JSON with a single key."""

    field: str
    key: str = ""

    def part(self, value: str) -> Part:
        """Write the name into a part."""
        return Part(name=self.field, text=json.dumps({self.key: value}) if self.key else value)


def _nothing() -> Mapping[str, Native]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What one kind of server takes beside the words that all share; empty where it does not.

    `clip_*` say how the clip to work on is given: as a file, by the id of the job that made it, or
    by an address. `deletes_to_stop` says that DELETE ends a job that is being made.
    """

    picture_address: Named | None = None
    picture_id: Named | None = None
    pictures: str = ""
    clip_file: str = ""
    clip_id: Named | None = None
    clip_address: Named | None = None
    edits: str = ""
    extends: str = ""
    remixes: bool = False
    seed: bool = False
    negative: bool = False
    fps: bool = False
    sound: str = ""
    prompt_most: int | None = None
    native: Mapping[str, Native] = field(default_factory=_nothing)
    deletes_to_stop: bool = False
    may_store_elsewhere: bool = False


_DIFFUSION: Mapping[str, Native] = {
    "num_inference_steps": Native(about="How many steps a picture takes; more is slower."),
    "guidance_scale": Native(about="How closely the prompt is followed."),
    "guidance_scale_2": Native(about="The same for the second half of a two-part model."),
    "flow_shift": Native(about="How the steps are spread."),
    "num_frames": Native(about="How many frames; wins over seconds."),
    "extra_params": Native(about="Whatever the model takes beside, as JSON."),
}
ROUTE_OPTION: Mapping[str, Native] = {
    "route": Native(
        about="Edit as the newer servers do, or remix as the older ones.", only=("edit", "remix")
    )
}
DIALECTS: Mapping[str, Dialect] = {
    "openai": Dialect(
        picture_address=Named("input_reference[image_url]"),
        picture_id=Named("input_reference[file_id]"),
        clip_file="video",
        clip_id=Named("video[id]"),
        edits="/videos/edits",
        extends="/videos/extensions",
        remixes=True,
        prompt_most=32_000,
    ),
    "vllm": Dialect(
        picture_address=Named("image_reference", "image_url"),
        pictures="input_references",
        clip_file="input_reference",
        clip_address=Named("video_reference", "video_url"),
        edits="/videos",
        seed=True,
        negative=True,
        fps=True,
        sound="generate_sound",
        native={
            **_DIFFUSION,
            "boundary_ratio": Native(about="Where the second half of a two-part model begins."),
            "quality": Native(about="What the server calls the quality."),
            "lora": Native(about="An adapter for this order, as JSON."),
        },
        deletes_to_stop=True,
    ),
    "sglang": Dialect(
        picture_address=Named("reference_url"),
        clip_file="video_reference",
        clip_address=Named("video_url"),
        edits="/videos",
        seed=True,
        negative=True,
        fps=True,
        native={
            **_DIFFUSION,
            "task_type": Native(about="What the model is to do, where it does several things."),
            "enable_upscaling": Native(about="Enlarge what was made.", only=("true", "false")),
            "enable_frame_interpolation": Native(
                about="Draw frames between the frames.", only=("true", "false")
            ),
        },
        may_store_elsewhere=True,
    ),
    "litellm": Dialect(
        clip_id=Named("video", "id"),
        edits="/videos/edits",
        extends="/videos/extensions",
        remixes=True,
        prompt_most=32_000,
    ),
}
