"""Colour tags as ffmpeg names them, and the ones that untagged footage is shown with."""

from av.video.codeccontext import VideoCodecContext

from bot.media import Colors

UNSPECIFIED = "unspecified"
PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020",
    11: "smpte431",
    12: "smpte432",
}
TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    18: "arib-std-b67",
}
MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
RANGES = {1: "tv", 2: "pc"}
HIGH_DEFINITION = 720


def colors_of(codec: VideoCodecContext) -> Colors:
    """Read the four tags of a stream."""
    return Colors(
        primaries=PRIMARIES.get(codec.color_primaries, UNSPECIFIED),
        transfer=TRANSFERS.get(codec.color_trc, UNSPECIFIED),
        matrix=MATRICES.get(codec.colorspace, UNSPECIFIED),
        range=RANGES.get(codec.color_range, UNSPECIFIED),
    )


def supposed(colors: Colors, width: int, height: int) -> str | None:
    """Tag untagged HD, which players take for BT.709 and ffmpeg for BT.601; a filter or None."""
    if colors.matrix != UNSPECIFIED or min(width, height) < HIGH_DEFINITION:
        return None
    return "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
