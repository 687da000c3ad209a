"""Runway's own models: what each does in each mode, by the types of runwayml 5.24.0."""

from collections.abc import Mapping
from typing import Any

from ._caps import Lengths, Offer, Ratios, Slot
from ._runway_options import natives
from ._runway_work import Work, Works
from ._words import Mode, RefKind, RefRole

UPLOAD_MOST = 200_000_000
"""Bytes of an ephemeral upload (engines.md §4)."""
TAG = "@{tag}"
_WIDE_TALL: Ratios = {"16:9": {"720p": (1280, 720)}, "9:16": {"720p": (720, 1280)}}
_SIX: Ratios = {
    **_WIDE_TALL,
    "1:1": {"720p": (960, 960)},
    "4:3": {"720p": (1104, 832)},
    "3:4": {"720p": (832, 1104)},
    "21:9": {"720p": (1584, 672)},
}
_STILLS: Ratios = {
    "16:9": {"720p": (1280, 720), "1k": (1360, 768), "1080p": (1920, 1080)},
    "9:16": {"720p": (720, 1280), "1080p": (1080, 1920)},
    "1:1": {"720p": (720, 720), "1k": (1024, 1024), "1080p": (1080, 1080)},
    "4:3": {"720p": (960, 720), "1k": (1168, 880), "1080p": (1440, 1080)},
    "3:4": {"720p": (720, 960), "1080p": (1080, 1440)},
    "21:9": {"720p": (1680, 720), "1k": (1808, 768), "1080p": (2112, 912)},
}
_REFRAMED: Ratios = {
    "16:9": {"source": (1920, 1080)},
    "9:16": {"source": (1080, 1920)},
    "1:1": {"source": (1080, 1080)},
    "4:3": {"source": (1440, 1080)},
    "3:4": {"source": (1080, 1440)},
    "3:2": {"source": (1620, 1080)},
    "2:3": {"source": (1080, 1620)},
    "21:9": {"source": (2520, 1080)},
}
"""Nominal: the pixels follow the clip, which is at most 1080p."""
_PRORES = ("422", "4444", "422 Proxy", "422 LT", "422 HQ", "4444 XQ")
MODERATION: Mapping[str, Any] = {"publicFigureThreshold": ("auto", "low")}
_GEN45 = natives(
    {
        **MODERATION,
        "outputFormat": (
            "mp4",
            "prores",
            "png_sequence",
            "hdr10",
            "hlg",
            "sdr_rec709_10bit",
            "hdr_pq_12bit_master",
            "hdr_prores",
            "hdr_png_sequence",
            "hdr_exr_sequence",
            "hdr_exr_acescg_sequence_1_3",
            "hdr_exr_acescg_sequence_2_0",
        ),
        "proresProfile": _PRORES,
    }
)
_ALEPH = {
    **MODERATION,
    "outputFormat": ("mp4", "prores", "png_sequence", "sdr_rec709_10bit"),
    "proresProfile": _PRORES,
}
WINDOW: Mapping[str, Any] = {"start_seconds": None, "end_seconds": None}
_ACTING = natives({**MODERATION, "bodyControl": None, "expressionIntensity": None})
_UPSCALING = natives(
    {
        "creativity": None,
        "flavor": ("vivid", "natural"),
        "fpsBoost": None,
        "sharpen": None,
        "smartGrain": None,
    }
)
_HDR = natives(
    {
        "outputFormat": (
            "hdr10",
            "hlg",
            "hdr_prores",
            "hdr_exr_sequence",
            "hdr_exr_acescg_sequence_1_3",
            "hdr_exr_acescg_sequence_2_0",
        ),
        "proresProfile": ("422", "4444", "422 HQ"),
    }
)
_FRACTIONS = ("23_98", "24", "25", "29_97", "30", "48", "50", "59_94", "60", "120")


def room(role: RefRole, kind: RefKind = RefKind.IMAGE, *, least: int = 0, most: int = 1,
         call: str = "") -> Slot:  # fmt: skip
    """Give room for references as Runway takes them: inline, uploaded or by address."""
    return Slot(role=role, kind=kind, least=least, most=most, call=call, bytes_most=UPLOAD_MOST)


FIRST = room(RefRole.FIRST, least=1)
SOURCE = room(RefRole.SOURCE, RefKind.VIDEO, least=1)
STILL = room(RefRole.SOURCE, least=1)


