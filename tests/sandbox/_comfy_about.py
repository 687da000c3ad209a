"""What ComfyUI tells about itself: its nodes, its model files, its machine."""

from typing import Final

from aiohttp import web

from tests.sandbox._comfy_nodes import MODELS, NODES, Json

MAX_BODY: Final = 100 * 1024**2
_GIGABYTE: Final = 1024**3
_STATS: Final[Json] = {
    "system": {"os": "linux", "comfyui_version": "0.38.1", "python_version": "3.12", "argv": []},
    "devices": [
        {
            "name": "cuda:0 NVIDIA Sandbox",
            "type": "cuda",
            "index": 0,
            "vram_total": 24 * _GIGABYTE,
            "vram_free": 20 * _GIGABYTE,
        }
    ],
}


async def all_nodes(_: web.Request) -> web.Response:
    """Describe every node."""
    return web.json_response({name: node.info(name) for name, node in NODES.items()})


async def one_node(request: web.Request) -> web.Response:
    """Describe a node, or nothing where it is not installed."""
    name = request.match_info["name"]
    return web.json_response({name: NODES[name].info(name)} if name in NODES else {})


async def models(request: web.Request) -> web.Response:
    """List the model files of a folder."""
    found = MODELS.get(request.match_info["folder"])
    return web.Response(status=404) if found is None else web.json_response(found)


async def features(_: web.Request) -> web.Response:
    """Tell what this server can do."""
    return web.json_response({"supports_preview_metadata": True, "max_upload_size": MAX_BODY})


async def stats(_: web.Request) -> web.Response:
    """Tell about the machine."""
    return web.json_response(_STATS)
