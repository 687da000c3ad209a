"""Compose a storyboard frame in layers, for a shot that has no picture yet."""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ._animatic_air import Canvas, fade, grained, sky
from ._animatic_brief import Brief, Place
from ._animatic_figures import rim, silhouette
from ._animatic_palette import mixed, palette_of
from ._animatic_planes import Mask, Planes, Rect
from ._animatic_sets import backdrop, ground
from ._animatic_stage import Layer, Size

_SPARE = 0.18  # what is drawn beyond each side of the frame, for the camera to find
_HEADROOM = 0.17
_GROUND = 0.72  # how deep the ground stands
_SOLID = 255


def storyboard(brief: Brief, size: Size, seed: int) -> list[Layer]:
    """Draw the layers from far to near."""
    canvas = _canvas(brief, size, seed)
    far = sky(canvas)
    backdrop(brief.place, canvas, far)
    near, mask = ground(brief.place, canvas)
    subject = _subject(brief, size, canvas)
    if subject is not None:
        _shade(near, subject)
    stage = [
        _far_layer(grained(far, seed), canvas),
        *_near_layers(grained(near, seed + 1), mask, canvas),
    ]
    if subject is not None:
        stage.append(
            _cut_out(subject, canvas, depth=1.0, lit=0.55 if brief.place is Place.TABLE else 0.0)
        )
    if brief.over_shoulder:
        stage.append(_cut_out(_shoulder(size, canvas), canvas, depth=1.45))
    return stage


def _far_layer(picture: Image.Image, canvas: Canvas) -> Layer:
    """Keep the sky down to where the ground hides it whatever the camera does."""
    foot = _even_up(min(round(canvas.horizon + canvas.height * 0.22), canvas.height))
    return _layer(picture, None, canvas, depth=0.3, box=(0, 0, canvas.width, foot))


def _near_layers(picture: Image.Image, mask: Image.Image, canvas: Canvas) -> list[Layer]:
    """Part the ground where it becomes solid, because a solid layer is drawn in half the time."""
    top = (mask.getbbox() or (0, 0, 0, 0))[1] // 2 * 2
    bottom = next(
        row for row in range(canvas.height - 2, 0, -2)
        if mask.crop((0, row, canvas.width, row + 2)).getextrema()[0] != _SOLID
    )  # fmt: skip
    edge = min(_even_up(bottom + 4), canvas.height - 2)
    skirt = (0, max(edge - 8, top), canvas.width, canvas.height)
    return [
        _layer(picture, None, canvas, depth=_GROUND, box=skirt),
        _layer(picture, mask, canvas, depth=_GROUND, box=(0, top, canvas.width, edge)),
    ]


def _canvas(brief: Brief, size: Size, seed: int) -> Canvas:
    chance = Random(seed)  # noqa: S311  a drawing needs repeatable chance, not secrecy
    width, height = (_even(side * (1 + 2 * _SPARE)) for side in size)
    light_x = chance.choice((0.30, 0.36, 0.64, 0.70)) + chance.uniform(-0.03, 0.03)
    return Canvas(
        width=width,
        height=height,
        horizon=round((height - size[1]) / 2 + brief.horizon * size[1]),
        light_x=light_x,
        palette=palette_of(brief.light, seed),
        chance=chance,
    )


def _layer(
    picture: Image.Image, mask: Image.Image | None, canvas: Canvas, *, depth: float, box: Rect
) -> Layer:
    """Keep only the part of the plate where there is something."""
    return Layer(
        Planes.of(picture.crop(box)),
        None if mask is None else Mask.of(mask.crop(box)),
        canvas.size,
        corner=(box[0], box[1]),
        depth=depth,
        swing=depth - 1.0,
    )


