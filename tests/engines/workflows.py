"""The example workflow of docs/comfyui, copied to where a test may spoil it."""

from datetime import UTC, datetime
from pathlib import Path

from engines import JobSpec
from engines.comfyui import ComfyUI

EXAMPLE = Path(__file__).parents[2] / "docs" / "comfyui"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SPEC = JobSpec(prompt="A paper boat", user_tag="take-1", seconds=2)


def at(folder: Path, **more: str) -> ComfyUI:
    told = {"COMFYUI_BASE_URL": "http://127.0.0.1:8188", "COMFYUI_WORKFLOWS": str(folder)}
    return ComfyUI({**told, **more}, clock=lambda: NOW)


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "wan22_5b.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
