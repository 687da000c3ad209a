"""ComfyUI 0.3.64, before the jobs routes: history and queue only, and any text is an id."""

from aiohttp import web

from tests.sandbox._answers import Vendor
from tests.sandbox._comfy_server import Comfy
from tests.sandbox._core import Desk
from tests.sandbox.comfyui import FAILURES, REFUSALS

VENDOR = Vendor("comfyui_old", refusals=REFUSALS, failures=FAILURES)


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    return Comfy(desk, has_jobs=False).application()
