"""Draw the air of a storyboard frame: its sky, its light, and gradients that do not band."""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ._animatic_palette import Colour, Palette, mixed

FINE = 2


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of the set, where its ground begins, where its light stands, and its inks."""

    width: int
    height: int
    horizon: int
    light_x: float
    palette: Palette
    chance: Random

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height


def sky(canvas: Canvas) -> Image.Image:
    """Draw the air: a gradient, a disc with its glow, and a few long clouds."""
    inks = canvas.palette
    picture = fade(canvas.size, inks.high, inks.low, end=canvas.horizon)
    reach = canvas.height * canvas.chance.uniform(0.045, 0.075)
    spot = canvas.light_x * canvas.width, canvas.horizon * canvas.chance.uniform(0.42, 0.72)
    for size, strength in ((9.0, 70), (4.2, 80), (2.0, 60)):
        picture.paste(inks.glow, mask=ball(canvas.size, spot, reach * size, strength, soft=0.5))
    clouds = _clouds(canvas)
    picture.paste(mixed(inks.low, inks.glow, 0.5), mask=clouds)
    picture.paste(inks.glow, mask=ball(canvas.size, spot, reach, 235, soft=0.05))
    return picture


def fade(
    size: tuple[int, int], top: Colour, bottom: Colour, *, start: float = 0, end: float
) -> Image.Image:
    """Draw a vertical gradient between two heights, dithered so that it does not band."""
    column = Image.new("L", (1, size[1]))
    for row in range(size[1]):
        share = min(max((row - start) / max(end - start, 1), 0.0), 1.0)
        column.putpixel((0, row), round(255 * share))
    share = column.resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), share)


def grained(picture: Image.Image, seed: int) -> Image.Image:
    """Break up the steps of a gradient with a little fixed grain."""
    noise = Random(seed).randbytes(256 * 256)  # noqa: S311  a drawing needs repeatable chance
    tile = Image.frombytes("L", (256, 256), noise).point([value // 43 for value in range(256)])
    grain = Image.new("L", picture.size)
    for x in range(0, picture.width, 256):
        for y in range(0, picture.height, 256):
            grain.paste(tile, (x, y))
    lifted = ImageChops.add(picture, Image.merge("RGB", (grain, grain, grain)))
    return lifted.point([max(value - 3, 0) for value in range(256)] * 3)


def ball(
    size: tuple[int, int], spot: tuple[float, float], reach: float, strength: int, *, soft: float
) -> Image.Image:
    """Draw a soft disc as a mask, small first because it has no detail."""
    small = max(size[0] // 4, 1), max(size[1] // 4, 1)
    sheet = Image.new("L", small, 0)
    x, y, radius = spot[0] / 4, spot[1] / 4, reach / 4 * (1 - soft * 0.4)
    ImageDraw.Draw(sheet).ellipse((x - radius, y - radius, x + radius, y + radius), fill=strength)
    if soft < 0.1:  # noqa: PLR2004  a hard edge is drawn at full size
        sheet = Image.new("L", (size[0] * FINE, size[1] * FINE), 0)
        box = [
            (v * FINE) for v in (spot[0] - reach, spot[1] - reach, spot[0] + reach, spot[1] + reach)
        ]
        ImageDraw.Draw(sheet).ellipse(box, fill=strength)
        return sheet.reduce(FINE)
    blurred = sheet.filter(ImageFilter.GaussianBlur(radius * soft))
    return blurred.resize(size, Image.Resampling.BICUBIC)


def _clouds(canvas: Canvas) -> Image.Image:
    sheet = Image.new("L", (canvas.width // 4, canvas.height // 4), 0)
    pen = ImageDraw.Draw(sheet)
    for _ in range(canvas.chance.randint(3, 6)):
        x = canvas.chance.uniform(-0.1, 1.0) * sheet.width
        y = canvas.chance.uniform(0.12, 0.9) * canvas.horizon / 4
        wide = canvas.chance.uniform(0.2, 0.55) * sheet.width
        high = wide * canvas.chance.uniform(0.012, 0.03)
        pen.ellipse((x, y, x + wide, y + high), fill=canvas.chance.randint(50, 110))
    soft = sheet.filter(ImageFilter.GaussianBlur(sheet.height * 0.012))
    return soft.resize(canvas.size, Image.Resampling.BICUBIC)
