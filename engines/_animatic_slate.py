"""The writing over the picture: which shot this is, what happens, and how much time is left.

Everything that stands still is drawn once; a frame only gets its timecode and its progress.
"""
# Pillow's hints name numpy, which is not installed:
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw

from ._animatic_film import FPS
from ._animatic_glyph import glyph
from ._animatic_planes import Mask, Planes
from ._animatic_type import REGULAR, STRONG, Font, clipped, font, paged, readable, says_something

INK = (8, 9, 12)
PAPER = (246, 245, 240)
DIM = (192, 192, 190)
MARKER = (255, 190, 61)  # the china marker that circles a take
_SECONDS_A_PAGE = 2.0


@dataclass(frozen=True, slots=True)
class Words:
    """What the slate says, already readable."""

    code: str
    title: str
    action: str
    detail: str
    move: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One drawn overlay: where it begins, and its colours and mask."""

    at: tuple[int, int]
    planes: Planes
    mask: Mask

    def onto(self, frame: Planes) -> None:
        frame.lay(self.planes, self.at, self.mask)


class Slate:
    """Draws itself onto one frame after another of one clip."""

    def __init__(
        self,
        size: tuple[int, int],
        words: Words,
        *,
        frames: int,
        cuts: Sequence[float] = (),
        guides: bool = False,
    ) -> None:
        self.size = size
        self.guides = guides
        self.words = words
        self.frames = frames
        self.cuts = tuple(cuts)
        self.unit = (size[0] * size[1] / (1280 * 720)) ** 0.5
        self.is_wide = size[0] >= size[1] * 1.2
        self.margin = _even(max(size[0] * 0.042, 36 * self.unit))

    def onto(self, frame: Planes, number: int) -> None:
        """Draw the overlay of one frame."""
        if self.guides:
            self._corners(frame)
        self._top.onto(frame)
        self._pages[min(number * len(self._pages) // self.frames, len(self._pages) - 1)].onto(frame)
        self._clock(frame, number)
        self._bar(frame, number)

    def px(self, length: float) -> int:
        """Scale a length of the 720p design to this frame."""
        return max(round(length * self.unit), 1)

    @cached_property
    def _top(self) -> _Sheet:
        width, height = self.size[0], _even(self.px(124))
        sheet, pen = _scrim(width, height, deepest=0.66, upwards=False)
        strong, plain = font(STRONG, self.px(15)), font(REGULAR, self.px(17))
        line = self.margin * 0.62 + self.px(10)
        spaced = "A N I M A T I C"
        pen.text((self.margin, line), spaced, font=strong, fill=MARKER, anchor="lm")
        left = self.margin + strong.getlength(spaced) + self.px(18)
        right = self._sign(sheet, pen, line)
        title = clipped(self.words.title, plain, right - left - self.px(24))
        pen.text((left, line), title, font=plain, fill=PAPER, anchor="lm")
        return _sheet(sheet, (0, 0))

    def _sign(self, sheet: Image.Image, pen: ImageDraw.ImageDraw, line: float) -> float:
        """Draw the camera's arrow and its name at the right; say where they begin."""
        right = self.size[0] - self.margin
        if not self.words.sign:
            return right
        side = _even(self.px(24))
        sign = glyph(self.words.sign, side).full
        sheet.paste(PAPER, (right - side, round(line - side / 2)), sign)
        face = font(STRONG, self.px(17))
        most = self.size[0] * (0.42 if self.is_wide else 0.34)
        name = clipped(self.words.move, face, most)
        edge = right - side - self.px(12)
        pen.text((edge, line), name, font=face, fill=PAPER, anchor="rm")
        return edge - face.getlength(name)

    @cached_property
    def _dealt(self) -> list[list[str]]:
        face = font(STRONG, self.px(27))
        most = max(int(self.frames / FPS / _SECONDS_A_PAGE), 1)
        lines = 2 if self.is_wide else 3
        return paged(self.words.action, face, self._column, lines=lines, pages=most) or [[]]

    @cached_property
    def _pages(self) -> list[_Sheet]:
        height = _even(self.size[1] - self._clear + self.px(84))
        return [self._low(page, height) for page in self._dealt]

    @property
    def _column(self) -> float:
        """How wide the text at the left may run."""
        clear = self.size[0] - 2 * self.margin
        return min(clear - self.px(250), self.px(900)) if self.is_wide else clear

    @property
    def _floor(self) -> int:
        """Where the text ends and the progress bar begins."""
        return self.size[1] - self._foot - self.px(26)

    @property
    def _foot(self) -> int:
        """How far above the edge the bar runs: review proxies burn their slate in below it."""
        return _even(self.margin * 0.62 + self.px(28 if self.is_wide else 70))

    def _low(self, lines: Sequence[str], height: int) -> _Sheet:
        sheet, pen = _scrim(self.size[0], height, deepest=0.82, upwards=True)
        y = self._floor - (self.size[1] - height) - (0 if self.is_wide else self.px(52))
        y = self._detail(pen, y)
        for line in reversed(lines):
            face = font(STRONG, self.px(27))
            pen.text((self.margin, y), line, font=face, fill=PAPER, anchor="ls")
            y -= self.px(34)
        code = font(STRONG, self.px(17))
        y -= self.px(3)
        shown = clipped(self.words.code, code, self._column)
        pen.text((self.margin, y), shown, font=code, fill=MARKER, anchor="ls")
        return _sheet(sheet, (0, self.size[1] - height))

    def _detail(self, pen: ImageDraw.ImageDraw, y: float) -> float:
        if not self.words.detail:
            return y
        face = font(REGULAR, self.px(18))
        shown = clipped(self.words.detail, face, self._column)
        pen.text((self.margin, y), shown, font=face, fill=DIM, anchor="ls")
        return y - self.px(31)

    def _clock(self, frame: Planes, number: int) -> None:
        """Write the timecode and what is left, figure by figure so that nothing trembles."""
        code, left = timecode(number), f"{(self.frames - number) / FPS:.1f} s left"
        big, small = self._figures(STRONG, 27), self._figures(REGULAR, 18)
        right = self.size[0] - self.margin
        if self.is_wide:
            big.write(frame, code, right - big.width(code), self._floor - self.px(31))
            small.write(frame, left, right - small.width(left), self._floor)
        else:
            big.write(frame, code, self.margin, self._floor)
            small.write(frame, left, right - small.width(left), self._floor)

    def _figures(self, name: str, size: int) -> "_Figures":
        key = name, size
        if key not in self._sets:
            self._sets[key] = _Figures(font(name, self.px(size)), 255 if size > 20 else 190)  # noqa: PLR2004  small is dim
        return self._sets[key]

    @cached_property
    def _sets(self) -> "dict[tuple[str, int], _Figures]":
        return {}

    def _corners(self, frame: Planes) -> None:
        """Mark the corners of the free picture, as a viewfinder does."""
        left, right = _even(self.size[0] * 0.09), _even(self.size[0] * 0.91)
        top, foot = _even(self.margin * 0.62 + self.px(62)), self._clear
        long, thick = _even(self.px(24)), max(_even(self.px(2)), 2)
        for x, along in ((left, (left, left + long)), (right - thick, (right - long, right))):
            for y, upright in ((top, (top, top + long)), (foot - thick, (foot - long, foot))):
                frame.fill(DIM, (along[0], y, along[1], y + thick))
                frame.fill(DIM, (x, upright[0], x + thick, upright[1]))

    @property
    def _clear(self) -> int:
        """Where the lower third's first line begins, with air above it."""
        lines = max(len(page) for page in self._dealt)
        text = self.px(22) + lines * self.px(34) + (self.px(31) if self.words.detail else 0)
        return _even(self._floor - text - (0 if self.is_wide else self.px(52)) - self.px(26))

    def _bar(self, frame: Planes, number: int) -> None:
        left, right = self.margin, self.size[0] - self.margin
        top = self.size[1] - self._foot
        high = max(_even(self.px(4)), 2)
        done = left + _even((right - left) * (number + 1) / self.frames)
        frame.fill((92, 92, 96), (left, top, right, top + high))
        frame.fill(MARKER, (left, top, min(done, right), top + high))
        for cut in self.cuts:
            x = left + _even((right - left) * cut)
            frame.fill(PAPER, (x, top - high, x + 2, top + 2 * high))


