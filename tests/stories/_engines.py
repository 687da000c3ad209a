"""A stage whose engines are the vendors of the sandbox, and what a person does with them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import bake_offs
from storage.models import UNDER_WAY, BakeOff, Reference, Take, TakeState
from tests.factories import a_reference, all_shown, kept, scene_of
from tests.sandbox import Placed, Sandbox
from tests.sandbox._hiring import variables
from tests.stage import TEAM, Stage, opened
from tests.workspace.records import Json, Message
from tests.workspace.seen import Seen

LOOKS_EVERY = "0.05"


def keys(sandbox: Sandbox, folder: Path, *, only: Collection[str] = ()) -> dict[str, str]:
    """Give the variables of engines of the sandbox, which are looked at in quick succession."""
    told = variables(sandbox, folder, only=only)
    prefixes = {name.upper() for name in only or sandbox.vendors} | {"GOOGLE_OMNI_CLOUD"}
    return told | {f"{prefix}_POLL_SECONDS": LOOKS_EVERY for prefix in prefixes}


@dataclass
class Engines(Stage):
    """A stage and the sandbox behind its engines."""

    sandbox: Sandbox

    async def scene(self, **values: Any) -> Message:
        """Open a scene once everything of the others is shown; give its card."""
        await all_shown(self)
        return await self.open_scene(**values)

    async def ordering(self, scene: Message, engine: str, *, user: str = "jonas") -> Json:
        """Open the order form of a scene and choose an engine in it; give the form."""
        await self.slack.press("scene_order", channel=TEAM, ts=scene.ts, user=user)
        return await self.changed("engine", engine, user=user)

    async def changed(self, block_id: str, value: Any, *, user: str = "jonas") -> Json:
        """Choose in a menu of the open form that makes it anew; give the form after that."""
        view = self.form(user)
        [element] = [each for each in view["blocks"] if named(each, block_id)]
        action = element["element"]["action_id"]
        seen = await self.slack.press(action, user=user, value=value, wait=2)
        assert seen.ok, seen
        assert seen.view, seen
        return seen.view

    def form(self, user: str = "jonas") -> Json:
        """Give the form that somebody has before them."""
        return self.slack.state.modals[self.slack.person(user).id][-1].view

    async def sent(self, user: str = "jonas", **values: Any) -> Seen:
        """Send the open form; what it says comes with the acknowledgement."""
        return await self.slack.submit(values, user=user, wait=0)

    async def order(self, scene: Message, engine: str, **values: Any) -> Take:
        """Order a take by the form; give it as it was written down."""
        before = {take.id for take in await self.takes()}
        await self.ordering(scene, engine)
        seen = await self.sent(**values)
        assert not seen.errors, seen.errors
        assert seen.is_closed, seen
        [take] = [take for take in await self.takes() if take.id not in before]
        return take

    async def became(self, take: Take, *states: TakeState, seconds: float = 20) -> Take:
        """Wait until a take is in one of the states."""
        async with asyncio.timeout(seconds):
            while True:
                now = await self.take(take)
                if now.state in states:
                    return now
                await asyncio.sleep(0.03)

    async def take(self, take: Take) -> Take:
        """Give a take as it is in the records now."""
        return next(each for each in await self.takes() if each.id == take.id)

    async def ended(self, take: Take) -> Take:
        """Wait until nothing is under way for a take, and its card says so."""
        done = await self.became(take, *(set(TakeState) - UNDER_WAY))
        await all_shown(self)
        return done

    async def bake_off(
        self, take: Take, done: Callable[[BakeOff], object], *, seconds: float = 30
    ) -> BakeOff:
        """Wait until something holds of the bake-off that a take is of."""
        async with asyncio.timeout(seconds):
            while True:
                async with self.studio.db.read() as session:
                    found = await bake_offs.get(session, take.workspace_id, take.bake_off_id or "")
                assert found is not None
                if done(found):
                    return found
                await asyncio.sleep(0.05)

    async def card(self, take: Take, *words: str, seconds: float = 10) -> Message:
        """Wait until a take's card says all these words; give the card."""

        def shown(_: object) -> Message | None:
            cards = [each for each in self.messages(TEAM) if self.is_card(each, take)]
            return next((each for each in cards if all(w in text_of(each) for w in words)), None)

        return await self.slack.until(shown, seconds=seconds)

    def is_card(self, message: Message, take: Take) -> bool:
        """Whether a message is the card of a take."""
        head = next((each for each in message.blocks if each["type"] == "header"), None)
        title = head["text"]["text"] if head else ""
        return title.startswith(f"{take.code} · ")

    def typed(self, block_id: str, value: Any, *, kind: str = "value") -> None:
        """Leave something in a field of Jonas's open form, as Slack keeps it between two acts."""
        view = self.slack.state.modals[self.slack.person("jonas").id][-1]
        [element] = [each["element"] for each in view.view["blocks"] if named(each, block_id)]
        state = view.values.setdefault(block_id, {})
        state[element["action_id"]] = {"type": element["type"], kind: value}

    async def refused(self, **values: Any) -> dict[str, str]:
        """Send the open form; give what it says at which field, and prove nothing was ordered."""
        before = len(await self.takes()), len(self.sandbox.ledger)
        seen = await self.sent(**values)
        assert not seen.is_closed, seen
        assert (len(await self.takes()), len(self.sandbox.ledger)) == before
        return seen.errors

    async def a_reference(self, card: Message, title: str, data: bytes) -> Reference:
        """Give a scene an approved reference whose file is fetched already."""
        scene = await scene_of(self, card)
        sha256, now = await kept(self, data), self.studio.clock()
        async with self.studio.db.begin() as session:
            return await a_reference(session, scene, title, at=now, sha256=sha256)

    def placed(self, engine: str) -> list[Placed]:
        """Give what a vendor accepted."""
        return self.sandbox.ledger.of(engine)


def named(block: Json, block_id: str) -> bool:
    """Whether a block of a form is the one with this name."""
    return block.get("block_id") == block_id


def text_of(message: Message) -> str:
    """Give all that a message says, as it went over the wire."""
    return f"{message.text} {json.dumps(message.blocks, ensure_ascii=False)}"


def blocks_of(view: Json) -> dict[str, Json]:
    """Give a form's inputs by their names."""
    return {each["block_id"]: each for each in view["blocks"] if each["type"] == "input"}


def prompt_in(form: Json) -> str:
    """Give the prompt that stands in a form."""
    return blocks_of(form)["prompt"]["element"]["initial_value"]


def choices(view: Json, block_id: str) -> list[str]:
    """Name what can be chosen in a menu of a form."""
    element = blocks_of(view)[block_id]["element"]
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [each["value"] for each in (*element.get("options", []), *grouped)]


def told(view: Json) -> str:
    """Give what a form says in small print."""
    small = [each for each in view["blocks"] if each["type"] == "context"]
    return " ".join(part["text"] for each in small for part in each["elements"])


@asynccontextmanager
async def engines_opened(
    url: str, folder: Path, *, only: Collection[str] = (), latency: float = 0.2, **more: Any
) -> AsyncGenerator[Engines]:
    """Open the app with its production set up, and with engines of the sandbox."""
    async with Sandbox(latency=latency, only=only or None) as sandbox:
        told = keys(sandbox, folder, only=only)
        async with opened(url, folder, engines=told, **more) as stage:
            engines = Engines(stage.slack, stage.app, sandbox)
            await engines.set_up()
            yield engines