def _gen(endpoint: str, ratios: Ratios, *, turbo: bool = False) -> Work:
    is_from_frame = endpoint == "image_to_video"
    offer = Offer(
        lengths=Lengths(least=2, most=10, step=1),
        ratios=ratios,
        slots=(FIRST,) if is_from_frame else (),
        prompt_needed=not turbo,
        prompt_most=1000,
        prompt_utf16=True,
        seed=True,
        native=natives(MODERATION) if turbo else _GEN45,
    )
    fields = ("promptText", "ratio", "duration", "seed")
    return Work(
        endpoint=endpoint,
        offer=offer,
        fields=(*fields, "promptImage") if is_from_frame else fields,
    )


def _still(slots: tuple[Slot, ...]) -> Work:
    offer = Offer(
        ratios=_STILLS,
        slots=slots,
        refs_most=3,
        prompt_most=1000,
        prompt_utf16=True,
        seed=True,
        native=natives(MODERATION),
    )
    return Work(
        endpoint="text_to_image",
        offer=offer,
        fields=("promptText", "ratio", "seed", "referenceImages"),
    )


def _stills(*, least: int) -> Works:
    named = room(RefRole.SOURCE, least=1, call=TAG)
    more = room(RefRole.REFERENCE, most=2, call=TAG)
    return {
        Mode.TEXT_TO_IMAGE: _still((room(RefRole.REFERENCE, least=least, most=3, call=TAG),)),
        Mode.IMAGE_TO_IMAGE: _still((named, more)),
    }


_ALEPH_EDIT = Work(
    endpoint="video_to_video",
    offer=Offer(
        slots=(SOURCE, room(RefRole.KEYFRAME, most=5)),
        prompt_needed=False,
        seed=True,
        native=natives({**_ALEPH, **WINDOW}),
    ),
    fields=("promptText", "seed", "videoUri", "keyframes"),
)
_ALEPH_REFRAME = Work(
    endpoint="video_to_video",
    offer=Offer(
        ratios=_REFRAMED,
        slots=(SOURCE,),
        prompt_needed=False,
        seed=True,
        native=natives(_ALEPH),
    ),
    fields=("promptText", "seed", "videoUri", "targetAspectRatio"),
)
_ACT_TWO = Work(
    endpoint="character_performance",
    offer=Offer(
        ratios=_SIX,
        slots=(SOURCE, room(RefRole.REFERENCE), room(RefRole.REFERENCE, RefKind.VIDEO)),
        prompt_needed=False,
        seed=True,
        native=_ACTING,
    ),
    fields=("character", "reference", "ratio", "seed"),
)
_UPSCALE = Work(
    endpoint="video_upscale",
    offer=Offer(
        scales=("2k", "720p", "1k", "4k"), slots=(SOURCE,), prompt_needed=False, native=_UPSCALING
    ),
    fields=("videoUri", "resolution"),
)
_FRAME_RATE = Work(
    endpoint="video_upscale",
    offer=Offer(
        slots=(SOURCE,),
        prompt_needed=False,
        fps=(24, 25, 30, 48, 50, 60, 120),
        native=natives({"targetFramerate": _FRACTIONS}),
    ),
    fields=("videoUri", "targetFramerate"),
)
_TO_HDR = Work(
    endpoint="video_to_hdr",
    offer=Offer(slots=(SOURCE,), prompt_needed=False, native=_HDR),
    fields=("videoUri",),
)

OWN: Mapping[str, Works] = {
    "gen4.5": {
        Mode.TEXT_TO_VIDEO: _gen("text_to_video", _WIDE_TALL),
        Mode.IMAGE_TO_VIDEO: _gen("image_to_video", _SIX),
    },
    "gen4_turbo": {Mode.IMAGE_TO_VIDEO: _gen("image_to_video", _SIX, turbo=True)},
    "aleph2": {Mode.EDIT: _ALEPH_EDIT, Mode.REFRAME: _ALEPH_REFRAME},
    "act_two": {Mode.PERFORMANCE: _ACT_TWO},
    "gen4_image": _stills(least=0),
    "gen4_image_turbo": _stills(least=1),
    "magnific_video_upscaler_creative": {Mode.UPSCALE: _UPSCALE},
    "enhance_frame_rate": {Mode.UPSCALE: _FRAME_RATE},
    "ruby": {Mode.UPSCALE: _TO_HDR},
}