class _Figures:
    """Letters cut out once, figures all of one width."""

    def __init__(self, face: Font, strength: int) -> None:
        self.face = face
        self.strength = strength
        self.wide = _even(max(face.getlength(figure) for figure in "0123456789") + 1)
        self.high = _even(sum(face.getmetrics()) + 2)
        self.cut: dict[str, Mask] = {}

    def width(self, text: str) -> int:
        return sum(self._step(letter) for letter in text)

    def write(self, frame: Planes, text: str, x: float, baseline: float) -> None:
        at = _even(x)
        top = _even(baseline - self.face.getmetrics()[0])
        for letter in text:
            step = self._step(letter)
            frame.fill(PAPER, (at, top, at + step, top + self.high), self._mask(letter, step))
            at += step

    def _step(self, letter: str) -> int:
        return self.wide if letter.isdigit() else _even(self.face.getlength(letter) + 0.5)

    def _mask(self, letter: str, step: int) -> Mask:
        if letter not in self.cut:
            sheet = Image.new("L", (step, self.high), 0)
            pen = ImageDraw.Draw(sheet)
            place = (step / 2, self.face.getmetrics()[0])
            pen.text(place, letter, font=self.face, fill=self.strength, anchor="ms")
            self.cut[letter] = Mask.of(sheet)
        return self.cut[letter]


def timecode(number: int) -> str:
    """Write a frame's number as hours, minutes, seconds and frames."""
    seconds, frames = divmod(number, FPS)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}:{frames:02d}"


def words_of(about: dict[str, str], prompt: str, *, move: str, sign: str) -> Words:
    """Choose what the slate says from what the shot is known by."""
    said = {name: readable(text) for name, text in about.items()}
    code = "  /  ".join(said[name] for name in ("scene", "shot") if said.get(name))
    candidates = (said.get("action", ""), said.get("purpose", ""), readable(prompt))
    action = next((text for text in candidates if says_something(text)), "")
    detail = "   \u00b7   ".join(
        said[name] for name in ("framing", "feeling") if says_something(said.get(name, ""))
    )
    shown = move or said.get("camera", "")
    title = said.get("title", "")
    return Words(
        code, title if says_something(title) else "", action, detail, _capital(shown), sign
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _scrim(
    width: int, height: int, *, deepest: float, upwards: bool
) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Begin an overlay with a shade that fades into the picture."""
    shade = Image.new("L", (1, height))
    for row in range(height):
        near = row / (height - 1) if upwards else 1 - row / (height - 1)
        shade.putpixel((0, row), round(255 * deepest * near**1.15 * (1 - 0.25 * (1 - near))))
    sheet = Image.new("RGBA", (width, height), (*INK, 0))
    sheet.putalpha(shade.resize((width, height)))
    return sheet, ImageDraw.Draw(sheet)


def _sheet(picture: Image.Image, at: tuple[int, int]) -> _Sheet:
    return _Sheet(at, Planes.of(picture.convert("RGB")), Mask.of(picture.getchannel("A")))


def _even(length: float) -> int:
    return int(length / 2) * 2
