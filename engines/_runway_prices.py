"""What Runway charges, in credits of one cent; for most partner models only Runway knows."""

import math
from collections.abc import Mapping
from datetime import date

from ._caps import Price
from ._clip_length import length_of
from ._job import JobSpec
from ._words import RefKind, RefRole

_SKILLS = "runwayml/skills, rw-api-reference, read in July and August 2026; secondary"
_TYPES = "runwayml 5.24.0, the types' own words"
_READ = date(2026, 8, 1)
_TYPES_READ = date(2026, 11, 22)
_A_SECOND: Mapping[str, tuple[float, float]] = {
    "gen4.5": (12, 12),
    "gen4_turbo": (5, 5),
    "veo3.1": (20, 40),
    "veo3.1_fast": (10, 15),
}
"""Credits a second of what is made, from and to."""
_A_SECOND_OF_SOURCE: Mapping[str, str] = {
    "aleph2": "28 credits ($0.28) a second of the clip, and at least 56; 5 more for prores and"
    " png_sequence, 20 more for sdr_rec709_10bit",
    "act_two": "5 credits ($0.05) a second of the performance",
    "ruby": "20 credits ($0.20) a second of the clip, 40 above 4 megapixels",
}
_BY_SOURCE: Mapping[str, tuple[int, int]] = {"aleph2": (28, 56), "act_two": (5, 0), "ruby": (40, 0)}
"""Credits a second of the source, the dearer where it depends on its size, and the least."""
_A_STILL: Mapping[str, Mapping[str, int]] = {
    "gen4_image": {"720p": 5, "1k": 8, "1080p": 8},
    "gen4_image_turbo": {"720p": 2, "1k": 2, "1080p": 2},
    "gemini_2.5_flash": {"1k": 5},
}
"""Credits a still; between two known sizes the dearer one counts."""
_MASTERING = 20
_CONVERTED = 5
_SURCHARGE: Mapping[str, int] = {"mp4": 0, "prores": _CONVERTED, "png_sequence": _CONVERTED}
"""Credits a second on top; every other format of gen4.5 costs `_MASTERING`."""


def price_of(model: str) -> Price:
    """Tell a model's price as it is published."""
    if model in _A_SECOND:
        least, most = _A_SECOND[model]
        span = f"{most:g}" if least == most else f"{least:g} to {most:g}"
        more = "; 5 to 20 more for formats other than mp4" if model == "gen4.5" else ""
        text = f"{span} credits a second, of $0.01 each{more}"
        return Price(text=text, source=_SKILLS, dated=_READ, cents_per_second=most)
    if model in _A_SECOND_OF_SOURCE:
        source, dated = (_TYPES, _TYPES_READ) if model == "ruby" else (_SKILLS, _READ)
        rate = _BY_SOURCE[model][0]
        return Price(
            text=_A_SECOND_OF_SOURCE[model], source=source, dated=dated, cents_per_second=rate
        )
    if model in _A_STILL:
        each = " or ".join(map(str, sorted(set(_A_STILL[model].values()))))
        return Price(text=f"{each} credits a still, of $0.01 each", source=_SKILLS, dated=_READ)
    text = "in credits of $0.01; Runway says how many when it takes the order"
    return Price(text=text, source=_TYPES, dated=_TYPES_READ)


def estimate_of(model: str, spec: JobSpec) -> int | None:
    """Give cents, the dearer end of a range; None where only Runway tells.

    What is charged by the length of a clip is known once that clip is a file at hand.
    """
    if model in _A_STILL:
        return _A_STILL[model].get(spec.resolution)
    if model in _A_SECOND:
        return math.ceil((_A_SECOND[model][1] + _surcharge(spec)) * spec.seconds)
    length = _source_seconds(spec)
    if length is None or model not in _BY_SOURCE:
        return None
    rate, least = _BY_SOURCE[model]
    surcharge = _surcharge(spec) if model == "aleph2" else 0
    return math.ceil(max((rate + surcharge) * length, least))


def _surcharge(spec: JobSpec) -> int:
    return _SURCHARGE.get(str(spec.native.get("outputFormat", "mp4")), _MASTERING)


def _source_seconds(spec: JobSpec) -> float | None:
    clips = spec.refs_in(RefRole.SOURCE, RefKind.VIDEO)
    return length_of(clips[0]) if clips else None
