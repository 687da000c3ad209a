"""ComfyUI 0.38, a server of one's own: no key, one queue, jobs by the client's own id."""

from aiohttp import web

from tests.sandbox._answers import Refusal, Vendor
from tests.sandbox._comfy_graph import problem
from tests.sandbox._comfy_server import Comfy, restart
from tests.sandbox._core import Desk
from tests.sandbox._faults import Fault
from tests.sandbox._jobs import Json

__all__ = ["FAILURES", "REFUSALS", "VENDOR", "restart", "routes"]

_LIST_FAULT = problem("value_not_in_list", "Value not in list", "ckpt_name", input_name="ckpt_name")
REFUSALS = {
    Fault.BAD_INPUT: Refusal(
        400,
        {
            "error": problem(
                "prompt_outputs_failed_validation", "Prompt outputs failed validation"
            ),
            "node_errors": {
                "4": {
                    "errors": [_LIST_FAULT],
                    "dependent_outputs": ["9"],
                    "class_type": "CheckpointLoaderSimple",
                }
            },
        },
    ),
    Fault.SERVER_ERROR: Refusal(500, "500 Internal Server Error"),
}
_ERROR: Json = {
    "node_id": "3",
    "node_type": "KSampler",
    "executed": ["4", "6"],
    "traceback": ["  File execution.py, line 1, in execute\n"],
    "current_inputs": {"seed": [5]},
    "current_outputs": ["4", "6"],
}
FAILURES: dict[Fault, Json] = {
    Fault.ENGINE: {
        **_ERROR,
        "exception_type": "RuntimeError",
        "exception_message": "mat1 and mat2 shapes cannot be multiplied",
    },
    Fault.TRANSIENT: {
        **_ERROR,
        "exception_type": "torch.OutOfMemoryError",
        "exception_message": "Allocation on device would exceed allowed memory. (out of memory)",
    },
    Fault.BAD_ASSET: {
        **_ERROR,
        "node_type": "LoadImage",
        "exception_type": "PIL.UnidentifiedImageError",
        "exception_message": "cannot identify image file",
    },
}
VENDOR = Vendor("comfyui", refusals=REFUSALS, failures=FAILURES)


def routes(desk: Desk) -> web.Application:
    """Make the application."""
    return Comfy(desk, has_jobs=True).application()
