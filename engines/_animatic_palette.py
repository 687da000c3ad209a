"""A few inks for each time of day, turned a little by the seed so that no two shots look alike."""

import colorsys
from dataclasses import dataclass
from random import Random

from ._animatic_brief import Light

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """From the top of the sky to what is nearest."""

    high: Colour
    low: Colour
    glow: Colour
    far: Colour
    near: Colour
    ground: Colour
    figure: Colour


_INKS: dict[Light, tuple[Palette, ...]] = {
    Light.NIGHT: (
        Palette(
            (9, 13, 28),
            (44, 58, 92),
            (206, 219, 245),
            (33, 43, 71),
            (20, 27, 48),
            (12, 16, 30),
            (5, 7, 14),
        ),
        Palette(
            (14, 12, 30),
            (66, 50, 92),
            (235, 205, 235),
            (46, 38, 72),
            (27, 23, 47),
            (16, 14, 29),
            (6, 5, 13),
        ),
    ),
    Light.DAWN: (
        Palette(
            (88, 110, 140),
            (240, 205, 170),
            (255, 240, 214),
            (150, 150, 158),
            (94, 104, 120),
            (66, 74, 88),
            (24, 29, 38),
        ),
        Palette(
            (120, 132, 160),
            (246, 218, 206),
            (255, 244, 234),
            (172, 164, 176),
            (112, 110, 130),
            (76, 76, 94),
            (29, 29, 40),
        ),
    ),
    Light.DAY: (
        Palette(
            (96, 142, 168),
            (222, 230, 220),
            (255, 252, 238),
            (146, 172, 176),
            (86, 118, 120),
            (92, 108, 96),
            (22, 33, 38),
        ),
        Palette(
            (130, 164, 176),
            (236, 232, 214),
            (255, 250, 234),
            (172, 180, 168),
            (112, 126, 112),
            (120, 118, 94),
            (30, 34, 33),
        ),
    ),
    Light.DUSK: (
        Palette(
            (40, 38, 72),
            (226, 138, 92),
            (255, 216, 158),
            (122, 84, 96),
            (66, 52, 74),
            (40, 34, 52),
            (14, 12, 22),
        ),
        Palette(
            (56, 46, 66),
            (224, 160, 108),
            (255, 226, 176),
            (136, 104, 96),
            (82, 66, 70),
            (52, 43, 48),
            (19, 16, 19),
        ),
    ),
    Light.GREY: (
        Palette(
            (92, 101, 108),
            (196, 199, 195),
            (226, 228, 224),
            (142, 149, 151),
            (96, 104, 108),
            (74, 80, 83),
            (23, 27, 30),
        ),
        Palette(
            (84, 92, 104),
            (186, 192, 200),
            (220, 225, 230),
            (132, 140, 150),
            (86, 94, 106),
            (66, 72, 82),
            (20, 24, 31),
        ),
    ),
}
_BY_CHANCE = (Light.DUSK, Light.DAWN, Light.GREY, Light.DAY, Light.NIGHT, Light.DUSK)


def palette_of(light: Light | None, seed: int) -> Palette:
    """Choose inks for a light, or a light too if the words name none."""
    chance = Random(seed)  # noqa: S311  a drawing needs repeatable chance, not secrecy
    inks = chance.choice(_INKS[light or chance.choice(_BY_CHANCE)])
    turn = chance.uniform(-0.025, 0.025)
    rich = chance.uniform(0.88, 1.06)
    return Palette(
        *(
            _turned(colour, turn, rich)
            for colour in (
                inks.high,
                inks.low,
                inks.glow,
                inks.far,
                inks.near,
                inks.ground,
                inks.figure,
            )
        )
    )


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Mix a share of the other colour into the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _turned(colour: Colour, turn: float, rich: float) -> Colour:
    hue, light, depth = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = colorsys.hls_to_rgb((hue + turn) % 1.0, light, min(depth * rich, 1.0))
    return round(red * 255), round(green * 255), round(blue * 255)
