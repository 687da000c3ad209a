"""What Luma's Agents API takes, and what it costs, as tables.

From the types of luma-agents 0.5.0 and the guides on docs.agents.lumalabs.ai. Luma writes down no
sizes in pixels: these are the resolution as the short side of a clip, and 2048 as the long side of
a still.
"""

from datetime import date

from ._caps import Caps, Lengths, Native, Offer, Price, Ratios, Slot
from ._job import JobSpec
from ._luma_native import CONTROLS, STRENGTHS, SWITCH, switch
from ._words import Mode, RefKind, RefRole

RAY, UNI, UNI_MAX = "ray-3.2", "uni-1", "uni-1-max"
FPS = 24
LONG = 10.0
FILE_MOST = 5 * 1024**3
"""Bytes; what one upload may hold."""
SECONDS_MOST = {Mode.EDIT: 18.0, Mode.REFRAME: 30.0}
"""How long a clip may be that is worked on."""
_PROMPT = 6000
_POLL_SECONDS = 4.0
_PRICING = "docs.agents.lumalabs.ai/guides/pricing"
_READ = date(2026, 7, 10)

_SHORT = {"720p": 720, "540p": 540, "360p": 360, "1080p": 1080}
_CLIP_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
_STILL_RATIOS = (*_CLIP_RATIOS, "3:1", "2:1", "3:2", "2:3", "1:2", "1:3")
_UPRIGHT = frozenset({"9:16", "3:4"})
_STILL_LONG = 2048


def _even(side: float) -> int:
    return round(side / 2) * 2


def sized(ratio: str, *, short: int = 0, long: int = 0) -> tuple[int, int]:
    """Give the pixels of a ratio whose short or whose long side is known, both even."""
    across, down = (int(side) for side in ratio.split(":"))
    scale = short / min(across, down) if short else long / max(across, down)
    return _even(across * scale), _even(down * scale)


_SIZES: Ratios = {
    ratio: {name: sized(ratio, short=short) for name, short in _SHORT.items()}
    for ratio in _CLIP_RATIOS
}
_REFRAMED: Ratios = {  # 1080p is not open for upright canvases
    ratio: {name: size for name, size in sizes.items() if name != "1080p" or ratio not in _UPRIGHT}
    for ratio, sizes in _SIZES.items()
}
_STILLS: Ratios = {ratio: {"2k": sized(ratio, long=_STILL_LONG)} for ratio in _STILL_RATIOS}

_HDR = {
    "hdr": Native(about="High dynamic range: 5 seconds at 720p or 1080p.", only=SWITCH),
    "exr_export": Native(about="EXR frames beside the clip; needs hdr.", only=SWITCH),
}
_LOOP = {"loop": Native(about="Ends where it began; 5 seconds, no HDR.", only=SWITCH)}
_STILL_OPTIONS = {
    "style": Native(about="The look of the still.", only=("auto", "manga")),
    "output_format": Native(about="The kind of file.", only=("png", "jpeg")),
    "web_search": Native(about="May look for pictures on the web first.", only=SWITCH),
}
_EDITING = {
    "strength": Native(about="How much of the clip is kept; without it Luma decides.",
                       only=STRENGTHS),
    "auto_controls": Native(about="Luma reads from the clip what is kept.", only=SWITCH),
    "source_fps": Native(about="Frames a second of the clip, for keyframes; 24 if left out."),
    **{name: Native(about=about) for name, (_, about) in CONTROLS.items()},
}  # fmt: skip
_DIRECTION = {
    "direction": Native(about="On from its end, or towards its start.",
                        only=("forward", "backward")),
}  # fmt: skip
_POSITION = {
    "source_position": Native(
        about="Where the clip lies on the new canvas: left, top, width, height as shares of it."
    ),
}


def _image(role: RefRole, *, least: int = 0, most: int = 1) -> Slot:
    return Slot(role=role, least=least, most=most, bytes_most=FILE_MOST)


