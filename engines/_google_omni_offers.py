"""What Omni's models offer, as tables.

Sources: ai.google.dev/gemini-api/docs/omni (18 September 2026), google-genai 3.4.0's types, and for
1.2 the release notes of those who resell it; prices as each says.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from math import ceil
from types import MappingProxyType

from ._caps import Caps, Lengths, Native, Offer, Price, Slot
from ._words import Mode, RefKind, RefRole

TASKS: Mapping[Mode, str] = {
    Mode.TEXT_TO_VIDEO: "text_to_video",
    Mode.IMAGE_TO_VIDEO: "image_to_video",
    Mode.REFERENCE_TO_VIDEO: "reference_to_video",
    Mode.EDIT: "edit",
    Mode.EXTEND: "extend",
    Mode.UPSCALE: "upscale",
}
_SIZES = {
    "16:9": {
        "720p": (1280, 720),
        "360p": (640, 360),
        "1080p": (1920, 1080),
        "4k": (3840, 2160),
    },
    "9:16": {
        "720p": (720, 1280),
        "360p": (360, 640),
        "1080p": (1080, 1920),
        "4k": (2160, 3840),
    },
}
_TASK: Mapping[str, Native] = MappingProxyType(
    {"task": Native(about="Let Omni find out what kind of work this is.", only=("auto",))}
)
_AGAIN: Mapping[str, Native] = MappingProxyType(
    {
        **_TASK,
        "source": Native(
            about="Send the clip itself even where Omni made it; otherwise Omni goes on from its"
            " own job, which also works where uploaded clips are blocked.",
            only=("file",),
        ),
    }
)
_FRAMES = (
    Slot(role=RefRole.FIRST, least=1, call="<FIRST_FRAME>"),
    Slot(role=RefRole.LAST, call="<LAST_FRAME>"),
)
_SOURCE = Slot(role=RefRole.SOURCE, kind=RefKind.VIDEO, least=1)
_CLIPS = Slot(role=RefRole.REFERENCE, kind=RefKind.VIDEO, most=3, call="<VIDEO_REF_{index}>")
_EXTENSIONS = Lengths(least=3, most=10, step=1)
_CENTS_1_1 = {"360p": 3, "720p": 10, "1080p": 15, "4k": 30}
_PRICE_1_1 = Price(
    text="$0.03 a second at 360p, $0.10 at 720p, $0.15 at 1080p, $0.30 at 4K; inputs extra",
    source="wavespeed.ai, secondary",
    dated=date(2026, 11, 22),
    cents_per_second=10,
)
_PRICE_1_2 = Price(
    text="not known; Google's own list was not to be had, and 1.1 costs $0.03 to $0.30 a second",
    source="searched for and not found",
    dated=date(2026, 11, 22),
)
_SECONDS = {"gemini-omni-1.2-flash": 15, "gemini-omni-1.1-flash": 10}
_IMAGES = {"gemini-omni-1.2-flash": 6, "gemini-omni-1.1-flash": 3}
MODELS = tuple(_SECONDS)


def caps_of(model: str, *, as_named: str = "") -> Caps:
    """Tell what a model can do; `as_named` is its name where that differs."""
    is_known_price = model == "gemini-omni-1.1-flash"
    return Caps(
        model=as_named or model,
        modes=_modes(_SECONDS[model], _IMAGES[model]),
        price=_PRICE_1_1 if is_known_price else _PRICE_1_2,
        cancel=True,
        poll_seconds=10,
    )


def cents_of(model: str, mode: Mode, *, seconds: float, resolution: str) -> int | None:
    """Estimate in cents; None for a model whose price is not known, or a length that is not."""
    cents = _CENTS_1_1.get(resolution)
    if cents is None or model != "gemini-omni-1.1-flash" or mode is Mode.UPSCALE:
        return None
    return ceil(seconds * cents)


def _modes(longest: int, images: int) -> Mapping[Mode, Offer]:
    lengths = Lengths(least=3, most=longest, step=1)
    plain = partial(Offer, lengths=lengths, ratios=_SIZES, audio=True, native=_TASK)
    pictures = Slot(role=RefRole.REFERENCE, most=images, call="<IMAGE_REF_{index}>")
    return {
        Mode.TEXT_TO_VIDEO: plain(),
        Mode.IMAGE_TO_VIDEO: plain(slots=_FRAMES),
        Mode.REFERENCE_TO_VIDEO: plain(slots=(pictures, _CLIPS)),
        Mode.EDIT: plain(slots=(_SOURCE, pictures), native=_AGAIN),
        Mode.EXTEND: Offer(
            lengths=_EXTENSIONS,
            scales=tuple(_SIZES["16:9"]),
            slots=(_SOURCE, pictures),
            audio=True,
            native=_AGAIN,
        ),
        Mode.UPSCALE: Offer(
            scales=("1080p", "4k"), slots=(_SOURCE,), prompt_needed=False, audio=True, native=_AGAIN
        ),
    }
