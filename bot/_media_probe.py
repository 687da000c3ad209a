"""Learn what a video is without decoding a frame of it."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from bot._media_colors import colors_of
from bot._media_matrix import clockwise
from bot._media_sniff import container, foreign, head_of, misnamed
from bot._media_timeline import Timeline, timeline_of
from bot.media import MediaProblem, Probe

FORMATS = "mov,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,mxf,ivf"
LARGEST_SIDE = 8192
WIDEST_PIXEL = Fraction(4)
CLOSE_ENOUGH = 0.25
"""Seconds by which headers and packets may differ in sound files."""


@dataclass(frozen=True)
class Footage:
    """A probe, and what only the decoder's command line needs to know."""

    probe: Probe
    video_index: int
    audio_index: int | None
    stored: tuple[int, int]
    """Width and height before turning, in square pixels."""
    times: tuple[float, ...]
    """When each frame is shown, from the first one on."""
    promised: int
    """How many frames the file's header says there are; 0 if it does not say."""


def look(path: Path) -> Footage:
    """Count the packets of the first moving picture in a file, or say why there is none."""
    head = head_of(path)
    strange = foreign(head)
    if strange:
        raise MediaProblem(f"This is {strange}, not a video.")
    options = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
    try:
        with av.open(f"file:{path}", options=options) as opened:
            return _footage(path, head, opened)
    except FFmpegError as error:
        raise MediaProblem(_unreadable(head)) from error


def _unreadable(head: bytes) -> str:
    if head.startswith(b"ftyp", 4):
        return "The video is cut off before its index, so nothing of it can be played."
    return "This is not a video in a format that can be read."


def _footage(path: Path, head: bytes, opened: InputContainer) -> Footage:
    stream = _moving(opened)
    stored = _stored_size(stream)
    timeline = timeline_of(opened, stream)
    name = container(opened.format.name, head)
    turned = clockwise(path, stream.id) if name in {"mp4", "mov"} else 0
    return Footage(
        probe=_probe(opened, stream, timeline, name, stored, turned, misnamed(path, name)),
        video_index=stream.index,
        audio_index=_playable_audio(opened),
        stored=stored,
        times=timeline.times,
        promised=_promised(stream, timeline),
    )


def _probe(
    opened: InputContainer,
    stream: VideoStream,
    timeline: Timeline,
    name: str,
    stored: tuple[int, int],
    turned: int,
    problem: str | None,
) -> Probe:
    width, height = stored[::-1] if turned in {90, 270} else stored
    rate = _rate(stream, timeline)
    return Probe(
        width=width,
        height=height,
        rotation=turned,
        fps=round(float(rate), 3),
        fps_exact=str(rate),
        frames=len(timeline.times),
        seconds=round(timeline.seconds or float(1 / rate), 3),
        codec=stream.codec_context.codec.canonical_name,
        pixel_format=stream.codec_context.pix_fmt or "unknown",
        has_audio=bool(opened.streams.audio),
        container=name,
        variable_rate=timeline.is_variable,
        colors=colors_of(stream.codec_context),
        problem=problem,
    )


def _moving(opened: InputContainer) -> VideoStream:
    for stream in opened.streams.video:
        if not stream.disposition & (Disposition.attached_pic | Disposition.still_image):
            return stream
    raise MediaProblem("There is no moving picture in this file.")


def _stored_size(stream: VideoStream) -> tuple[int, int]:
    width, height = stream.codec_context.width, stream.codec_context.height
    if not width or not height:
        raise MediaProblem("The video does not say how large it is, so it cannot be read.")
    if max(width, height) > LARGEST_SIDE:
        raise MediaProblem(
            f"The video is {width} x {height} pixels; the most we take is {LARGEST_SIDE} a side."
        )
    stretch = stream.sample_aspect_ratio or Fraction(1)
    if not 1 / WIDEST_PIXEL <= stretch <= WIDEST_PIXEL:
        return width, height
    return max(1, round(width * stretch)), height


def _rate(stream: VideoStream, timeline: Timeline) -> Fraction:
    if stream.average_rate:
        return stream.average_rate
    if not timeline.seconds:
        return Fraction(1)
    return Fraction(len(timeline.times) / timeline.seconds).limit_denominator(1001)


def _promised(stream: VideoStream, timeline: Timeline) -> int:
    if stream.frames or timeline.missing_seconds < CLOSE_ENOUGH:
        return stream.frames
    return len(timeline.times) + round(timeline.missing_seconds * _rate(stream, timeline))


def _playable_audio(opened: InputContainer) -> int | None:
    for stream in opened.streams.audio:
        if stream.codec_context and stream.codec_context.sample_rate:
            return stream.index
    return None
