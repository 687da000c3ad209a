"""One app that orders takes from a vendor of the sandbox and is killed in the midst of each."""

import asyncio
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from storage import Database, scenes, takes
from storage._types import new_id
from storage.files import Files
from storage.models import CardKind, Take, TakeState
from tests.factories import a_picture, a_reference
from tests.sandbox import Fault, Placed, Sandbox
from tests.sandbox._hiring import variables
from tests.stage import TEAM, WORKSPACE
from tests.stories import _once as once
from tests.stories._order_cuts import OrderCut
from tests.stories._power import SECONDS, Power, powered
from tests.workspace.records import Message

_LARGE = 3_000_000
"""Bytes that do not come in one piece."""
_TOO_LARGE_TO_TRAVEL = 4_300_000
"""Bytes of a picture that Luma wants handed over before the order."""
_SETTLED = Counter(("take.ambiguous", "take.settled"))
_LOGGED = Counter(("take.ordered", "take.kept", "take.shown"))
_SHOWN = Counter((CardKind.TAKE, CardKind.VIDEO))


@dataclass
class Drill:
    """The app, its records, the vendor, and the scene that everything is ordered for."""

    power: Power
    db: Database
    sandbox: Sandbox
    vendor: str
    scene: Message
    picture: str = ""
    """The reference that every order begins with, if any."""

    async def cut(self, cut: OrderCut) -> None:
        """Order a take, kill the app at a point of it, and find everything there once."""
        known, cuts = await self._ids(), self.power.cuts
        self.power.repeated, self.sandbox.core.output_bytes = 0, _LARGE if cut.is_large else None
        prompt = f"A paper boat at dawn, {new_id()}."
        if cut.point is not None:
            await self.power.arm(cut.point)
        await self._ordered(prompt, cut)
        if cut.point is not None:
            await self._died(cuts)
        await once.settled(self.power, self.db)
        [take] = [each for each in await self._takes() if each.id not in known]
        assert (take.state, len(self._placed(prompt))) == (
            TakeState.AMBIGUOUS if cut.is_open else TakeState.WAITING,
            cut.placed if cut.is_open else 1,
        ), f"{take.problem}\n{self.power.log()}"
        if cut.is_open:
            await self._settle(take, self._placed(prompt))
        await self._is_there_once(take, prompt, was_open=cut.is_open)

    async def restarted(self, *, times: int) -> None:
        """Order a take, and kill the app as if for the nth time since; find it there once."""
        self.sandbox.pace.latency, prompt = 3.0, f"A paper boat at dusk, {new_id()}."
        await self._sent(prompt)
        await once.reached(self.db, TakeState.RENDERING)
        with closing(sqlite3.connect(self.power.folder / "data" / "work.db", timeout=10)) as store:
            store.execute("UPDATE workflow_status SET recovery_attempts = ?", (times,))
            store.commit()
        self.power.send(signal.SIGKILL)
        await once.settled(self.power, self.db)
        await self._is_there_once(await once.the_take(self.db), prompt, was_open=False)

    async def _ordered(self, prompt: str, cut: OrderCut) -> None:
        if cut.point is None:
            self.sandbox.next(self.vendor, Fault.HANGS)
        await self._sent(prompt)
        if cut.point is None:
            await self._silent(prompt)
            self.power.send(signal.SIGKILL)

    async def _sent(self, prompt: str) -> None:
        slack, ts = self.power.slack, self.scene.ts
        await self.power.insist(
            lambda: slack.press("scene_order", channel=TEAM, ts=ts, user="jonas")
        )
        values = {"prompt": prompt}
        if self.picture:
            await self._with_picture()
            values["first"] = self.picture
        await self.power.insist(lambda: slack.submit(values, user="jonas"))

    async def _with_picture(self) -> None:
        """Choose in the open form that the order begins with a picture."""
        slack = self.power.slack
        view = slack.state.modals[slack.person("jonas").id][-1].view
        [mode] = [each for each in view["blocks"] if each.get("block_id") == "mode"]
        action = mode["element"]["action_id"]
        seen = await slack.press(action, user="jonas", value="i2v", wait=2)
        assert seen.view, seen

    async def _silent(self, prompt: str) -> None:
        async with asyncio.timeout(SECONDS):
            while not self._placed(prompt):  # noqa: ASYNC110 - the ledger tells nobody
                await asyncio.sleep(0.01)

    async def _died(self, cuts: int) -> None:
        """Wait until the app was cut; the restart is the mains' business."""
        try:
            async with asyncio.timeout(SECONDS):
                while self.power.cuts == cuts:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"Never came there.\n{self.power.log()}") from None

    async def _settle(self, take: Take, placed: list[Placed]) -> None:
        """Look in the vendor's console as a person does, and say on the card what is there."""
        actions = ("take_was_placed", "take_not_placed")
        cards = [await self.power.card(action, TEAM) for action in actions]
        assert cards[0].ts == cards[1].ts, "One card offers both."
        assert not self.power.offering("take_approve", TEAM) or take.sha256 is None
        slack, ts = self.power.slack, cards[0].ts
        press = actions[0] if placed else actions[1]
        await self.power.insist(lambda: slack.press(press, channel=TEAM, ts=ts, user="jonas"))
        if placed:
            await self.power.insist(
                lambda: slack.submit({"job_id": placed[0].job_id}, user="jonas")
            )
        await once.settled(self.power, self.db)

    async def _is_there_once(self, take: Take, prompt: str, *, was_open: bool) -> None:
        now = next(each for each in await self._takes() if each.id == take.id)
        assert now.state is TakeState.WAITING, now.problem
        assert len(self._placed(prompt)) == 1
        rows = await once.intact_log(self.db)
        kinds = Counter(each.kind for each in rows if each.take_id == take.id)
        assert kinds == _LOGGED + (_SETTLED if was_open else Counter())
        wanted = await once.every_card(self.db)
        assert Counter(each.kind for each in wanted if each.subject_id == take.id) == _SHOWN
        once.posted_once(self.power, wanted)
        once.kept_whole(self.power, *await self._takes())

    def _placed(self, prompt: str) -> list[Placed]:
        return [row for row in self.sandbox.ledger.of(self.vendor) if prompt in row.order.prompt]

    async def _takes(self) -> list[Take]:
        async with self.db.read() as session:
            return await takes.every(session, WORKSPACE)

    async def _ids(self) -> set[str]:
        return {take.id for take in await self._takes()}


