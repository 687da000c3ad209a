"""What is wrong with an order for Runway beyond what the tables say, before it costs anything."""

import re
from collections.abc import Iterator

from ._caps import Offer
from ._clip_length import length_of
from ._job import JobSpec, Ref
from ._media_kind import mime_of
from ._problems import Problem
from ._runway_files import ENDINGS
from ._runway_own import TAG
from ._words import Mode, RefKind, RefRole

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,15}")
_ADDRESS = re.compile(r"https://(?![\d.]+(:|/|$))[^/@\[\s]+(/\S*)?|runway://\S+|data:[a-z]+/\S+")
"""What Runway fetches: no bare IP address, and nobody's name and password."""

_CLIPS = {"aleph2": (2, 30), "act_two": (3, 30)}
"""Seconds of the clip that a model works on (engines.md §4)."""


def tag_problems(spec: JobSpec, offer: Offer) -> Iterator[Problem]:
    """Name tags that Runway would not take: it wants 3 to 16 characters, and no two alike."""
    if not any(slot.call == TAG for slot in offer.slots):
        return
    tags = [ref.tag for ref in spec.refs if ref.tag]
    for tag in tags:
        if not _TAG.fullmatch(tag):
            text = "3 to 16 letters, digits and underscores, and a letter first"
            yield Problem("refs", f"A tag has {text}; {tag} has not.")
    for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
        yield Problem("refs", f"Two pictures are called {tag}; give each its own tag.")


def ref_problems(ref: Ref) -> Iterator[Problem]:
    """Name what keeps Runway from reading a reference; the kind is told by the bytes."""
    called = f"The {ref.role.value} {ref.kind.value}"
    if ref.uri:
        if not _ADDRESS.fullmatch(ref.uri):
            text = f"{called} needs an https address with a host's name in it."
            yield Problem("refs", text)
        return
    if ref.path is None and ref.sha256:
        return  # a file that is kept somewhere and not yet at hand
    if ref.path is None or not ref.path.exists():
        yield Problem("refs", f"{called} has neither a file nor an address. Attach it again.")
        return
    mime = mime_of(ref.path) or ""
    if mime not in ENDINGS or not mime.startswith(ref.kind.value):
        taken = [name.removeprefix(".") for kind, name in ENDINGS.items()
                 if kind.startswith(ref.kind.value)]  # fmt: skip
        yield Problem("refs", f"{called} is not a {', '.join(taken[:-1])} or {taken[-1]} file.")


def missing_problems(spec: JobSpec) -> Iterator[Problem]:
    """Name what an order must say beside its slots."""
    characters = sum(ref.role is RefRole.REFERENCE for ref in spec.refs)
    if spec.mode is Mode.PERFORMANCE and characters != 1:
        yield Problem("refs", "This needs one character to perform: a picture or a clip.")
    is_paced = spec.fps is not None or "targetFramerate" in spec.native
    if spec.model == "enhance_frame_rate" and not is_paced:
        yield Problem("fps", "Say how many frames a second the clip is to have.")
    yield from _window_problems(spec)
    yield from _length_problems(spec)


def _window_problems(spec: JobSpec) -> Iterator[Problem]:
    stills = spec.refs_in(RefRole.KEYFRAME)
    window = {"start_seconds", "end_seconds"} & spec.native.keys()
    if len(window) == 1:
        yield Problem("native", "An edit window has start_seconds and end_seconds, or neither.")
    if window and not stills:
        yield Problem("native", "An edit window belongs to keyframes, and there is none.")
    if window and any(still.at is None for still in stills):
        yield Problem("refs", "Say at which second of the edit window each keyframe belongs.")


def _length_problems(spec: JobSpec) -> Iterator[Problem]:
    least, most = _CLIPS.get(spec.model, (0, 0))
    for clip in spec.refs_in(RefRole.SOURCE, RefKind.VIDEO):
        length = length_of(clip) if most else None
        if length is not None and not least <= length <= most:
            text = f"{spec.model} works on clips of {least} to {most} seconds, and this has"
            yield Problem("refs", f"{text} {length:.1f}.")
