"""The settings with which the app finds every engine in the sandbox."""

from collections.abc import Callable, Collection
from pathlib import Path

from tests.sandbox._firefly_token import CLIENT_SECRET
from tests.sandbox._server import Sandbox
from tests.sandbox.google_veo import write_service_account

_WORKFLOWS = Path(__file__).parents[2] / "docs" / "comfyui"


def variables(sandbox: Sandbox, folder: Path, *, only: Collection[str] = ()) -> dict[str, str]:
    """Name every variable of every engine, or of some; `folder` takes Google's key file.

    Only tests and the demo may use it: the keys are the sandbox's own.
    """
    told = _by_engine(sandbox, folder)
    return {name: value for each in only or told for name, value in told[each]().items()}


def _by_engine(sandbox: Sandbox, folder: Path) -> dict[str, Callable[[], dict[str, str]]]:
    """Say how to name each engine's variables: only those of vendors that were started can be."""
    return {
        "runway": lambda: _keyed(sandbox, "runway"),
        "luma": lambda: _keyed(sandbox, "luma", path="/v1"),
        "luma_dream_machine": lambda: _keyed(
            sandbox, "luma_dream_machine", path="/dream-machine/v1"
        ),
        "google_omni": lambda: _keyed(sandbox, "google_omni"),
        "google_omni_cloud": lambda: _google(sandbox, folder, "GOOGLE_OMNI_CLOUD"),
        "google_veo": lambda: _google(sandbox, folder, "GOOGLE_VEO"),
        "firefly": lambda: {
            "FIREFLY_CLIENT_ID": sandbox.key("firefly"),
            "FIREFLY_CLIENT_SECRET": CLIENT_SECRET,
            "FIREFLY_BASE_URL": sandbox.url("firefly"),
            "FIREFLY_IMS_URL": sandbox.url("firefly"),
            "FIREFLY_PER_MINUTE": "600",
        },
        "openai_videos": lambda: {
            **_keyed(sandbox, "openai_videos", path="/v1"),
            "OPENAI_VIDEOS_MODEL": "sora-2",
            "OPENAI_VIDEOS_CENTS_PER_SECOND": "10",
        },
        "comfyui": lambda: {
            "COMFYUI_BASE_URL": sandbox.url("comfyui"),
            "COMFYUI_WORKFLOWS": str(_WORKFLOWS),
        },
    }


def _keyed(sandbox: Sandbox, name: str, *, path: str = "") -> dict[str, str]:
    prefix = name.upper()
    return {
        f"{prefix}_BASE_URL": f"{sandbox.url(name)}{path}",
        f"{prefix}_API_KEY": sandbox.key(name),
    }


def _google(sandbox: Sandbox, folder: Path, prefix: str) -> dict[str, str]:
    url = sandbox.url("google_veo")
    folder.mkdir(parents=True, exist_ok=True)
    key_file = str(write_service_account(folder, url))
    return {
        f"{prefix}_PROJECT": "my-project",
        f"{prefix}_BASE_URL": url,
        f"{prefix}_STORAGE_URL": url,
        f"{prefix}_CREDENTIALS": key_file,
        f"{prefix}_BUCKET": "gs://takes/circletake/",
    }