def _cut_out(shape: Image.Image, canvas: Canvas, *, depth: float, lit: float = 0.0) -> Layer:
    """Ink a silhouette, round it softly towards the light, and let the light catch its edge."""
    inks = canvas.palette
    left, top, right, bottom = shape.getbbox() or (0, 0, 2, 2)
    box = (left // 2 * 2, top // 2 * 2, _even_up(right), _even_up(bottom))
    cut = shape.crop(box)
    ink = mixed(inks.figure, mixed(inks.near, inks.glow, 0.5), lit)
    colour = fade(cut.size, ink, mixed(ink, inks.ground, 0.35), end=cut.height)
    toward = 1 if canvas.light_x > 0.5 else -1  # noqa: PLR2004  the middle
    broad = max(round((box[3] - box[1]) * 0.022), 3)
    fine = max(canvas.height // 280, 2)
    for width, share in ((broad, 0.24), (fine, 0.72)):
        edge = rim(cut, toward=toward, width=width)
        light = edge.point([round(value * share) for value in range(256)])
        colour.paste(mixed(ink, inks.glow, 0.85), mask=light)
    return Layer(
        Planes.of(colour), Mask.of(cut), canvas.size, corner=(box[0], box[1]), depth=depth,
        swing=depth - 1.0, ink=mixed(ink, inks.glow, 0.12),
    )  # fmt: skip


def _subject(brief: Brief, size: Size, canvas: Canvas) -> Image.Image | None:
    """Draw who or what the shot is about, as a mask over the whole plate."""
    if brief.place is Place.TABLE:
        return _pack(size, canvas)
    if not brief.reach:
        return None
    sheet = Image.new("L", canvas.size, 0)
    for x, part in _blocking(brief, canvas):
        tall = round(size[1] * brief.reach * part)
        shape = silhouette(tall, seed=canvas.chance.randrange(2**31), walking=brief.walking)
        left = (canvas.width - size[0]) / 2 + x * size[0] - shape.width / 2
        foot = _foot(brief, size, canvas, part)
        place = Image.new("L", canvas.size, 0)
        place.paste(shape, (round(left), round(foot - tall)))
        sheet = ImageChops.lighter(sheet, place)
    return sheet


def _blocking(brief: Brief, canvas: Canvas) -> list[tuple[float, float]]:
    """Say where each figure stands across the frame, and how tall it is among them."""
    side = -1 if canvas.light_x > 0.5 else 1  # noqa: PLR2004  away from the light
    near = min(brief.reach, 2.0)
    if brief.over_shoulder:
        return [(0.5 + 0.09 * side, 1.0)]
    if brief.figures == 1:
        return [(0.5 + side * max(0.15 - 0.05 * near, 0.045), 1.0)]
    gap = 0.035 + 0.085 * near
    pair = [(0.5 - gap, 1.0), (0.5 + gap, 0.965)]
    return pair if brief.figures == 2 else [(0.5 + gap * 2.6 * side, 0.91), *pair]  # noqa: PLR2004


def _foot(brief: Brief, size: Size, canvas: Canvas, part: float) -> float:
    """Find the height of the soles: on the ground if they are seen, else below the frame."""
    top = (canvas.height - size[1]) / 2
    tall = brief.reach * size[1]
    if brief.reach > 0.8:  # noqa: PLR2004  nearer than a full shot, the head decides
        return top + _HEADROOM * size[1] * (0.6 if brief.reach > 2.5 else 1) + tall  # noqa: PLR2004
    stand = max(brief.horizon + 0.06 + brief.reach * 0.26, 0.6)
    return top + min(stand, 0.86) * size[1] - (1 - part) * tall * 0.3


def _shade(near: Image.Image, subject: Image.Image) -> None:
    """Ground the subject with a soft shadow where it stands."""
    box = subject.getbbox()
    if box is None or box[3] >= subject.height:
        return
    left, _, right, foot = box
    wide, high = (right - left) * 0.75, max((right - left) * 0.09, 4)
    middle = (left + right) / 2
    sheet = Image.new("L", subject.size, 0)
    ImageDraw.Draw(sheet).ellipse(
        (middle - wide, foot - high, middle + wide, foot + high), fill=150
    )
    near.paste((0, 0, 0), mask=sheet.filter(ImageFilter.GaussianBlur(high * 0.7)))


def _pack(size: Size, canvas: Canvas) -> Image.Image:
    """Draw a product: a bottle or a box, standing on the table."""
    fine = 2
    sheet = Image.new("L", (canvas.width * fine, canvas.height * fine), 0)
    pen = ImageDraw.Draw(sheet)
    unit = min(size) * fine
    x, foot = canvas.width * fine / 2, (canvas.height + size[1] * 0.44) / 2 * fine
    if canvas.chance.random() < 0.5:  # noqa: PLR2004  a bottle as often as a box
        wide, tall = unit * 0.085, unit * 0.36
        pen.rounded_rectangle((x - wide, foot - tall, x + wide, foot), radius=wide * 0.34, fill=255)
        pen.polygon(
            [(x - wide, foot - tall * 0.96), (x - wide * 0.36, foot - tall * 1.2),
             (x + wide * 0.36, foot - tall * 1.2), (x + wide, foot - tall * 0.96)],
            fill=255,
        )  # fmt: skip
        pen.rounded_rectangle(
            (x - wide * 0.4, foot - tall * 1.42, x + wide * 0.4, foot - tall * 1.1),
            radius=wide * 0.1, fill=255,
        )  # fmt: skip
    else:
        wide, tall = unit * 0.13, unit * 0.4
        pen.rounded_rectangle((x - wide, foot - tall, x + wide, foot), radius=wide * 0.12, fill=255)
    soft = sheet.filter(ImageFilter.GaussianBlur(unit * 0.006))
    return soft.point([min(max((v - 96) * 4, 0), 255) for v in range(256)]).reduce(fine)


def _shoulder(size: Size, canvas: Canvas) -> Image.Image:
    """Draw the back of a head and a shoulder, out of focus at one side."""
    side = 0.13 if canvas.light_x > 0.5 else 0.87  # noqa: PLR2004  away from the light
    tall = round(size[1] * 2.9)
    shape = silhouette(tall, seed=canvas.chance.randrange(2**31), walking=False)
    sheet = Image.new("L", canvas.size, 0)
    left = (canvas.width - size[0]) / 2 + side * size[0] - shape.width / 2
    sheet.paste(shape, (round(left), round((canvas.height - size[1]) / 2 + size[1] * 0.2)))
    return sheet.filter(ImageFilter.GaussianBlur(size[1] * 0.008))


def _even(length: float) -> int:
    return max(round(length / 2) * 2, 2)


def _even_up(length: int) -> int:
    return (length + 1) // 2 * 2
