"""What Firefly's models take: Adobe's OpenAPI 3.0.0 (AdobeDocs/ffs-firefly-api@154bf38, 2026)."""

from collections.abc import Mapping
from datetime import date

from ._caps import Caps, Lengths, Native, Offer, Price, Ratios, Slot
from ._words import Mode, RefRole

VIDEO, IMAGE_5 = "video1_standard", "image5"
ROUTES = {
    VIDEO: "/v3/videos/generate",
    IMAGE_5: "/v4/images/generate-async",
    "image4_standard": "/v3/images/generate-async",
    "image4_ultra": "/v3/images/generate-async",
    "image3": "/v3/images/generate-async",
}
"""Where each model is ordered; the synchronous routes are gone since 2025-10-03."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
STORES = ("amazonaws.com", "windows.net", "dropboxusercontent.com", "storage.googleapis.com")
"""The only hosts that Firefly reads a picture from by its address."""
NUMBERS = {
    "bitRateFactor": (0, 63),
    "visualIntensity": (2, 10),
    "styleStrength": (1, 100),
    "structureStrength": (0, 100),
}
"""Options that are whole numbers, with the least and the most."""
SETTINGS: Mapping[str, Native] = {
    "cameraMotion": Native(
        about="How the camera moves.",
        only=(
            "camera pan left",
            "camera pan right",
            "camera zoom in",
            "camera zoom out",
            "camera tilt up",
            "camera tilt down",
            "camera locked down",
            "camera handheld",
        ),
    ),
    "promptStyle": Native(
        about="The look of the clip.",
        only=(
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
        ),
    ),
    "shotAngle": Native(
        about="Where the camera looks from.",
        only=(
            "aerial shot",
            "eye_level shot",
            "high angle shot",
            "low angle shot",
            "top-down shot",
        ),
    ),
    "shotSize": Native(
        about="How much is seen.",
        only=(
            "close-up shot",
            "extreme close-up",
            "medium shot",
            "long shot",
            "extreme long shot",
        ),
    ),
}
"""Camera and style of a clip, which travel as `videoSettings`."""

_UPLOAD_MOST = 15_000_000
_BLOB_MOST = 10_000_000
_PRICE = Price(
    text="by contract, counted in operations; Adobe publishes no list",
    source="developer.adobe.com/firefly-services/docs/firefly-api",
    dated=date(2026, 11, 22),
)
_SIZES: Ratios = {
    "16:9": {"720p": (1280, 720), "1080p": (1920, 1080), "540p": (960, 540)},
    "9:16": {"720p": (720, 1280), "1080p": (1080, 1920), "540p": (540, 960)},
    "1:1": {"720p": (720, 720), "1080p": (1080, 1080), "540p": (540, 540)},
}
_FIVE_SIZES: Ratios = {
    "1:1": {"2.4MP": (1552, 1552), "1MP": (1024, 1024), "4MP": (2048, 2048)},
    "4:3": {"2.4MP": (1792, 1344), "1MP": (1152, 864), "4MP": (2304, 1728)},
    "3:4": {"2.4MP": (1344, 1792), "1MP": (864, 1152), "4MP": (1728, 2304)},
    "16:9": {"2.4MP": (2048, 1152), "1MP": (1344, 756), "4MP": (2688, 1512)},
    "9:16": {"2.4MP": (1152, 2048), "1MP": (756, 1344), "4MP": (1512, 2688)},
}
"""Worked out: Adobe names the ratio and the megapixels, and no sides."""
_FOUR_SIZES: Ratios = {
    "16:9": {"2K": (2688, 1536)},
    "9:16": {"2K": (1440, 2560)},
    "1:1": {"2K": (2048, 2048)},
    "9:7": {"2K": (2304, 1792)},
    "7:9": {"2K": (1792, 2304)},
}
"""Adobe calls the last two 4:3 and 3:4; by their sides they are not."""
_THREE_SIZES: Ratios = {
    "16:9": {"2K": (2688, 1512), "1K": (1344, 756)},
    "7:4": {"2K": (2688, 1536), "1K": (1344, 768)},
    "1:1": {"2K": (2048, 2048), "1K": (1024, 1024)},
    "9:7": {"2K": (2304, 1792), "1K": (1152, 896)},
    "7:9": {"2K": (1792, 2304), "1K": (896, 1152)},
}


def _clip(*slots: Slot) -> Offer:
    quality = Native(about="0 is the best picture and the largest file, 63 the worst; usually 18.")
    return Offer(
        lengths=Lengths(only=(5,)),
        ratios=_SIZES,
        slots=slots,
        prompt_needed=not slots,
        seed=True,
        native={**SETTINGS, "bitRateFactor": quality},
    )


def _still_5(*slots: Slot) -> Offer:
    return Offer(
        ratios={} if slots else _FIVE_SIZES,
        scales=("2.4MP", "1MP", "4MP") if slots else (),
        slots=slots,
        prompt_most=1500,
        seed=True,
        native={
            "prompt_reasoner": Native(
                about="How hard the prompt is thought over.", only=("speed", "quality")
            ),
            "localeCode": Native(about="Whose world is drawn, such as en-US."),
        },
    )


def _still(sizes: Ratios) -> Offer:
    return Offer(
        ratios=sizes,
        slots=(
            Slot(role=RefRole.STYLE, bytes_most=_UPLOAD_MOST),
            Slot(role=RefRole.STRUCTURE, bytes_most=_UPLOAD_MOST),
        ),
        prompt_most=1024,
        negative=True,
        seed=True,
        native={
            "contentClass": Native(about="A photograph or fine art.", only=("photo", "art")),
            "visualIntensity": Native(about="Contrast, shadow and hue, from 2 to 10."),
            "styleStrength": Native(about="How much of the style is kept, from 1 to 100."),
            "structureStrength": Native(about="How much of the form is kept, from 0 to 100."),
            "stylePresets": Native(about="Adobe's names of styles, with commas between."),
            "promptBiasingLocaleCode": Native(about="Whose world is drawn, such as en-US."),
        },
    )


def _caps(model: str, modes: Mapping[Mode, Offer]) -> Caps:
    return Caps(
        model=model, modes=modes, price=_PRICE, cancel=True, progress=True, poll_seconds=15.0
    )


_FRAMES = tuple(Slot(role=role, bytes_most=_UPLOAD_MOST) for role in (RefRole.FIRST, RefRole.LAST))
_BLOB = Slot(role=RefRole.SOURCE, least=1, bytes_most=_BLOB_MOST)
CAPS = {
    VIDEO: _caps(VIDEO, {Mode.TEXT_TO_VIDEO: _clip(), Mode.IMAGE_TO_VIDEO: _clip(*_FRAMES)}),
    IMAGE_5: _caps(IMAGE_5, {Mode.TEXT_TO_IMAGE: _still_5(), Mode.IMAGE_TO_IMAGE: _still_5(_BLOB)}),
    **{
        model: _caps(model, dict.fromkeys((Mode.TEXT_TO_IMAGE, Mode.IMAGE_TO_IMAGE), _still(sizes)))
        for model, sizes in (
            ("image4_standard", _FOUR_SIZES),
            ("image4_ultra", _FOUR_SIZES),
            ("image3", _THREE_SIZES),
        )
    },
}
"""What each model offers; the first is the default."""
