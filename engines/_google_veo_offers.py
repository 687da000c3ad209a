"""What Veo's models offer, as tables.

Sources: docs.cloud.google.com, Veo pages (November 2026), google-genai 3.4.0's types; prices from
LiteLLM 1.109.1's map of the Vertex pricing page.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from math import ceil
from types import MappingProxyType

from ._caps import Caps, Lengths, Native, Offer, Price, Slot
from ._errors import Refused
from ._facts import Retirement
from ._words import Mode, RefKind, RefRole

EXTENSION_SECONDS = 7
MODELS = ("veo-3.1-generate-001", "veo-3.1-fast-generate-001", "veo-3.1-lite-generate-001")
_STANDARD, _FAST, _LITE = MODELS
_CENTS = {
    _STANDARD: {"720p": 40, "1080p": 40, "4k": 60},
    _FAST: {"720p": 10, "1080p": 12, "4k": 30},
    _LITE: {"720p": 5, "1080p": 8},
}
_TEXTS = {
    _STANDARD: "$0.40 a second, $0.60 at 4K",
    _FAST: "$0.10 a second at 720p, $0.12 at 1080p, $0.30 at 4K",
    _LITE: "$0.05 a second at 720p, $0.08 at 1080p",
}
_PIXELS = {"720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}
_OPTIONS: Mapping[str, Native] = MappingProxyType(
    {
        "personGeneration": Native(
            about="Who may be seen; children need Google's permission.",
            only=("allow_adult", "dont_allow", "allow_all"),
        ),
        "enhancePrompt": Native(about="Let Google write the prompt out.", only=("true",)),
        "compressionQuality": Native(
            about="How much the file is compressed.", only=("OPTIMIZED", "LOSSLESS")
        ),
    }
)
_RESIZE = Native(about="What is done with a frame of another shape.", only=("PAD", "CROP"))
_FRAMES = (Slot(role=RefRole.FIRST, least=1), Slot(role=RefRole.LAST))
_ASSETS = (Slot(role=RefRole.REFERENCE, least=1, most=3),)
_SOURCE = (Slot(role=RefRole.SOURCE, kind=RefKind.VIDEO, least=1),)
_RETIRES = Retirement(
    on=None,
    text="One source says 17 November 2026, another not before 4 May 2027; the doctor asks Google.",
    source="LiteLLM 1.109.1's map; apidog on Google's page, 6 November 2026",
)


def caps_of(model: str) -> Caps:
    """Tell what a model can do. Raises Refused for one that is not offered."""
    if model not in MODELS:
        raise Refused(f"{model} is not a model of Google Veo. Choose another.")
    return Caps(
        model=model,
        modes=_modes(model),
        price=Price(
            text=_TEXTS[model],
            source="LiteLLM 1.109.1's map of the Vertex pricing page, secondary",
            dated=date(2026, 11, 22),
            cents_per_second=_CENTS[model]["720p"],
        ),
        poll_seconds=10,
        retires=None if model == _LITE else _RETIRES,
    )


def cents_of(model: str, mode: Mode, *, seconds: float, resolution: str) -> int | None:
    """Estimate in cents; an extension is always as long as it is."""
    length = EXTENSION_SECONDS if mode is Mode.EXTEND else seconds
    cents = _CENTS.get(model, {}).get(resolution)
    return None if cents is None else ceil(length * cents)


def _modes(model: str) -> Mapping[Mode, Offer]:
    ratios = _ratios(model)
    wishful = partial(Offer, negative=True, seed=True, audio=True, native=_OPTIONS)
    plain = partial(wishful, lengths=Lengths(only=(4, 6, 8)), ratios=ratios)
    frames = plain(slots=_FRAMES, prompt_needed=False, native={**_OPTIONS, "resizeMode": _RESIZE})
    modes = {Mode.TEXT_TO_VIDEO: plain(), Mode.IMAGE_TO_VIDEO: frames}
    if model == _LITE:
        return modes
    return modes | {
        Mode.REFERENCE_TO_VIDEO: plain(lengths=Lengths(only=(8,)), slots=_ASSETS),
        Mode.EXTEND: wishful(scales=("720p", "1080p"), slots=_SOURCE),
    }


def _ratios(model: str) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    wide = {name: size for name, size in _PIXELS.items() if name in _CENTS[model]}
    return {"16:9": wide, "9:16": {name: (down, across) for name, (across, down) in wide.items()}}
