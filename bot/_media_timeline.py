"""When each frame of a video is shown, counted from its packets."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from bot.media import MediaProblem

LONGEST_SECONDS = 1800
MOST_FRAMES = 200_000


@dataclass(frozen=True)
class Timeline:
    """The frames of one video stream, in the order they are shown."""

    times: tuple[float, ...]
    """Seconds from the first frame on."""
    seconds: float
    """Until the last frame has been shown."""
    is_variable: bool
    missing_seconds: float
    """How much earlier the packets of all streams end than the file's header says."""


def timeline_of(opened: InputContainer, video: VideoStream) -> Timeline:
    """Count the packets of a video; refuse one without frames, or absurdly long."""
    base = video.time_base or Fraction(1, 1000)
    shown: list[int] = []
    end, reach = 0, Fraction(0)
    for packet in _packets(opened, video):
        at = _moment(packet, len(shown))
        reach = max(reach, (at + (packet.duration or 0)) * (packet.time_base or base))
        if packet.stream_index == video.index:
            shown.append(at)
            end = max(end, at + (packet.duration or 0))
            _bear(len(shown))
    if not shown:
        raise MediaProblem("The video has no frames.")
    return _timeline(sorted(shown), end, base, Fraction(opened.duration or 0, 1_000_000) - reach)


def _packets(opened: InputContainer, video: VideoStream) -> Iterator["Packet[Any]"]:
    try:
        for packet in opened.demux([video, *opened.streams.audio]):
            if packet.size and not packet.is_discard:
                yield packet
    except FFmpegError:
        return  # a file that was cut off inside a packet; what came before it counts


def _moment(packet: "Packet[Any]", number: int) -> int:
    if packet.pts is not None:
        return packet.pts
    return packet.dts if packet.dts is not None else number


def _bear(frames: int) -> None:
    if frames > MOST_FRAMES:
        raise MediaProblem(f"The video has more than {MOST_FRAMES:,} frames.")


def _timeline(shown: list[int], end: int, base: Fraction, missing: Fraction) -> Timeline:
    first, last = shown[0], shown[-1]
    if end <= last:
        end = last + (last - first) // max(1, len(shown) - 1)
    seconds = float((end - first) * base)
    if seconds > LONGEST_SECONDS:
        raise MediaProblem(
            f"The video says it lasts {seconds / 60:,.0f} minutes; "
            f"the most we take is {LONGEST_SECONDS // 60}."
        )
    times = tuple(float((at - first) * base) for at in shown)
    return Timeline(times, seconds, _is_variable(times, float(base)), float(missing))


def _is_variable(times: tuple[float, ...], tick: float) -> bool:
    """Whether steps differ by more than a container's rounding."""
    steps = sorted(later - earlier for earlier, later in pairwise(times))
    if not steps:
        return False
    usual = steps[len(steps) // 2]
    allowed = 2 * tick + usual / 50
    return usual - steps[0] > allowed or steps[-1] - usual > allowed
