"""Two people who order takes one after the other, whatever happens to the app meanwhile."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from storage._types import new_id
from tests.sandbox import Fault, Sandbox
from tests.stage import TEAM
from tests.stories._power import Power
from tests.workspace.errors import SlackError
from tests.workspace.records import Message

PEOPLE = ("jonas", "maya")
_MODELS = ("runway/gen4.5", "runway/gen4.5", "runway/gen4.5", "comfyui/wan22_5b")
_BUSY = "The records are busy."
_A_SCENE_HAS = 25
"""Takes, as a scene with much to find out might have."""
_FAULTS = ((Fault.ANSWER_LOST, 0.03), (Fault.RATE_LIMIT, 0.04))
"""How often the next order that arrives meets which fault."""


@dataclass
class Orders:
    """What was ordered: each prompt is written once, so the ledger shows what came of it."""

    power: Power
    """Any of the apps: what is pressed goes to Slack, which gives it to one of them."""
    sandbox: Sandbox
    dice: random.Random
    wanted: int
    made: list[str] = field(default_factory=list[str])
    """The prompts of which somebody saw that they were ordered."""
    faults: Counter[Fault] = field(default_factory=Counter[Fault])
    """What was planned to go wrong at the vendor."""
    pressed_again: int = 0
    told_busy: int = 0
    """How often a form said that the records are busy: the processors are, with all this."""
    _begun: int = 0
    _scenes: list[Message] = field(default_factory=list[Message])

    async def prepare(self) -> None:
        """Open the scenes that everything is ordered for."""
        self._scenes.append(await self.power.scene_opened())
        while len(self._scenes) * _A_SCENE_HAS < self.wanted:
            self._scenes.append(await self._another_scene())

    async def run(self) -> None:
        """Order until there is as much as is wanted."""
        await asyncio.gather(*(self._keep_ordering(user) for user in PEOPLE))

    async def _keep_ordering(self, user: str) -> None:
        while self._begun < self.wanted:
            scene = self._scenes[self._begun // _A_SCENE_HAS]
            self._begun += 1
            await self._ordered(user, scene)

    async def _ordered(self, user: str, scene: Message) -> None:
        """Press and send until it was taken; a form that went with its app is filled in anew."""
        self._plan_a_fault()
        values = {"engine": self.dice.choice(_MODELS), "seconds": "2"}
        while True:
            prompt = f"A paper boat at dawn, {new_id()}."
            with suppress(SlackError):
                if await self._pressed(user, scene) and await self._sent(
                    user, {**values, "prompt": prompt}
                ):
                    self.made.append(prompt)
                    return
            self.pressed_again += 1
            await self.power.up()

    async def _pressed(self, user: str, scene: Message) -> bool:
        slack = self.power.slack
        slack.state.modals.pop(slack.person(user).id, None)
        seen = await slack.press("scene_order", channel=TEAM, ts=scene.ts, user=user, wait=2)
        return seen.ok and seen.view is not None

    async def _sent(self, user: str, values: dict[str, str]) -> bool:
        """Send the open form, again and again if need be: one form is one order."""
        for _ in range(5):
            seen = await self.power.slack.submit(values, user=user, wait=0.0)
            if seen.ok and not seen.errors:
                return True
            assert all(_BUSY in each for each in seen.errors.values()), seen.errors
            self.told_busy += bool(seen.errors)
            self.pressed_again += 1
            await self.power.up()
        return False

    def _plan_a_fault(self) -> None:
        for fault, share in _FAULTS:
            if self.dice.random() < share:
                self.sandbox.next("runway", fault)
                self.faults[fault] += 1

    async def _another_scene(self) -> Message:
        power, slack = self.power, self.power.slack
        before = len(power.offering("scene_order", TEAM))
        scene = {"title": f"Rooftop {before}", "purpose": "Mira decides to leave.", "seconds": "2"}
        await power.insist(lambda: slack.command("/scene", "new", user="jonas", channel=TEAM))
        await power.insist(lambda: slack.submit(scene, user="jonas"))
        return await slack.until(
            lambda _: next(iter(power.offering("scene_order", TEAM)[before:]), None), seconds=60
        )
