"""Draw the sets of a storyboard frame: what stands far away, and the ground."""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ._animatic_air import FINE, Canvas, ball, fade
from ._animatic_brief import Place
from ._animatic_palette import Colour, mixed

_MIDDLE = 0.5


def backdrop(place: Place, canvas: Canvas, picture: Image.Image) -> None:
    """Draw what stands farthest into the sky."""
    _FAR[place](canvas, picture)


def ground(place: Place, canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    """Draw the nearer set and its mask."""
    return _NEAR[place](canvas)


def _ridge(canvas: Canvas, *, base: float, high: float, rough: float) -> Image.Image:
    """Draw a line of hills as a mask: a few waves of one family, finer and finer."""
    waves = [
        (
            canvas.chance.uniform(0.7, 1.4) * 2**octave,
            canvas.chance.random() * math.tau,
            rough**octave,
        )
        for octave in range(6)
    ]
    wide, tall = canvas.width * FINE, canvas.height * FINE
    points: list[tuple[float, float]] = []
    for step in range(0, wide + 8, 8):
        x = step / wide
        swell = sum(share * math.sin(math.tau * rate * x + turn) for rate, turn, share in waves)
        points.append((step, (base - high * (0.5 + 0.5 * swell / 1.6)) * tall))
    sheet = Image.new("L", (wide, tall), 0)
    ImageDraw.Draw(sheet).polygon([*points, (wide + 8, tall), (0, tall)], fill=255)
    return sheet.reduce(FINE)


def _misted(canvas: Canvas, ink: Colour, *, share: float, start: float, end: float) -> Image.Image:
    """Colour for a far shape: its ink, lost in the light of the horizon towards its foot."""
    foot = mixed(ink, canvas.palette.low, share)
    return fade(canvas.size, ink, foot, start=start, end=end)


def _far_hills(canvas: Canvas, picture: Image.Image) -> None:
    edge = canvas.horizon / canvas.height
    for high, lift, share in ((0.26, 0.03, 0.62), (0.15, 0.02, 0.25)):
        ink = mixed(canvas.palette.far, canvas.palette.low, share)
        mask = _ridge(canvas, base=edge + lift, high=high, rough=0.52)
        top = canvas.horizon - high * canvas.height
        colour = _misted(canvas, ink, share=0.6, start=top, end=canvas.horizon)
        picture.paste(colour, mask=mask)


def _near_hills(canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    inks, edge = canvas.palette, canvas.horizon / canvas.height
    hill = _ridge(canvas, base=edge + 0.035, high=0.09, rough=0.5)
    colour = fade(canvas.size, inks.near, inks.ground, start=canvas.horizon, end=canvas.height)
    _furrows(canvas, colour)
    return colour, hill


def _furrows(canvas: Canvas, picture: Image.Image) -> None:
    """Draw faint lines to a vanishing point, so that a move over the ground can be seen."""
    sheet = Image.new("L", (canvas.width * FINE, canvas.height * FINE), 0)
    pen = ImageDraw.Draw(sheet)
    spot = canvas.width * FINE * 0.5, canvas.horizon * FINE
    for step in range(-16, 17):
        foot = spot[0] + step * canvas.width * FINE * 0.17, canvas.height * FINE
        pen.line((spot, foot), fill=150, width=3)
    for step in range(1, 9):
        y = spot[1] + (canvas.height * FINE - spot[1]) * (step / 8) ** 2.2
        pen.line((0, y, sheet.width, y), fill=150, width=3)
    lines = sheet.reduce(FINE)
    depth = fade(canvas.size, (0, 0, 0), (64, 64, 64), start=canvas.horizon, end=canvas.height)
    picture.paste(canvas.palette.low, mask=ImageChops.multiply(lines, depth.getchannel("R")))


def _far_city(canvas: Canvas, picture: Image.Image) -> None:
    edge = canvas.horizon / canvas.height
    for tallest, share in ((0.44, 0.66), (0.30, 0.3)):
        ink = mixed(canvas.palette.far, canvas.palette.low, share)
        mask, _ = _blocks(canvas, edge=edge + 0.02, tallest=tallest, widest=0.05)
        top = canvas.horizon - tallest * canvas.height
        picture.paste(_misted(canvas, ink, share=0.55, start=top, end=canvas.horizon), mask=mask)


def _near_city(canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    inks, edge = canvas.palette, canvas.horizon / canvas.height
    mask, windows = _blocks(canvas, edge=edge + 0.02, tallest=0.24, widest=0.1, lit=True)
    foot = Image.new("L", canvas.size, 0)
    foot.paste(255, (0, canvas.horizon, canvas.width, canvas.height))
    colour = fade(
        canvas.size, inks.near, inks.ground, start=canvas.horizon * 0.7, end=canvas.height
    )
    colour.paste(mixed(inks.near, inks.glow, 0.62), mask=windows)
    _furrows(canvas, colour)
    return colour, ImageChops.lighter(mask, foot)


def _blocks(
    canvas: Canvas, *, edge: float, tallest: float, widest: float, lit: bool = False
) -> tuple[Image.Image, Image.Image]:
    """Draw a row of houses as a mask, and their lit windows as another."""
    houses, windows = Image.new("L", canvas.size, 0), Image.new("L", canvas.size, 0)
    pen, lights = ImageDraw.Draw(houses), ImageDraw.Draw(windows)
    foot, x = round(edge * canvas.height), 0
    while x < canvas.width:
        wide = round(canvas.width * canvas.chance.uniform(widest * 0.45, widest))
        high = round(canvas.height * tallest * canvas.chance.uniform(0.25, 1.0) ** 1.3)
        pen.rectangle((x, foot - high, x + wide - 1, foot), fill=255)
        if canvas.chance.random() < 0.3:  # noqa: PLR2004  some have a set-back storey
            pen.rectangle((x + wide // 4, foot - high - wide // 4, x + wide // 2, foot), fill=255)
        if lit:
            _lights(lights, canvas, (x, foot - high, x + wide, foot))
        x += wide + canvas.chance.randint(-3, 0)
    return houses, windows


def _lights(pen: ImageDraw.ImageDraw, canvas: Canvas, house: tuple[int, int, int, int]) -> None:
    step = max(canvas.height // 66, 6)
    for y in range(house[1] + step, house[3] - step, step):
        for x in range(house[0] + step, house[2] - step, step):
            if canvas.chance.random() < 0.16:  # noqa: PLR2004  most are asleep
                pen.rectangle(
                    (x, y, x + step // 3, y + step // 2), fill=canvas.chance.randint(90, 220)
                )


def _far_sea(canvas: Canvas, picture: Image.Image) -> None:
    edge = canvas.horizon / canvas.height
    ink = mixed(canvas.palette.far, canvas.palette.low, 0.5)
    mask = _ridge(canvas, base=edge + 0.05, high=0.09, rough=0.45)
    picture.paste(
        _misted(canvas, ink, share=0.4, start=canvas.horizon * 0.9, end=canvas.horizon), mask=mask
    )


def _near_sea(canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    inks = canvas.palette
    near = mixed(inks.near, inks.high, 0.4)
    colour = fade(
        canvas.size, mixed(near, inks.low, 0.45), near, start=canvas.horizon, end=canvas.height
    )
    glints = Image.new("L", canvas.size, 0)
    pen = ImageDraw.Draw(glints)
    for _ in range(420):
        depth = canvas.chance.random() ** 1.7
        y = canvas.horizon + depth * (canvas.height - canvas.horizon)
        spread = 0.05 + depth * 0.22
        x = canvas.width * (canvas.light_x + canvas.chance.gauss(0, spread))
        wide = canvas.width * (0.004 + 0.028 * depth) * canvas.chance.uniform(0.5, 1.6)
        high = 1 + canvas.height * 0.0035 * depth
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=canvas.chance.randint(50, 170))
    colour.paste(inks.glow, mask=glints.filter(ImageFilter.GaussianBlur(1.2)))
    mask = Image.new("L", canvas.size, 0)
    mask.paste(255, (0, canvas.horizon, canvas.width, canvas.height))
    return colour, mask


def _far_room(canvas: Canvas, picture: Image.Image) -> None:
    """Draw a back wall with a tall window and the light it throws."""
    inks = canvas.palette
    wall = fade(
        canvas.size,
        mixed(inks.near, inks.far, 0.25),
        mixed(inks.far, inks.low, 0.25),
        end=canvas.horizon,
    )
    glass = Image.new("L", canvas.size, 0)
    pen = ImageDraw.Draw(glass)
    left = canvas.width * (0.5 + (canvas.light_x - 0.5) * 0.8 - 0.13)
    top = canvas.height * 0.22
    foot = top + canvas.horizon * 0.52
    pane, gap = canvas.width * 0.082, canvas.width * 0.011
    for column in range(3):
        for row in range(2):
            x, y = left + column * (pane + gap), top + row * ((foot - top) / 2 + gap)
            pen.rectangle((x, y, x + pane, y + (foot - top) / 2), fill=255)
    halo = glass.filter(ImageFilter.GaussianBlur(canvas.height * 0.05))
    wall.paste(inks.glow, mask=halo.point([value // 2 for value in range(256)]))
    wall.paste(
        fade(canvas.size, mixed(inks.glow, inks.high, 0.25), inks.glow, start=top, end=foot),
        mask=glass,
    )
    picture.paste(wall, (0, 0))


def _near_room(canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    inks = canvas.palette
    colour = fade(
        canvas.size,
        mixed(inks.ground, inks.far, 0.4),
        inks.ground,
        start=canvas.horizon,
        end=canvas.height,
    )
    _furrows(canvas, colour)
    patch = Image.new("L", canvas.size, 0)
    x, y = canvas.light_x * canvas.width, canvas.horizon
    deep, lean = (
        (canvas.height - y) * 0.62,
        canvas.width * (0.16 if canvas.light_x < _MIDDLE else -0.16),
    )
    wide = canvas.width * 0.13
    ImageDraw.Draw(patch).polygon(
        [
            (x - wide + lean * 0.3, y + deep * 0.18),
            (x + wide + lean * 0.3, y + deep * 0.18),
            (x + wide * 1.5 + lean, y + deep),
            (x - wide * 1.5 + lean, y + deep),
        ],
        fill=96,
    )
    colour.paste(inks.glow, mask=patch.filter(ImageFilter.GaussianBlur(canvas.height * 0.012)))
    mask = Image.new("L", canvas.size, 0)
    mask.paste(255, (0, canvas.horizon, canvas.width, canvas.height))
    return colour, mask


def _far_table(canvas: Canvas, picture: Image.Image) -> None:
    """Draw a seamless studio backdrop with one pool of light."""
    inks = canvas.palette
    wall = Image.new("RGB", canvas.size, mixed(inks.near, inks.figure, 0.35))
    spot = canvas.width * 0.5, canvas.height * 0.46
    wall.paste(
        mixed(inks.far, inks.glow, 0.35),
        mask=ball(canvas.size, spot, canvas.height * 0.62, 210, soft=0.62),
    )
    picture.paste(wall, (0, 0))


def _near_table(canvas: Canvas) -> tuple[Image.Image, Image.Image]:
    inks = canvas.palette
    top = canvas.height * 0.66
    colour = fade(
        canvas.size,
        mixed(inks.far, inks.glow, 0.3),
        mixed(inks.ground, inks.figure, 0.4),
        start=top,
        end=canvas.height,
    )
    mask = Image.new("L", canvas.size, 0)
    mask.paste(255, (0, round(top), canvas.width, canvas.height))
    return colour, mask.filter(ImageFilter.GaussianBlur(canvas.height * 0.02))


_FAR: dict[Place, Callable[[Canvas, Image.Image], None]] = {
    Place.HILLS: _far_hills,
    Place.CITY: _far_city,
    Place.SEA: _far_sea,
    Place.ROOM: _far_room,
    Place.TABLE: _far_table,
}
_NEAR: dict[Place, Callable[[Canvas], tuple[Image.Image, Image.Image]]] = {
    Place.HILLS: _near_hills,
    Place.CITY: _near_city,
    Place.SEA: _near_sea,
    Place.ROOM: _near_room,
    Place.TABLE: _near_table,
}
