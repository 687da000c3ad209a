"""Orders for Google's engines in the sandbox, as tests write them."""

from pathlib import Path
from typing import Any

from PIL import Image

from engines import JobSpec, Ref, RefKind, RefRole
from tests.sandbox import Sandbox
from tests.sandbox.google_veo import write_service_account

CLOUD = "google_veo"
CLIP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(5_000)


def in_a_project(prefix: str, sandbox: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    url = sandbox.url(CLOUD)
    plain = {
        "PROJECT": "my-project",
        "BASE_URL": url,
        "STORAGE_URL": url,
        "CREDENTIALS": str(write_service_account(folder, url)),
        "BUCKET": "gs://takes/circletake/",
    }
    return {f"{prefix}_{name}": value for name, value in {**plain, **more}.items()}


def a_shot(**words: Any) -> JobSpec:
    plain: dict[str, Any] = {"prompt": "A paper boat", "seconds": 4.0}
    return JobSpec(**{**plain, **words})


def a_picture(folder: Path, name: str = "first.png", *, padding: int = 0) -> Path:
    path = folder / name
    Image.new("RGB", (64, 36), "teal").save(path)
    path.write_bytes(path.read_bytes() + bytes(padding))
    return path


def a_source(folder: Path, *, padding: int = 0, **more: Any) -> Ref:
    path = folder / "clip.mp4"
    path.write_bytes(CLIP + bytes(padding))
    return Ref(role=RefRole.SOURCE, kind=RefKind.VIDEO, path=path, **more)


def asked(sandbox: Sandbox, vendor: str = CLOUD) -> dict[str, Any]:
    return sandbox.ledger.of(vendor)[-1].order.request