@asynccontextmanager
async def drilled(
    vendor: str, folder: Path, database_url: str, *, brings_picture: bool = False
) -> AsyncGenerator[Drill]:
    """Start the app with one engine of the sandbox, and open a scene to order for."""
    async with Sandbox(latency=0.25, jitter=0.1, only=[vendor]) as sandbox:
        told = {
            **variables(sandbox, folder, only=[vendor]),
            f"{vendor.upper()}_POLL_SECONDS": "0.05",
            "CIRCLETAKE_DEFAULT_ENGINE": vendor,
        }
        async with powered(folder, database_url, (), told) as (power, db):
            scene = await power.scene_opened()
            drill = Drill(power, db, sandbox, vendor, scene)
            if brings_picture:
                drill = replace(drill, picture=await _pictured(drill))
            yield drill


async def _pictured(drill: Drill) -> str:
    """Give the scene an approved reference whose file is fetched already."""
    files = Files(str(drill.power.folder / "data" / "files"))
    file = drill.power.folder / "picture.jpg"
    file.write_bytes(a_picture() + bytes(_TOO_LARGE_TO_TRAVEL))
    elements = [each for block in drill.scene.blocks for each in block.get("elements", [])]
    scene_id = next(e["value"] for e in elements if e.get("action_id") == "scene_order")
    sha256, now = await files.keep(file), datetime.fromtimestamp(time.time(), tz=UTC)
    async with drill.db.begin() as session:
        scene = await scenes.get(session, WORKSPACE, scene_id)
        return (await a_reference(session, scene, at=now, sha256=sha256)).id
