"""Draw people as a storyboard does: quiet silhouettes, soft at the edges, lit from one side."""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Points = list[tuple[float, float]]
_FINE = 2
_ASPECT = 0.62  # width of a figure's own sheet, in figure heights

# Half outlines in figure heights, from the middle line outwards; x is mirrored for the other side.
_BODY: Points = [
    (0.026, 0.095), (0.029, 0.132), (0.048, 0.154), (0.098, 0.176), (0.119, 0.206), (0.118, 0.300),
    (0.098, 0.370), (0.086, 0.440), (0.094, 0.500), (0.096, 0.540), (0.050, 0.572), (0.000, 0.592),
]  # fmt: skip
_FACE: Points = [
    (0.000, 0.006), (0.026, 0.011), (0.041, 0.032), (0.045, 0.058), (0.041, 0.084), (0.031, 0.106),
    (0.015, 0.120), (0.000, 0.123),
]  # fmt: skip
_COAT: Points = [(0.104, 0.560), (0.112, 0.640), (0.116, 0.690)]
_ARM: Points = [
    (0.100, 0.190), (0.124, 0.205), (0.138, 0.300), (0.146, 0.400), (0.142, 0.500), (0.136, 0.550),
    (0.118, 0.552), (0.112, 0.480), (0.108, 0.400), (0.092, 0.300),
]  # fmt: skip


def silhouette(height: int, *, seed: int, walking: bool) -> Image.Image:
    """Draw one standing or walking person, `height` pixels tall, as a mask."""
    chance = Random(seed)  # noqa: S311  a drawing needs repeatable chance, not secrecy
    tall = height * _FINE
    sheet = Image.new("L", (round(tall * _ASPECT), tall), 0)
    pen = ImageDraw.Draw(sheet)
    middle = sheet.width / 2
    bulk = chance.uniform(0.92, 1.08)
    coat = chance.random() < 0.5  # noqa: PLR2004  every second one
    outline = _BODY + (_COAT if coat else [])
    mirrored = [(-x, y) for x, y in reversed(outline)]
    _shape(pen, outline + mirrored, middle, tall, bulk)
    _shape(pen, _ARM, middle, tall, bulk)
    _shape(pen, [(-x, y) for x, y in _ARM], middle, tall, bulk)
    _legs(pen, middle, tall, 0.085 if walking else 0.03)
    _head(pen, middle + tall * chance.uniform(-0.006, 0.006), tall, chance)
    soft = sheet.filter(ImageFilter.GaussianBlur(tall * 0.004))
    crisp = soft.point([min(max((value - 96) * 4, 0), 255) for value in range(256)])
    return crisp.reduce(_FINE)


def _shape(
    pen: ImageDraw.ImageDraw, points: Points, middle: float, tall: float, bulk: float
) -> None:
    pen.polygon([(middle + x * bulk * tall, y * tall) for x, y in points], fill=255)


def _legs(pen: ImageDraw.ImageDraw, middle: float, tall: float, stride: float) -> None:
    for side in (-1, 1):
        foot = side * (0.03 + stride)
        leg: Points = [
            (side * 0.098, 0.52),
            (side * 0.078 + foot * 0.35, 0.74),
            (foot + side * 0.018, 0.965),
            (foot + 0.045, 0.985),
            (foot + 0.045, 0.998),
            (foot - side * 0.022, 0.998),
            (side * 0.018 + foot * 0.35, 0.74),
            (side * 0.002, 0.57),
        ]
        _shape(pen, leg, middle, tall, 1.0)


def _head(pen: ImageDraw.ImageDraw, middle: float, tall: float, chance: Random) -> None:
    _shape(pen, _FACE + [(-x, y) for x, y in reversed(_FACE)], middle, tall, 1.0)
    hair = chance.choice(("short", "long", "bob", "none"))
    if hair != "none":
        pen.ellipse(_round(middle, 0.050 * tall, 0.049 * tall, 0.047 * tall), fill=255)
    if hair in {"long", "bob"}:
        end = 0.136 if hair == "long" else 0.112
        lock: Points = [(0.048, 0.050), (0.047, end * 0.7), (0.039, end), (0.020, end + 0.006)]
        _shape(pen, lock + [(-x, y) for x, y in reversed(lock)], middle, tall, 1.0)


def _round(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
    return x - wide, y - high, x + wide, y + high


def rim(shape: Image.Image, *, toward: int, width: int) -> Image.Image:
    """Find the edge of a shape that the light catches; `toward` is 1 for light from the right."""
    moved = ImageChops.offset(shape, -toward * width, round(width * 0.7))
    edge = ImageChops.subtract(shape, moved)
    return edge.filter(ImageFilter.GaussianBlur(width * 0.45))
