"""What a rehearsal prints is what an order sends, byte for byte where it can be compared."""

import json
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from bot.call_sheet import sheet_of
from bot.engine_tables import redactor_of, show
from bot.errors import BadForm
from bot.rehearsal import Wishes, rehearsed
from bot.settings import Settings, read
from engines import Engine, EngineError, Offer, RefKind, known
from tests.engines.clips import mp4

WORKFLOWS = Path(__file__).resolve().parents[2] / "docs" / "comfyui"
TOKEN = {"access_token": "of-the-moment", "token_type": "bearer", "expires_in": 86_400}
KEY = "hush-0123456789"


@dataclass
class Vendor:
    """Writes down what it is asked, and takes nothing."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/ims/token/v3":
            return web.json_response(TOKEN)
        if request.method == "GET":
            return web.json_response({"error": "Job not found"}, status=404)
        kind = request.content_type
        is_form = kind.startswith("multipart/")
        body = await _parts(request) if is_form else json.loads(await request.text())
        self.asked.append(
            {
                "method": request.method,
                "path": str(request.rel_url),
                "headers": {name.lower(): value for name, value in request.headers.items()},
                "body": body,
            }
        )
        return web.json_response({"error": "no"}, status=400)


async def _parts(request: web.Request) -> list[dict[str, str]]:
    form = await request.post()
    return [{"name": name, "text": str(text)} for name, text in form.items()]


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    vendor = Vendor()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", vendor.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    vendor.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield vendor
    await runner.cleanup()


def settings_of(vendor: Vendor, folder: Path) -> Settings:
    keyed = ("RUNWAY", "LUMA", "LUMA_DREAM_MACHINE", "GOOGLE_OMNI", "OPENAI_VIDEOS")
    told = {f"{name}_API_KEY": KEY for name in keyed}
    told |= {f"{name}_BASE_URL": vendor.url for name in (*keyed, "FIREFLY", "COMFYUI")}
    return read(
        {
            **told,
            "OPENAI_VIDEOS_MODEL": "wan",
            "FIREFLY_IMS_URL": vendor.url,
            "FIREFLY_CLIENT_ID": KEY,
            "FIREFLY_CLIENT_SECRET": KEY,
            "COMFYUI_WORKFLOWS": str(WORKFLOWS),
            "CIRCLETAKE_DATA": str(folder),
        }
    )


@pytest.mark.parametrize(
    "name",
    [
        "comfyui",
        "firefly",
        "google_omni",
        "luma",
        "luma_dream_machine",
        "openai_videos",
        "runway",
    ],
)
async def test_what_is_printed_is_what_is_sent(name: str, vendor: Vendor, tmp_path: Path) -> None:
    settings = settings_of(vendor, tmp_path)
    engine = known()[name].hired(settings)
    assert engine is not None
    rehearsal = rehearsed(Wishes(prompt="A paper boat, ≈ 3 €"), engine)
    sheet = sheet_of(rehearsal.call, redactor_of(settings), ())
    assert sheet is not None

    with suppress(EngineError):
        await engine.submit(await engine.prepare(rehearsal.spec))
    await engine.close()

    [asked] = vendor.asked
    assert (asked["method"], f"{vendor.url}{asked['path']}") == (sheet["method"], sheet["url"])
    assert asked["body"] == (sheet["body"].get("json") or sheet["body"].get("parts"))
    for header, value in sheet["headers"].items():
        if "hidden" in value:
            assert asked["headers"][header]
        else:
            assert asked["headers"][header].startswith(value.removesuffix("…"))
    assert KEY not in json.dumps(sheet)


def a_clip(folder: Path) -> Path:
    return mp4(folder, seconds=4)


def a_sound(folder: Path) -> Path:
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(bytes(96_000))
    return path


def a_picture(folder: Path) -> Path:
    path = folder / "boat.png"
    Image.effect_noise((1280, 720), 40).convert("RGB").save(path)
    return path


def ways(offer: Offer, places: dict[RefKind, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Give what a mode cannot do without, and beside it one of each thing that it takes."""
    needed = [slot for slot in offer.slots for _ in range(slot.least)]
    for extra in (None, *offer.slots):
        slots = [*needed, *([extra] if extra else [])]
        for at in range(3):
            yield tuple(
                f"{places[slot.kind][at]}:{slot.role.value}" + f":tag{n}" * ("{tag}" in slot.call)
                for n, slot in enumerate(slots)
            )


@pytest.mark.parametrize("name", sorted(known()))
def test_every_mode_of_every_model_can_be_rehearsed(name: str, tmp_path: Path) -> None:
    job = "job:0d6f3a1e-6d0c-4b1a-9a55-0f1f1f5f0001"
    places = {
        RefKind.IMAGE: (str(a_picture(tmp_path)), "https://cdn.example/boat.png", job),
        RefKind.VIDEO: (str(a_clip(tmp_path)), "https://cdn.example/clip.mp4", job),
        RefKind.AUDIO: (str(a_sound(tmp_path)), "https://cdn.example/sound.wav", job),
    }
    settings = read({"CIRCLETAKE_DATA": str(tmp_path), "COMFYUI_WORKFLOWS": str(WORKFLOWS)})
    engine = show(known()[name], settings).engine
    assert engine is not None
    for model in engine.models():
        for mode, offer in engine.caps(model).modes.items():
            plain = Wishes(
                mode=mode.value, model=model, prompt="A boat", fps=next(iter(offer.fps), None)
            )
            refusals = [_refusal(replace(plain, refs=refs), engine) for refs in ways(offer, places)]
            assert None in refusals, (model, mode, refusals)


def _refusal(wishes: Wishes, engine: Engine) -> str | None:
    try:
        rehearsed(wishes, engine)
    except BadForm as wrong:
        return str(wrong)
    return None