_CLIP = Slot(role=RefRole.SOURCE, kind=RefKind.VIDEO, least=1, bytes_most=FILE_MOST)
_FRAMES = (
    _image(RefRole.FIRST),
    _image(RefRole.LAST),
    _image(RefRole.KEYFRAME, most=64),
)
_RAY_MODES = {
    Mode.TEXT_TO_VIDEO: Offer(
        lengths=Lengths(only=(5, LONG)),
        ratios=_SIZES,
        prompt_most=_PROMPT,
        native={**_LOOP, **_HDR},
    ),
    Mode.IMAGE_TO_VIDEO: Offer(
        lengths=Lengths(only=(5, LONG)),
        ratios=_SIZES,
        slots=_FRAMES,
        prompt_most=_PROMPT,
        native={**_LOOP, **_HDR},
    ),
    Mode.EXTEND: Offer(
        lengths=Lengths(only=(5,)),
        ratios=_SIZES,
        slots=(_CLIP,),
        prompt_most=_PROMPT,
        native=_DIRECTION,
    ),
    Mode.EDIT: Offer(
        scales=tuple(_SHORT),
        slots=(_CLIP, _image(RefRole.FIRST), _image(RefRole.KEYFRAME, most=64)),
        prompt_most=_PROMPT,
        native={**_EDITING, **_HDR},
    ),
    Mode.REFRAME: Offer(
        ratios=_REFRAMED, slots=(_CLIP,), prompt_most=_PROMPT, native=_POSITION
    ),
}  # fmt: skip
_UNI_MODES = {
    Mode.TEXT_TO_IMAGE: Offer(
        ratios=_STILLS,
        slots=(_image(RefRole.REFERENCE, most=9), _image(RefRole.STYLE, most=9)),
        refs_most=9,
        prompt_most=_PROMPT,
        native=_STILL_OPTIONS,
    ),
    Mode.IMAGE_TO_IMAGE: Offer(
        slots=(
            _image(RefRole.SOURCE, least=1),
            _image(RefRole.REFERENCE, most=8),
            _image(RefRole.STYLE, most=8),
        ),
        refs_most=9,
        prompt_most=_PROMPT,
        native=_STILL_OPTIONS,
    ),
}


def _caps(model: str, modes: dict[Mode, Offer], price: str) -> Caps:
    told = Price(text=price, source=_PRICING, dated=_READ)
    return Caps(model=model, modes=modes, price=told, poll_seconds=_POLL_SECONDS)


CAPS = {
    RAY: _caps(RAY, _RAY_MODES, "$0.15 to $3.60 a clip by length and resolution, more for HDR"),
    UNI: _caps(UNI, _UNI_MODES, "$0.04 a still, $0.003 for each picture it works from"),
    UNI_MAX: _caps(UNI_MAX, _UNI_MODES, "$0.10 a still, $0.003 for each picture it works from"),
}

_SDR: dict[tuple[str, float], int] = {
    ("540p", 5): 15, ("720p", 5): 30, ("1080p", 5): 120,
    ("540p", LONG): 45, ("720p", LONG): 90, ("1080p", LONG): 360,
}  # fmt: skip
_HDR_CENTS = {"720p": 60, "1080p": 240}
_EXR_CENTS = {"720p": 90, "1080p": 360}
_A_SECOND = {  # of the clip that is worked on
    Mode.EDIT: {"540p": 72 / 5, "720p": 108 / 5, "1080p": 216 / 5},
    Mode.REFRAME: {"540p": 6.0, "720p": 12.0, "1080p": 36.0},
}
_STILL_CENTS = {UNI: 4.04, UNI_MAX: 10.0}
_PICTURE_CENTS = 0.3


def cents_of(spec: JobSpec, model: str, source_seconds: float | None) -> int | None:
    """Price an order; None where the table has no figure, or the source's length is not known."""
    if spec.mode.makes_still:
        return round(_STILL_CENTS[model] + _PICTURE_CENTS * len(spec.refs))
    if spec.mode in _A_SECOND:
        rate = _A_SECOND[spec.mode].get(spec.resolution)
        if rate is None or source_seconds is None or switch(spec, "hdr"):
            return None
        return round(rate * source_seconds)
    if switch(spec, "hdr"):
        table = _EXR_CENTS if switch(spec, "exr_export") else _HDR_CENTS
        return table.get(spec.resolution)
    return _SDR.get((spec.resolution, spec.seconds))
