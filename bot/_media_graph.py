"""One ffmpeg command line: decode once, encode the slated proxy, hand out the stills."""

from pathlib import Path

from bot._media_colors import supposed
from bot._media_probe import FORMATS, LARGEST_SIDE, Footage

PROXY_SHORT_SIDE = 720
POSTER_WIDTH, POSTER_HEIGHT = 1280, 2276
SHEET_FRAMES = 12
TURNS = {
    0: "",
    90: ",transpose=clock",
    180: ",hflip,vflip",
    270: ",transpose=cclock",
}
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p")
ONE_SECOND_GOP = ("-force_key_frames", "expr:gte(t,n_forced)")
AAC = ("-c:a", "aac", "-b:a", "128k", "-ac", "2")
NO_METADATA = ("-map_metadata", "-1", "-map_chapters", "-1")
"""Some engines write the prompt into the file, and a client may see the proxy."""


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """Short side at most 720, even, never enlarged."""
    shrink = min(1.0, PROXY_SHORT_SIDE / min(width, height))
    return _even(width * shrink), _even(height * shrink)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def still_size(width: int, height: int) -> tuple[int, int]:
    """At most 1280 wide, never enlarged."""
    shrink = min(1.0, POSTER_WIDTH / width, POSTER_HEIGHT / height)
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def chosen(frames: int) -> tuple[int, ...]:
    """Pick the sheet's frames from the first to the last; a short clip's come repeatedly."""
    last = SHEET_FRAMES - 1
    return tuple((place * (frames - 1) + last // 2) // last for place in range(SHEET_FRAMES))


def command(ffmpeg: str, original: Path, strip: Path, desk: Path, footage: Footage) -> list[str]:
    """Send the stills to standard output as raw RGB, the proxy and its frame count to the desk."""
    audio = footage.audio_index
    sound = ("-map", f"0:{audio}", *AAC) if audio is not None else ("-an",)
    return [
        *_reading(ffmpeg, original), "-y",
        "-protocol_whitelist", "file,pipe", "-f", "png_pipe", "-i", f"file:{strip}",
        "-filter_complex_threads", "2", "-filter_complex", _graph(footage),
        "-map", "[proxy]", *sound, *X264, *ONE_SECOND_GOP, *NO_METADATA,
        "-threads", "2", "-fps_mode", "passthrough", "-t", f"{footage.probe.seconds + 1:.3f}",
        "-stats_enc_pre:v", f"file:{desk / 'frames'}", "-stats_enc_pre_fmt:v", "{n}",
        "-movflags", "+faststart", "-f", "mp4", f"file:{desk / 'proxy.mp4'}",
        "-map", "[stills]", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1",
    ]  # fmt: skip


def sampling(
    ffmpeg: str, original: Path, footage: Footage, *, frames: tuple[int, ...], size: tuple[int, int]
) -> list[str]:
    """Send a few frames of a clip to standard output as raw RGB, and end with the last of them."""
    stills = _stills(footage, frames, size)
    return [
        *_reading(ffmpeg, original),
        "-filter_complex_threads", "2",
        "-filter_complex", f"[0:{footage.video_index}]{_tagged(footage)}{stills}",
        "-map", "[stills]", "-frames:v", str(len(set(frames))),
        "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1",
    ]  # fmt: skip


def _reading(ffmpeg: str, original: Path) -> list[str]:
    """Begin a command that reads a stranger's file: from this machine alone, and within bounds."""
    return [
        ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error",
        "-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS,
        "-max_pixels", str(LARGEST_SIDE**2), "-max_error_rate", "1",
        "-reinit_filter", "0", "-display_rotation", "0", "-threads", "2",
        "-i", f"file:{original}",
    ]  # fmt: skip


def _graph(footage: Footage) -> str:
    probe = footage.probe
    turn = TURNS[probe.rotation]
    proxy = _stored(footage, proxy_size(probe.width, probe.height))
    stills = _stills(footage, chosen(probe.frames), still_size(probe.width, probe.height))
    return (
        f"[0:{footage.video_index}]{_tagged(footage)}split[all][some];"
        f"[all]scale={proxy}:out_range=tv,format=yuv420p{turn},setsar=1[small];"
        "[small][1:v]overlay=0:H-h:eof_action=repeat:format=yuv420[proxy];"
        f"[some]{stills}"
    )


def _tagged(footage: Footage) -> str:
    probe = footage.probe
    tags = supposed(probe.colors, probe.width, probe.height)
    return f"{tags}," if tags else ""


def _stills(footage: Footage, frames: tuple[int, ...], size: tuple[int, int]) -> str:
    wanted = "+".join(f"eq(n\\,{number})" for number in sorted(set(frames)))
    scaled = f"scale={_stored(footage, size)}:flags=lanczos+accurate_rnd+full_chroma_int"
    return f"select={wanted},{scaled},format=rgb24{TURNS[footage.probe.rotation]}[stills]"


def _stored(footage: Footage, shown: tuple[int, int]) -> str:
    width, height = shown[::-1] if footage.probe.rotation in {90, 270} else shown
    return f"{width}:{height}"
