"""Driving the sandbox's ComfyUI in tests: a whole graph, and the calls that a client makes."""

import asyncio
import copy
import json
import uuid
from pathlib import Path
from typing import Any

import httpx

from tests.sandbox import Sandbox
from tests.sandbox._comfy_nodes import Json

GRAPH: Json = json.loads(Path(__file__).with_name("comfy_graph.json").read_text())
"""A film from a text by Wan 2.2, in API format."""


def graph(text: str = "A paper boat", **sampler: object) -> Json:
    """Give the graph with another text, and with other inputs of its sampler."""
    made = copy.deepcopy(GRAPH)
    made["6"]["inputs"]["text"] = text
    made["3"]["inputs"] |= sampler
    return made


class Client:
    """Talks to one ComfyUI."""

    def __init__(self, sandbox: Sandbox, http: httpx.AsyncClient, vendor: str = "comfyui") -> None:
        self.url = sandbox.url(vendor)
        self.http = http

    async def get(self, path: str) -> Any:
        """Get JSON."""
        return (await self.http.get(f"{self.url}{path}")).json()

    async def post(self, path: str, body: Json | None = None) -> httpx.Response:
        """Post JSON."""
        return await self.http.post(f"{self.url}{path}", json=body or {})

    async def submit(self, nodes: Json, **more: object) -> str:
        """Queue a graph under an id of our own."""
        prompt_id = str(uuid.uuid4())
        body = {"prompt": nodes, "prompt_id": prompt_id, "client_id": "film-client", **more}
        answer = await self.post("/prompt", body)
        assert answer.status_code == 200, answer.text
        return prompt_id

    async def past(self, prompt_id: str) -> Json:
        """Wait for a job to be in the history, and give it."""
        told: Json = {}
        while not told:
            await asyncio.sleep(0.01)
            told = await self.get(f"/history/{prompt_id}")
        return told[prompt_id]
