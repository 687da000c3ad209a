"""What Luma's Dream Machine API takes, and what it costs, as tables.

From the types of lumaai 1.21.0. Only the sizes of 16:9 are written down anywhere (they follow from
the prices per pixel); the others are the same short side.
"""

from datetime import date

from ._caps import Caps, Lengths, Native, Offer, Price, Ratios, Slot
from ._job import JobSpec
from ._luma_native import STRENGTHS, SWITCH
from ._luma_tables import sized
from ._words import Mode, RefKind, RefRole

RAY, FLASH, PHOTON, PHOTON_FLASH = "ray-2", "ray-flash-2", "photon-1", "photon-flash-1"
CROP = (
    "grid_position_x", "grid_position_y", "resized_width", "resized_height",
    "x_start", "x_end", "y_start", "y_end",
)  # fmt: skip
"""Where the old picture lies on the new canvas, in pixels."""
WEIGHTS = {
    RefRole.REFERENCE: "image_weight",
    RefRole.STYLE: "style_weight",
    RefRole.SOURCE: "source_weight",
}
_FPS = 24
_PROMPT = 5000
_POLL_SECONDS = 5.0
_SHORT = {"720p": 720, "540p": 540, "1080p": 1080, "4k": 2160}
_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "9:21")
_LENGTHS = Lengths(only=(5, 9))

_SIZES: Ratios = {
    ratio: {name: sized(ratio, short=short) for name, short in _SHORT.items()} for ratio in _RATIOS
}
_ONE_SIZE: Ratios = {ratio: {"1080p": sized(ratio, short=1080)} for ratio in _RATIOS}
_SOURCE_SIZE: Ratios = {ratio: {"720p": sized(ratio, short=720)} for ratio in _RATIOS}


def _image(role: RefRole, *, least: int = 0, most: int = 1) -> Slot:
    return Slot(role=role, least=least, most=most, by_address=True)


_CLIP = Slot(role=RefRole.SOURCE, kind=RefKind.VIDEO, least=1, by_address=True)
_LOOP = {"loop": Native(about="Ends where it began.", only=SWITCH)}
_CONCEPTS = {"concepts": Native(about="Moves of the camera, such as dolly_zoom; several, parted.")}
_CROPPED = {
    name: Native(about="Where the old picture lies on the new canvas, in pixels.") for name in CROP
}
_FORMAT = {"format": Native(about="The kind of file.", only=("jpg", "png"))}
_HOW_MUCH = {
    name: Native(about=f"How much the {role.value} pictures count, 0 to 1.")
    for role, name in WEIGHTS.items()
}
_CHARACTER = {
    "character": Native(about="Tags of the references that show one person, parted by commas.")
}

_RAY_MODES = {
    Mode.TEXT_TO_VIDEO: Offer(
        lengths=_LENGTHS, ratios=_SIZES, prompt_most=_PROMPT, native={**_LOOP, **_CONCEPTS}
    ),
    Mode.IMAGE_TO_VIDEO: Offer(
        lengths=_LENGTHS,
        ratios=_SIZES,
        slots=(_image(RefRole.FIRST), _image(RefRole.LAST)),
        prompt_most=_PROMPT,
        native={**_LOOP, **_CONCEPTS},
    ),
    Mode.EXTEND: Offer(
        lengths=_LENGTHS,
        ratios=_SIZES,
        slots=(_CLIP, _image(RefRole.FIRST), _image(RefRole.LAST)),
        prompt_most=_PROMPT,
        native={
            **_CONCEPTS,
            "direction": Native(
                about="On from its end, or towards its start.", only=("forward", "backward")
            ),
        },
    ),
    Mode.EDIT: Offer(
        slots=(_CLIP, _image(RefRole.FIRST)),
        prompt_needed=False,
        prompt_most=_PROMPT,
        native={
            "strength": Native(
                about="How much of the clip is kept; flex_1 if left out.", only=STRENGTHS
            )
        },
    ),
    Mode.REFRAME: Offer(
        ratios=_SOURCE_SIZE,
        slots=(_CLIP, _image(RefRole.FIRST)),
        prompt_needed=False,
        prompt_most=_PROMPT,
        native=_CROPPED,
    ),
    Mode.UPSCALE: Offer(scales=("1080p", "720p", "4k"), slots=(_CLIP,), prompt_needed=False),
    Mode.SOUND: Offer(
        slots=(_CLIP,), prompt_needed=False, prompt_most=_PROMPT, negative=True, audio=True
    ),
}
_PHOTON_MODES = {
    Mode.REFRAME: Offer(
        ratios=_ONE_SIZE,
        slots=(_image(RefRole.SOURCE, least=1),),
        prompt_needed=False,
        prompt_most=_PROMPT,
        native={**_CROPPED, **_FORMAT},
    ),
    Mode.TEXT_TO_IMAGE: Offer(
        ratios=_ONE_SIZE,
        slots=(_image(RefRole.REFERENCE, most=8), _image(RefRole.STYLE, most=4)),
        prompt_most=_PROMPT,
        native={**_FORMAT, **_CHARACTER, **_HOW_MUCH},
    ),
    Mode.IMAGE_TO_IMAGE: Offer(
        slots=(
            _image(RefRole.SOURCE, least=1),
            _image(RefRole.REFERENCE, most=8),
            _image(RefRole.STYLE, most=4),
        ),
        prompt_most=_PROMPT,
        native={**_FORMAT, **_CHARACTER, **_HOW_MUCH},
    ),
}
DOLLARS_A_MEGAPIXEL = {RAY: 0.0064, FLASH: 0.0022, PHOTON: 0.0073, PHOTON_FLASH: 0.0019}


def _caps(model: str, modes: dict[Mode, Offer]) -> Caps:
    price = Price(
        text=f"${DOLLARS_A_MEGAPIXEL[model]:g} a million pixels, of every frame",
        source="Comfy's list of partner prices of October 2025, which passes Luma's on",
        dated=date(2026, 11, 22),
    )
    return Caps(
        model=model,
        modes=modes,
        price=price,
        cancel=True,
        webhook=True,
        poll_seconds=_POLL_SECONDS,
    )


CAPS = {
    RAY: _caps(RAY, _RAY_MODES),
    FLASH: _caps(FLASH, _RAY_MODES),
    PHOTON: _caps(PHOTON, _PHOTON_MODES),
    PHOTON_FLASH: _caps(PHOTON_FLASH, _PHOTON_MODES),
}
_PRICED = frozenset({Mode.TEXT_TO_VIDEO, Mode.IMAGE_TO_VIDEO, Mode.EXTEND})
"""Priced by their frames; what the other modes cost is written down nowhere."""


def cents_of(spec: JobSpec, model: str) -> int | None:
    """Price an order by its pixels; None where nothing is written down."""
    is_still = spec.mode is Mode.TEXT_TO_IMAGE
    size = CAPS[model].modes[spec.mode].size_of(spec.ratio, spec.resolution)
    if size is None or not (is_still or spec.mode in _PRICED):
        return None
    frames = 1 if is_still else _FPS * spec.seconds
    megapixels = size[0] * size[1] * frames / 1_000_000
    return max(1, round(megapixels * DOLLARS_A_MEGAPIXEL[model] * 100))
