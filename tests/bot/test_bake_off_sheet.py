"""A bake-off gets one sheet once its takes are at rest: complete, claimed, and lost in no crash."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot._comparison_child import moments
from bot._comparison_sheet import PANEL, WIDEST, plan_for
from bot.app import open_records
from bot.bake_offs import compare_due, facts_of, reason_of
from bot.comparison import Entrant, Title, compare
from bot.settings import Settings
from bot.studio import Studio
from engines import FailKind
from storage import bake_offs, takes
from storage.models import BakeOff, Scene, Take, TakeState
from tests.bot._clips import drawn, is_near
from tests.factories import a_production, a_scene, a_take

TITLE = Title("Midnight Harbour", "SC020", "SH010", "2026-11-22")
RED, BLUE, GREEN = (253, 0, 0), (0, 0, 254), (0, 127, 0)
WIDE, TALL = "320x180", "180x320"


def clip(to: Path, shade: str, size: str = WIDE) -> Path:
    return drawn(to, f"color={shade}:s={size}:r=24:d=0.5")


def spots(sheet: Image.Image, shade: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Find where a sheet has a colour, looking at every eighth pixel."""
    across, down = sheet.width // 8, sheet.height // 8
    small = sheet.convert("RGB").resize((across, down), Image.Resampling.NEAREST)  # pyright: ignore[reportUnknownMemberType] - Pillow half-types it
    raw = small.tobytes()
    pixels = ((at, tuple(raw[3 * at : 3 * at + 3])) for at in range(across * down))
    return [
        (at % across * 8, at // across * 8) for at, pixel in pixels if is_near(pixel, shade, 30)
    ]


@dataclass
class Desk:
    """A bake-off with a red and a blue take in the records, and nobody else at work."""

    studio: Studio
    scene: Scene
    bake_off: BakeOff
    made: list[Take]

    async def now(self) -> BakeOff:
        async with self.studio.db.read() as session:
            found = await bake_offs.get(session, self.bake_off.workspace_id, self.bake_off.id)
        assert found is not None
        return found

    async def rest(self, take: Take, to: TakeState, **values: Any) -> None:
        """Bring a take to rest as the office does, in one transaction."""
        async with self.studio.db.begin() as session:
            assert await takes.move(session, take, to, **values)
            await bake_offs.want_sheet(session, take, at=self.studio.clock())

    async def sheet(self, to: Path) -> Image.Image:
        kept = (await self.now()).sheet_sha256
        assert kept is not None
        return Image.open(await self.studio.files.bring(kept, to / "sheet.jpg"))

    def later(self, by: timedelta) -> Studio:
        at = self.studio.clock() + by
        return replace(self.studio, clock=lambda: at)


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_records(Settings(database_url=database_url, data=tmp_path)) as studio:
        kept = [
            await studio.files.keep(clip(tmp_path / f"{shade}.mp4", shade))
            for shade in ("red", "blue")
        ]
        at = studio.clock()
        async with studio.db.begin() as session:
            production = await a_production(session, at=at)
            scene = await a_scene(session, production)
            bake_off = BakeOff(
                workspace_id=scene.workspace_id, production_id=production.id, scene_id=scene.id,
                ordered_by=scene.opened_by, ordered_at=at,
            )  # fmt: skip
            session.add(bake_off)
            await session.flush()
            made = [
                await a_take(
                    session, scene, at=at, bake_off_id=bake_off.id, sha256=sha256, seconds=0.5,
                    width=320, height=180, state=TakeState.PRESENTING,
                )
                for sha256 in kept
            ]  # fmt: skip
        yield Desk(studio, scene, bake_off, made)


async def test_a_sheet_is_made_when_the_last_take_has_come_and_not_before(
    desk: Desk, tmp_path: Path
) -> None:
    first, last = desk.made
    await desk.rest(first, TakeState.WAITING)
    assert await compare_due(desk.studio) == 0
    await desk.rest(last, TakeState.WAITING)
    assert await compare_due(desk.studio) == 1
    with await desk.sheet(tmp_path) as sheet:
        assert sheet.format == "JPEG"
        assert sheet.width <= WIDEST
        assert len(spots(sheet, RED)) == pytest.approx(len(spots(sheet, BLUE)), rel=0.1)
    assert await compare_due(desk.studio) == 0, "it is asked for no more"


async def test_a_late_take_makes_it_anew_and_slacks_copy_is_forgotten(
    desk: Desk, tmp_path: Path
) -> None:
    first, late = desk.made
    await desk.rest(first, TakeState.WAITING)
    await desk.rest(late, TakeState.AMBIGUOUS, ready_at=None)
    assert await compare_due(desk.studio) == 1
    before = await desk.now()
    async with desk.studio.db.begin() as session:
        await bake_offs.keep_file(session, before, "F0OLD")
        assert await takes.move(session, late, TakeState.RENDERING)
    assert await compare_due(desk.studio) == 0
    await desk.rest(late, TakeState.WAITING, ready_at=desk.studio.clock())
    assert await compare_due(desk.studio) == 1
    now = await desk.now()
    assert now.sheet_sha256 != before.sheet_sha256
    async with desk.studio.db.begin() as session:
        await bake_offs.keep_file(session, before, "F0LATE")  # an upload of the old one ends now
    assert (await desk.now()).sheet_file_id is None
    with await desk.sheet(tmp_path) as sheet:
        assert spots(sheet, BLUE)


async def test_of_two_replicas_one_makes_the_sheet(desk: Desk) -> None:
    for take in desk.made:
        await desk.rest(take, TakeState.WAITING)
    done = await asyncio.gather(compare_due(desk.studio), compare_due(desk.studio))
    assert sorted(done) == [0, 1]


async def test_a_replica_that_dies_over_a_sheet_leaves_it_to_another(desk: Desk) -> None:
    for take in desk.made:
        await desk.rest(take, TakeState.WAITING)
    dead = await desk.now()
    async with desk.studio.db.begin() as session:
        until = desk.studio.clock() + timedelta(minutes=4)
        assert await bake_offs.claim(session, dead, until=until)
    assert await compare_due(desk.studio) == 0
    assert await compare_due(desk.later(timedelta(minutes=5))) == 1


async def test_a_take_that_comes_while_a_sheet_is_drawn_is_not_left_out(
    desk: Desk, tmp_path: Path
) -> None:
    first, late = desk.made
    await desk.rest(first, TakeState.WAITING)
    await desk.rest(late, TakeState.FAILED, ready_at=None)
    drawing = await desk.now()
    async with desk.studio.db.begin() as session:
        until = desk.studio.clock() + timedelta(minutes=4)
        assert await bake_offs.claim(session, drawing, until=until)
    await desk.rest(late, TakeState.WAITING, ready_at=desk.studio.clock())
    async with desk.studio.db.begin() as session:
        assert not await bake_offs.keep_sheet(session, drawing, "0" * 64)
    assert await compare_due(desk.studio) == 1
    with await desk.sheet(tmp_path) as sheet:
        assert spots(sheet, BLUE)


async def test_where_nothing_came_there_is_no_sheet(desk: Desk) -> None:
    for take in desk.made:
        await desk.rest(take, TakeState.FAILED, ready_at=None)
    assert await compare_due(desk.studio) == 0
    now = await desk.now()
    assert (now.sheet_sha256, now.sheet_due_at) == (None, None)


async def test_an_original_that_cannot_be_decoded_again_costs_only_its_own_place(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(500))
    sheet = await compare(
        TITLE,
        [
            Entrant("T1", "Runway", "gen4.5", "1 s", clip(tmp_path / "red.mp4", "red")),
            Entrant("T2", "Luma Ray", "ray-3.2", "1 s", broken),
        ],
        tmp_path / "out",
        limit_seconds=60,
    )
    with Image.open(sheet) as shown:
        assert spots(shown, RED)
        assert spots(shown, PANEL)


async def test_different_ratios_are_fitted_and_never_cropped(tmp_path: Path) -> None:
    sheet = await compare(
        TITLE,
        [
            Entrant("T1", "Runway", "", "1 s", clip(tmp_path / "wide.mp4", "red", WIDE)),
            Entrant("T2", "Luma Ray", "", "1 s", clip(tmp_path / "tall.mp4", "blue", TALL)),
        ],
        tmp_path / "out",
        limit_seconds=60,
    )
    with Image.open(sheet) as shown:
        for shade, ratio in ((RED, 16 / 9), (BLUE, 9 / 16)):
            seen = spots(shown, shade)
            first = min(x for x, _ in seen), min(y for _, y in seen)
            wide, high = _run(set(seen), first, (8, 0)), _run(set(seen), first, (0, 8))
            assert wide / high == pytest.approx(ratio, rel=0.08)


def _run(seen: set[tuple[int, int]], corner: tuple[int, int], step: tuple[int, int]) -> int:
    """Measure how far one colour goes on from a corner."""
    x, y = corner
    while (x, y) in seen:
        x, y = x + step[0], y + step[1]
    return x - corner[0] + y - corner[1]


async def test_stills_are_compared_whole(tmp_path: Path) -> None:
    pictures = {"T1": (RED, (640, 360)), "T2": (BLUE, (360, 640)), "T3": (GREEN, (500, 500))}
    entrants: list[Entrant] = []
    for code, (shade, size) in pictures.items():
        path = tmp_path / code
        Image.new("RGB", size, shade).save(path, "PNG")
        entrants.append(Entrant(code, "Runway", "gen4_image", "", path, still=True))
    with Image.open(await compare(TITLE, entrants, tmp_path / "out", limit_seconds=60)) as shown:
        for shade, (width, height) in pictures.values():
            seen = spots(shown, shade)
            wide = max(x for x, _ in seen) - min(x for x, _ in seen) + 8
            high = max(y for _, y in seen) - min(y for _, y in seen) + 8
            assert wide / high == pytest.approx(width / height, rel=0.08)


@given(st.integers(1, 5000))
def test_the_same_moments_of_every_clip_are_shown(frames: int) -> None:
    shown = moments(frames)
    assert len(shown) == 4
    assert all(0 <= each < frames for each in shown)
    assert all(abs(each / frames - part / 8) <= 1 / frames
               for each, part in zip(shown, (1, 3, 5, 7), strict=True))  # fmt: skip


SIZE = st.tuples(st.integers(90, 4096), st.integers(90, 4096))


@settings(max_examples=60, deadline=None)
@given(st.lists(SIZE, min_size=2, max_size=6), st.sampled_from([1, 4]))
@example([(90, 1964), (90, 2862)], 1)
@example([(4096, 90), (4096, 90)], 1)
def test_every_order_fits_on_a_sheet(sizes: list[tuple[int, int]], frames: int) -> None:
    plan = plan_for([[size] * frames for size in sizes])
    assert plan.page[0] <= WIDEST
    assert plan.page[1] <= 3000
    assert plan.across * plan.down >= len(sizes)
    assert min(plan.cell) > 20


def took(**values: Any) -> Take:
    """Make a take that is in no records."""
    known: dict[str, Any] = {
        "state": TakeState.WAITING, "workspace_id": "T0", "production_id": "p", "scene_id": "s",
        "shot_id": "h", "setup_id": "u", "number": 1, "engine": "runway", "ordered_by": "U0",
        "ordered_at": None,
    }  # fmt: skip
    return Take(**known | values)


@pytest.mark.parametrize("kind", list(FailKind))
def test_why_a_take_failed_is_said_in_three_words(kind: FailKind) -> None:
    assert 0 < len(reason_of(took(state=TakeState.FAILED, fail_kind=kind.value)).split()) <= 3


BODY = {"seconds": 5, "ratio": "16:9"}


@pytest.mark.parametrize(
    ("take", "said"),
    [
        (took(seconds=5.04, width=1280, height=720, estimate_cents=60),
         ("5 s", "16:9", "about $0.60")),
        (took(seconds=8, width=720, height=1280, estimate_cents=0),
         ("8 s", "720 × 1280", "free")),  # noqa: RUF001 - sizes are written with this sign
        (took(state=TakeState.FAILED), ("5 s", "16:9", "not charged")),
        (took(still=True, width=1024, height=576),
         ("", "16:9", "price unknown")),
    ],
)  # fmt: skip
def test_a_take_is_told_by_what_came_of_it(take: Take, said: tuple[str, str, str]) -> None:
    assert facts_of(take, BODY) == said
