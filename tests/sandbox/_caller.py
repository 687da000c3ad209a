"""Runway's API, spoken without its SDK, for tests of what every vendor has in common."""

from typing import Any, Self

import httpx

from tests.sandbox import Job, Sandbox

BASE: dict[str, Any] = {"model": "gen4.5", "ratio": "1280:720", "duration": 2}


class Caller:
    """A client with the right key; `prompt` is where the words go that make things fail."""

    def __init__(self, sandbox: Sandbox) -> None:
        key = {"Authorization": f"Bearer {sandbox.key('runway')}", "X-Runway-Version": "2024-11-06"}
        self.sandbox = sandbox
        self.http = httpx.AsyncClient(base_url=sandbox.url("runway"), headers=key)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def create(self, prompt: str = "A paper boat", **kept: Any) -> httpx.Response:
        """Place an order, and give whatever is answered."""
        return await self.http.post("/v1/text_to_video", json=BASE | {"promptText": prompt}, **kept)

    async def order(self, prompt: str = "A paper boat", *, over: bool = True) -> Job:
        """Place an order that is taken, and let its time be `over`."""
        answer = await self.create(prompt)
        assert answer.status_code == 200, answer.text
        job = self.sandbox.desk("runway").jobs[answer.json()["id"]]
        if over:
            job.finish()
        return job

    async def poll(self, job: Job) -> dict[str, Any]:
        """Look at a job that is known."""
        answer = await self.http.get(f"/v1/tasks/{job.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def link(self, words: str = "") -> str:
        """Order a film, and give its address."""
        return (await self.poll(await self.order(f"x {words}")))["output"][0]
