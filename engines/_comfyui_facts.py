"""What ComfyUI is as a house: its settings, and what is said of rights."""

from urllib.parse import urlsplit

from ._errors import Misconfigured
from ._facts import Facts, Statement, Variable

FACTS = Facts(
    maker="the team itself, with ComfyUI",
    prefix="COMFYUI",
    variables=(
        Variable(
            name="COMFYUI_BASE_URL",
            about="Where ComfyUI answers.",
            default="http://127.0.0.1:8188",
            needed=True,
        ),
        Variable(
            name="COMFYUI_WORKFLOWS",
            about="The folder of workflow manifests; docs/comfyui is an example.",
            default="docs/comfyui",
            needed=True,
        ),
        Variable(
            name="COMFYUI_API_KEY",
            about="What a proxy in front of it wants as a bearer; ComfyUI itself wants none.",
            secret=True,
        ),
    ),
    rights=(
        Statement(
            "ComfyUI is GPL-3.0 and is only talked to; each model has a licence of its own.",
            "documentation",
        ),
        Statement(
            "What it saves says nothing of where it came from, but may hold the whole workflow"
            " with its prompt: export from Circletake before it is given away.",
            "documentation",
        ),
    ),
)


def check_address(url: str) -> None:
    """Raise Misconfigured for an address that cannot be that of a server."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise Misconfigured(f"COMFYUI_BASE_URL is {url!r}; write it like http://127.0.0.1:8188.")
