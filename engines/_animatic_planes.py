"""Pictures as the encoder wants them: one plane of light and two of colour at half the size.

Plates are turned into planes once; every frame is then composed of them without another colour
conversion, which is what makes rendering fast and its bytes the same everywhere.
"""

# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass
from typing import Self

from PIL import Image

Box = tuple[float, float, float, float]
Rect = tuple[int, int, int, int]
_Y = (0.18259, 0.61423, 0.06201, 16.0)  # BT.709, studio range
_U = (-0.10064, -0.33857, 0.43922, 128.0)
_V = (0.43922, -0.39894, -0.04027, 128.0)


def light_and_colour(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """Give one colour in the planes' terms."""
    red, green, blue = rgb
    y, u, v = (round(m[0] * red + m[1] * green + m[2] * blue + m[3]) for m in (_Y, _U, _V))
    return y, u, v


@dataclass(slots=True)
class Mask:
    """How much of a layer covers what is behind it, for light and for colour."""

    full: Image.Image
    half: Image.Image

    @classmethod
    def of(cls, picture: Image.Image) -> Self:
        """Take a greyscale picture of even size."""
        return cls(picture, picture.reduce(2))

    def seen(self, box: Box, size: tuple[int, int]) -> "Mask":
        """Look at a part of it at another size."""
        return Mask(
            self.full.resize(size, Image.Resampling.BILINEAR, box=box),
            self.half.resize(_halved(size), Image.Resampling.BILINEAR, box=_half_box(box)),
        )


@dataclass(slots=True)
class Planes:
    """A picture of even width and height in three planes."""

    y: Image.Image
    u: Image.Image
    v: Image.Image

    @classmethod
    def of(cls, picture: Image.Image) -> Self:
        """Convert an RGB picture of even size."""
        small = picture.reduce(2)
        return cls(
            picture.convert("L", matrix=_Y),
            small.convert("L", matrix=_U),
            small.convert("L", matrix=_V),
        )

    @classmethod
    def blank(cls, size: tuple[int, int]) -> Self:
        """Begin with a picture that is all black."""
        y, u, v = light_and_colour((0, 0, 0))
        half = _halved(size)
        return cls(Image.new("L", size, y), Image.new("L", half, u), Image.new("L", half, v))

    def copy(self) -> Self:
        """Make one that can be drawn on without changing this one."""
        return type(self)(self.y.copy(), self.u.copy(), self.v.copy())

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.y.size

    def seen(self, box: Box, size: tuple[int, int]) -> "Planes":
        """Look at a part of it at another size, to fractions of a pixel."""
        half, half_box = _halved(size), _half_box(box)
        smooth = Image.Resampling.BILINEAR
        return Planes(
            self.y.resize(size, smooth, box=box),
            self.u.resize(half, smooth, box=half_box),
            self.v.resize(half, smooth, box=half_box),
        )

    def mixed(self, other: "Planes", share: float) -> "Planes":
        """Dissolve towards another picture of the same size."""
        return Planes(
            Image.blend(self.y, other.y, share),
            Image.blend(self.u, other.u, share),
            Image.blend(self.v, other.v, share),
        )

    def lay(self, other: "Planes", at: tuple[int, int], mask: Mask | None = None) -> None:
        """Lay another picture on this one, at an even place."""
        half = at[0] // 2, at[1] // 2
        self.y.paste(other.y, at, None if mask is None else mask.full)
        self.u.paste(other.u, half, None if mask is None else mask.half)
        self.v.paste(other.v, half, None if mask is None else mask.half)

    def tint(
        self, light: Image.Image, rgb: tuple[int, int, int], at: tuple[int, int], mask: Mask
    ) -> None:
        """Lay a drawing of one colour, which only its light has shape in, on an even place."""
        _, u, v = light_and_colour(rgb)
        wide, high = mask.half.size
        half = at[0] // 2, at[1] // 2, at[0] // 2 + wide, at[1] // 2 + high
        self.y.paste(light, at, mask.full)
        self.u.paste(u, half, mask.half)
        self.v.paste(v, half, mask.half)

    def fill(self, rgb: tuple[int, int, int], rect: Rect, mask: Mask | None = None) -> None:
        """Colour an even rectangle, through a mask of its size if there is one."""
        y, u, v = light_and_colour(rgb)
        half = rect[0] // 2, rect[1] // 2, rect[2] // 2, rect[3] // 2
        self.y.paste(y, rect, None if mask is None else mask.full)
        self.u.paste(u, half, None if mask is None else mask.half)
        self.v.paste(v, half, None if mask is None else mask.half)


def _halved(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] // 2, size[1] // 2


def _half_box(box: Box) -> Box:
    return box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2
