"""What an order at Luma's Agents API gets wrong beyond its tables, said before money is spent."""

from collections.abc import Callable, Iterator

from ._clip_length import length_of
from ._job import JobSpec, Ref
from ._luma_body import index_of
from ._luma_native import CONTROLS, control, listed, number, switch, word
from ._luma_tables import FPS, LONG, SECONDS_MOST
from ._media_kind import mime_of
from ._problems import Problem
from ._words import Mode, RefKind, RefRole

_HDR_SIZES = frozenset({"720p", "1080p"})
_CORNERS_MOST = 2.0

Rule = tuple[Callable[[JobSpec], bool], str, str]


def _framed(spec: JobSpec) -> bool:
    return bool(spec.refs_in(RefRole.FIRST) or spec.refs_in(RefRole.LAST))


def _keyed(spec: JobSpec) -> bool:
    return bool(spec.refs_in(RefRole.KEYFRAME))


def _long(spec: JobSpec) -> bool:
    return spec.seconds >= LONG


def _hdr(spec: JobSpec) -> bool:
    return bool(switch(spec, "hdr"))


def _loop(spec: JobSpec) -> bool:
    return bool(switch(spec, "loop"))


_HDR_RULES: tuple[Rule, ...] = (
    (
        lambda spec: _hdr(spec) and spec.resolution not in _HDR_SIZES,
        "resolution",
        "HDR is made at 720p or 1080p; choose one of them, or no HDR.",
    ),
    (
        lambda spec: bool(switch(spec, "exr_export")) and not _hdr(spec),
        "native",
        "EXR frames come with HDR only; choose hdr too, or no exr_export.",
    ),
)
_CLIP_RULES: tuple[Rule, ...] = (
    (
        lambda spec: _framed(spec) and _keyed(spec),
        "refs",
        "Luma takes a first and a last frame, or keyframes, not both; make all of them keyframes.",
    ),
    (
        lambda spec: _framed(spec) and _long(spec),
        "seconds",
        "With a first or last frame Luma makes 5 seconds; for 10, make the pictures keyframes.",
    ),
    (
        lambda spec: _framed(spec) and _hdr(spec),
        "native",
        "HDR does not go with a first or a last frame; give the pictures as keyframes.",
    ),
    (
        lambda spec: _loop(spec) and _long(spec),
        "seconds",
        "A loop is 5 seconds long; choose 5 seconds, or no loop.",
    ),
    (
        lambda spec: _loop(spec) and _hdr(spec),
        "native",
        "A loop cannot be HDR; choose one of the two.",
    ),
    (
        lambda spec: _loop(spec) and bool(spec.refs_in(RefRole.LAST) or _keyed(spec)),
        "native",
        "A loop ends where it began, so it takes no last frame and no keyframes.",
    ),
    (
        lambda spec: _hdr(spec) and _long(spec),
        "seconds",
        "HDR is made 5 seconds long; choose 5 seconds, or no HDR.",
    ),
)
_FRAME_RULES: tuple[Rule, ...] = (
    (
        lambda spec: not _framed(spec) and not _keyed(spec),
        "refs",
        "A clip from frames needs a first frame, a last frame or keyframes.",
    ),
)
_EDIT_RULES: tuple[Rule, ...] = (
    (
        lambda spec: (
            bool(switch(spec, "auto_controls"))
            and any(word(spec, name) for name in ("strength", *CONTROLS))
        ),
        "native",
        "Either Luma decides what is kept (auto_controls), or strength and the controls do.",
    ),
    (
        lambda spec: _framed(spec) and _keyed(spec),
        "refs",
        "An edit takes a first frame or keyframes, not both; make all of them keyframes.",
    ),
)
_EXTEND_RULES: tuple[Rule, ...] = (
    (
        lambda spec: not all(ref.job for ref in spec.refs),
        "refs",
        "Luma extends only takes of its own; for another clip, begin one from its last frame.",
    ),
)
_RULES: dict[Mode, tuple[Rule, ...]] = {
    Mode.TEXT_TO_VIDEO: (*_CLIP_RULES, *_HDR_RULES),
    Mode.IMAGE_TO_VIDEO: (*_FRAME_RULES, *_CLIP_RULES, *_HDR_RULES),
    Mode.EXTEND: _EXTEND_RULES,
    Mode.EDIT: (*_EDIT_RULES, *_HDR_RULES),
}


def problems_in(spec: JobSpec) -> Iterator[Problem]:
    """Find what does not go together, and files that are not what they are given as."""
    for is_wrong, field, text in _RULES.get(spec.mode, ()):
        if is_wrong(spec):
            yield Problem(field, text)
    unread = list(_number_problems(spec))
    yield from unread
    if not unread:
        yield from _keyframe_problems(spec)
    for ref in spec.refs:
        yield from _reference_problems(ref, spec)


def _number_problems(spec: JobSpec) -> Iterator[Problem]:
    try:
        fps = number(spec, "source_fps")
    except ValueError:
        fps = 0.0
    if fps is not None and fps <= 0:
        yield Problem("native", "source_fps is a number of frames a second, such as 24 or 29.97.")
    if (told := listed(spec, "source_position")) and not _is_rectangle(told):
        text = "source_position is four numbers: left, top, width and height, the last two up to 2."
        yield Problem("native", text)
    for name in (name for name in CONTROLS if word(spec, name)):
        try:
            control(spec, name)
        except ValueError:
            about = CONTROLS[name][1]
            yield Problem("native", f"{name} cannot be {word(spec, name)}. {about}")


def _is_rectangle(told: list[str]) -> bool:
    try:
        _, _, width, height = (float(side) for side in told)
    except ValueError:
        return False
    return 0 < width <= _CORNERS_MOST and 0 < height <= _CORNERS_MOST


def _keyframe_problems(spec: JobSpec) -> Iterator[Problem]:
    keys = spec.refs_in(RefRole.KEYFRAME)
    is_edit = spec.mode is Mode.EDIT
    fps = (number(spec, "source_fps") or FPS) if is_edit else FPS
    end = SECONDS_MOST[Mode.EDIT] if is_edit else spec.seconds
    if any(ref.at is None for ref in keys):
        yield Problem("refs", "Say for each keyframe at which second it belongs.")
    elif any(not 0 <= (ref.at or 0) <= end for ref in keys):
        yield Problem("refs", f"Keyframes belong between 0 and {end:g} seconds.")
    elif len({index_of(ref, fps) for ref in keys}) < len(keys):
        yield Problem("refs", "Two keyframes fall on the same frame; move one of them.")


def _reference_problems(ref: Ref, spec: JobSpec) -> Iterator[Problem]:
    called = f"The {ref.role.value} {ref.kind.value}"
    most, long = SECONDS_MOST.get(spec.mode), length_of(ref)
    if most and long and ref.role is RefRole.SOURCE and long > most:
        yield Problem("refs", f"{called} is {long:.1f} seconds long; at most {most:g} fit here.")
    if ref.path is None:
        if not any((ref.uri, ref.sha256, ref.job if ref.role is RefRole.SOURCE else None)):
            yield Problem("refs", f"{called} has neither a file nor an address.")
    elif not (mime_of(ref.path) or "").startswith(f"{ref.kind.value}/"):
        kind = "picture" if ref.kind is RefKind.IMAGE else "clip"
        yield Problem("refs", f"{called} is not a {kind} that Luma reads.")
