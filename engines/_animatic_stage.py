"""What stands before the camera: layers near and far, and how a view of them becomes a frame."""

# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from ._animatic_camera import View
from ._animatic_planes import Box, Mask, Planes, Rect

Size = tuple[int, int]
TRAVEL = 0.11  # how far, in frame widths, a move of one unit shifts a layer of depth 1


@dataclass(slots=True)
class Layer:
    """A picture somewhere in depth: 0 is infinitely far, 1 is where the subject stands.

    `plate` is the size of the whole set, `scale` of its pixels to one of the frame's; the layer's
    own pixels begin at `corner` in it. `travel` is how far a move of one unit shifts it, in frame
    sizes; `swing` is its share in an orbit. With an `ink` it is all of one colour.
    """

    planes: Planes
    mask: Mask | None
    plate: Size
    corner: tuple[int, int] = (0, 0)
    scale: float = 1.0
    depth: float = 1.0
    swing: float = 0.0
    travel: tuple[float, float] = (TRAVEL, TRAVEL)
    middle: tuple[float, float] = (0.5, 0.5)
    ink: tuple[int, int, int] | None = None
    _kept: "tuple[Box, Planes | Image.Image, Mask | None] | None" = None

    def seen(self, box: Box, size: Size) -> "tuple[Planes | Image.Image, Mask | None]":
        """Look at a part of it; what was looked at last is kept, for a layer that rests."""
        if self._kept is None or self._kept[0] != box:
            smooth = Image.Resampling.BILINEAR
            light = self.planes.y.resize(size, smooth, box=box) if self.ink else None
            mask = None if self.mask is None else self.mask.seen(box, size)
            self._kept = box, light or self.planes.seen(box, size), mask
        return self._kept[1], self._kept[2]


def compose(layers: Sequence[Layer], size: Size, view: View) -> Planes:
    """Draw the layers from far to near; together they cover the whole frame."""
    frame = Planes.blank(size)
    for layer in layers:
        _lay(frame, layer, _look(layer, size, view))
    return frame


def _look(layer: Layer, size: Size, view: View) -> Box:
    """Find the part of the layer's plate that fills the frame."""
    zoom = math.exp(view.zoom + view.dolly * layer.depth)
    across = size[0] * layer.scale / zoom
    down = size[1] * layer.scale / zoom
    x = view.pan + view.truck * layer.depth + view.orbit * layer.swing
    y = view.tilt + view.rise * layer.depth
    left = layer.plate[0] * layer.middle[0] + x * layer.travel[0] * size[0] * layer.scale
    top = layer.plate[1] * layer.middle[1] + y * layer.travel[1] * size[1] * layer.scale
    left = min(max(left - across / 2, 0.0), layer.plate[0] - across)
    top = min(max(top - down / 2, 0.0), layer.plate[1] - down)
    return left, top, left + across, top + down


def _lay(frame: Planes, layer: Layer, look: Box) -> None:
    """Draw a smaller layer where it falls, on even pixels."""
    rect = _fall(layer, look, frame.size)
    if rect[2] - rect[0] < 2 or rect[3] - rect[1] < 2:  # noqa: PLR2004  colour has half the pixels
        return
    per_x = (look[2] - look[0]) / frame.size[0]
    per_y = (look[3] - look[1]) / frame.size[1]
    box = (
        max(look[0] + rect[0] * per_x - layer.corner[0], 0.0),
        max(look[1] + rect[1] * per_y - layer.corner[1], 0.0),
        min(look[0] + rect[2] * per_x - layer.corner[0], float(layer.planes.size[0])),
        min(look[1] + rect[3] * per_y - layer.corner[1], float(layer.planes.size[1])),
    )
    seen, mask = layer.seen(box, (rect[2] - rect[0], rect[3] - rect[1]))
    if isinstance(seen, Planes):
        frame.lay(seen, (rect[0], rect[1]), mask)
    elif layer.ink is not None and mask is not None:
        frame.tint(seen, layer.ink, (rect[0], rect[1]), mask)


def _fall(layer: Layer, look: Box, size: Size) -> Rect:
    """Find the even rectangle of the frame that the layer covers."""
    edges: list[int] = []
    for axis in (0, 1):
        per = size[axis] / (look[axis + 2] - look[axis])
        low = (layer.corner[axis] - look[axis]) * per
        high = low + layer.planes.size[axis] * per
        edges += [
            max(math.ceil(low / 2 - 1e-6) * 2, 0),
            min(math.floor(high / 2 + 1e-6) * 2, size[axis]),
        ]
    return edges[0], edges[2], edges[1], edges[3]
