"""A sequence's page: what it says, that it is always current, and what it survives."""

import asyncio
import sys
from pathlib import Path

from storage import scenes
from tests.factories import posted_take, scene_of
from tests.stage import TEAM, Stage

ROOT = Path(__file__).resolve().parents[2]


async def circletake(stage: Stage, *words: str | Path) -> tuple[int, str]:
    """Type a command as the operator does, beside the running app."""
    settings = stage.studio.settings
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *map(str, words),
        cwd=settings.data,
        env={
            "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "CIRCLETAKE_DATA": str(settings.data),
            "CIRCLETAKE_DATABASE_URL": settings.database_url,
        },
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


async def test_a_page_is_one_file_to_hand_over(stage: Stage, tmp_path: Path) -> None:
    await stage.set_up()
    card = await stage.open_scene(title="Rooftop opener")
    take, posted = await posted_take(stage, card)
    scene = await scene_of(stage, card)
    assert scene.title == "Rooftop opener"
    assert take.number == 1
    assert posted.channel_id == stage.slack.room(TEAM).id
    assert scenes
    page = tmp_path / "page.html"
    status, told = await circletake(stage, "page", "SQ010", "--out", page)
    assert status == 0, told
    text = page.read_text()
    assert "Rooftop opener" in text
    assert "Mira decides to leave." in text
