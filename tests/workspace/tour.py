"""The tour: the whole main job, step by step, each seen in Slack and in the store."""

import asyncio
import io
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.proof import Chain
from storage import Database, Session, productions, references, scenes, takes
from storage import log as rows
from storage.files import Files
from storage.models import Entry, Production, Reason, Scene, Take, TakeState
from tests.stage import elements
from tests.workspace.demo import CLIENT, TEAM, AppProcess, brief, playing
from tests.workspace.records import Message, View
from tests.workspace.seed import T_STUDIO
from tests.workspace.server import SmallSlack
from tests.workspace.talking import Attached

SOON, RENDERED = 20.0, 120.0


class Missed(AssertionError):  # noqa: N818 - reads as the sentence it is
    """A step was not seen."""


def must(seen: object, what: str) -> None:
    """Miss the step unless it was seen."""
    if not seen:
        raise Missed(what)


@dataclass
class Tour:
    """What the steps share: the small Slack, the app, its store, and what they made so far."""

    slack: SmallSlack
    app: AppProcess
    db: Database
    made: dict[str, Any] = field(default_factory=dict[str, Any])

    async def stored(self, read: Callable[[Session], Awaitable[Any]]) -> Any:
        """Read the app's store, as another process would."""
        async with self.db.read() as session:
            return await read(session)

    async def production(self) -> Production:
        found = await self.stored(
            lambda session: productions.in_channel(session, T_STUDIO, self.slack.room(TEAM).id)
        )
        must(found, "no production in the store")
        return found

    async def scene(self, number: int) -> Scene:
        production = await self.production()
        found = await self.stored(lambda session: scenes.by_number(session, production, number))
        must(found, f"no scene {number} in the store")
        return found

    async def take(self, number: int) -> Take:
        made = await self.stored(lambda session: takes.every(session, T_STUDIO))
        found = [take for take in made if take.number == number]
        must(found, f"no take {number} in the store")
        return found[0]

    async def entries(self, kind: str) -> list[Entry]:
        whole = await self.stored(_all_entries)
        return [entry for entry in whole if entry.kind == kind]

    def messages(self, channel: str) -> list[Message]:
        room = self.slack.room(channel)
        standing = self.slack.state.messages[room.id].values()
        return [each for each in standing if not each.deleted and each.ephemeral_to is None]

    async def until(
        self, wanted: Callable[[Message], object], *, channel: str = TEAM, seconds: float = SOON
    ) -> Message:
        """Wait for a message that is as wanted."""
        return await self.slack.until(
            lambda _: next((each for each in self.messages(channel) if wanted(each)), None),
            seconds=seconds,
        )

    async def card(self, number: int, words: str, *, seconds: float = SOON) -> Message:
        """Wait for a take's card to say something."""
        return await self.until(
            lambda each: _says(each, f"T{number} ·") and _says(each, words), seconds=seconds
        )


async def _all_entries(session: Session) -> list[Entry]:
    return [entry async for page in rows.whole(session, T_STUDIO) for entry in page]


def _says(message: Message, words: str) -> bool:
    return words in json.dumps(message.blocks, ensure_ascii=False)


def picture(color: tuple[int, int, int], horizon: int) -> bytes:
    """Paint a plate of some roofs at dusk, as PNG."""
    plate = Image.new("RGB", (1280, 720), color)
    draw = ImageDraw.Draw(plate)
    for row in range(horizon):
        shade = tuple(int(part * (0.35 + 0.65 * row / horizon)) for part in color)
        draw.line(((0, row), (1280, row)), fill=shade)
    draw.rectangle((0, horizon, 1280, 720), fill=(24, 26, 34))
    for left, top in ((80, 380), (260, 330), (470, 400), (820, 350), (1040, 390)):
        draw.rectangle((left, top, left + 150, 720), fill=(34, 36, 48))
        draw.rectangle((left + 40, top + 50, left + 62, top + 80), fill=(236, 180, 92))
    out = io.BytesIO()
    plate.save(out, "PNG")
    return out.getvalue()


async def sets_up(tour: Tour) -> None:
    """Maya sets up the production with /scene setup: Jonas directs, Lin edits, Aurora is client."""
    seen = await tour.slack.command("/scene", "setup", user="maya", channel=TEAM)
    must(seen.view, "no form opened")
    values = {
        "name": "Aurora launch",
        "client_channel": tour.slack.room(CLIENT).id,
        "director": [tour.slack.person("jonas").id],
        "editor": [tour.slack.person("lin").id],
    }
    seen = await tour.slack.submit(values, user="maya", wait=2)
    must(any("is set up" in each["text"] for each in seen.ephemerals), f"nobody said so: {seen}")
    production = await tour.production()
    must(production.client_channel_id == tour.slack.room(CLIENT).id, "the client's channel")


async def talks(tour: Tour) -> None:
    """Talk a scene over in a thread, as a team does; Lin drops two pictures into it."""
    head = await brief(tour.slack)
    pictures = [
        Attached(name="rooftop_dusk.png", data=picture((214, 120, 84), 430)),
        Attached(name="jacket_flat.png", data=picture((92, 110, 158), 470)),
    ]
    await tour.slack.say("", user="lin", channel=TEAM, thread_ts=head, files=pictures)
    tour.made["head"] = head
    must(len([m for m in tour.messages(TEAM) if m.thread_ts == head]) >= 6, "the thread")
    must(not await tour.entries("scene.opened"), "nothing is a scene until somebody says so")


async def reads(tour: Tour) -> None:
    """Maya chooses "Make a scene" on the thread: the form comes filled in from it."""
    await tour.slack.shortcut("scene_from_thread", user="maya", channel=TEAM, ts=tour.made["head"])
    maya = tour.slack.person("maya").id
    view = await tour.slack.until(
        lambda state: next(
            (each for each in state.views.values() if each.user_id == maya and _is_form(each)), None
        ),
        seconds=SOON,
    )
    told = json.dumps(view.view)
    must("Mira decides to leave" in told, "the purpose in its field")
    must("other brands, alcohol" in told, "what must not be shown in its field")
    must("2 pictures will be proposed" in told, "the pictures")


def _is_form(view: View) -> bool:
    return any(block["type"] == "input" for block in view.view["blocks"])


async def opens(tour: Tour) -> None:
    """She confirms: the scene's card stands in the thread, its source text kept whole."""
    seen = await tour.slack.submit({"seconds": "3", "title": "Rooftop opener"}, user="maya")
    must(not seen.errors, f"the form: {seen.errors}")
    card = await tour.until(lambda each: "scene_order" in elements(each))
    tour.made["scene_card"] = card
    must(card.thread_ts == tour.made["head"], "the card in the thread")
    scene = await tour.scene(10)
    must("must carry: the jacket logo" in scene.source_text, "the source text")
    must(scene.feeling.startswith("relief"), "the feeling")


async def keeps_references(tour: Tour) -> None:
    """Its pictures are fetched, looked at and kept as proposed references."""
    await tour.until(lambda each: _says(each, "(proposed)"))
    scene = await tour.scene(10)
    async with asyncio.timeout(SOON):
        while True:
            kept = await tour.stored(lambda session: references.cast_in(session, scene))
            if len([each for each in kept if each.files[0].sha256]) == 2:
                return
            await asyncio.sleep(0.2)


async def approves_references(tour: Tour) -> None:
    """Jonas approves both references on their cards: only then may takes be made after them."""
    await tour.slack.until(lambda _: len(_proposed(tour)) == 2, seconds=SOON)
    for card in _proposed(tour):
        await tour.slack.press("reference_approve", channel=TEAM, ts=card.ts, user="jonas")
    await tour.until(lambda each: _says(each, "(in order)") and not _says(each, "(proposed)"))
    must(len(await tour.entries("reference.approved")) == 2, "both in the log")


def _proposed(tour: Tour) -> list[Message]:
    return [each for each in tour.messages(TEAM) if "reference_approve" in elements(each)]


async def needs_intent(tour: Tour) -> None:
    """Jonas tries /scene new without a purpose: the form says so at the field."""
    await tour.slack.command("/scene", "new Empty thoughts", user="jonas", channel=TEAM)
    seen = await tour.slack.submit({"purpose": "   "}, user="jonas")
    must("No intent, no order" in json.dumps(seen.errors), f"at its field: {seen.errors}")
    await tour.slack.close(user="jonas", clear=True)
    production = await tour.production()
    must(
        await tour.stored(lambda session: scenes.count(session, production)) == 1, "one scene only"
    )


async def orders(tour: Tour) -> None:
    """Lin orders a take with the button: setup, price and prompt shown before."""
    card = tour.made["scene_card"]
    seen = await tour.slack.press("scene_order", channel=TEAM, ts=card.ts, user="lin")
    must(seen.view and "free" in json.dumps(seen.view), "the form with its price")
    await tour.slack.submit({}, user="lin")
    await tour.until(lambda each: _says(each, "T1 ·"))
    take = await tour.take(1)
    must(take.engine == "animatic", "the take in the store")
    must(await tour.entries("take.ordered"), "the order in the log")
    used = await tour.stored(lambda session: references.uses_of(session, take))
    must(len(used) == 2, "both references went along")


async def survives(tour: Tour) -> None:
    """Somebody pulls the plug (kill -9) while it renders; the app is started again."""
    await tour.app.kill()
    must((await tour.take(1)).state is not TakeState.WAITING, "killed before it was done")
    await tour.slack.until(lambda _: not tour.slack.connections, seconds=SOON)
    await tour.app.start()
    must(tour.slack.connections, "connected again")


async def shows(tour: Tour) -> None:
    """See the take posted once: poster, intent, Approve, Retake, Reject; its video below."""
    card = await tour.until(lambda each: "take_approve" in elements(each), seconds=RENDERED)
    tour.made["take_card"] = card
    must(_says(card, "Mira decides to leave") and _says(card, "slack_file"), "intent and picture")
    await tour.until(lambda each: _video(tour, each))
    videos = [each for each in tour.messages(TEAM) if _video(tour, each)]
    must(len(videos) == 1, "one video")
    tour.made["video"] = videos[0]
    take = await tour.take(1)
    original = Path(tempfile.mkdtemp()) / "original.mp4"
    await Files(str(tour.app.data / "files")).bring(take.sha256 or "", original)
    with av.open(str(original)) as film:
        must(film.streams.video[0].codec_context.name == "h264", "a real H.264 film")
    must(abs(take.seconds - 3) < 0.1, "three seconds long")


def _video(tour: Tour, message: Message) -> bool:
    files = [tour.slack.state.files[each] for each in message.files]
    return any(file.mimetype == "video/mp4" for file in files)


async def refuses(tour: Tour) -> None:
    """Sam, who has no role, presses Approve: refused politely, and logged."""
    card = tour.made["take_card"]
    seen = await tour.slack.press("take_approve", channel=TEAM, ts=card.ts, user="sam", wait=2)
    must(any("Only" in each["text"] for each in seen.ephemerals), f"a polite sentence: {seen}")
    must(await tour.entries("press.refused"), "the press in the log")
    must((await tour.take(1)).state is TakeState.WAITING, "still waiting")


async def reacts(tour: Tour) -> None:
    """Lin puts an emoji on the video and takes it away: two opinions in the log, no decision."""
    video = tour.made["video"]
    await tour.slack.react("fire", ts=video.ts, channel=TEAM, user="lin")
    await tour.slack.unreact("fire", ts=video.ts, channel=TEAM, user="lin")
    await tour.slack.settle()
    must(await tour.entries("reaction.added"), "the emoji")
    must(await tour.entries("reaction.removed"), "its removal")
    must((await tour.take(1)).state is TakeState.WAITING, "still waiting")


async def retakes(tour: Tour) -> None:
    """Jonas asks for a retake with a reason and a note."""
    card = tour.made["take_card"]
    await tour.slack.press("take_retake", channel=TEAM, ts=card.ts, user="jonas")
    wanted = {"reason": Reason.MOTION.value, "note": "Slower. Let her breathe."}
    seen = await tour.slack.submit(wanted, user="jonas")
    must(not seen.errors, f"the form: {seen.errors}")
    await tour.card(1, "Let her breathe")
    must((await tour.take(1)).state is TakeState.RETAKE, "the take in the store")


async def orders_again(tour: Tour) -> None:
    """Lin orders again from the thread: @circletake take."""
    bot = tour.slack.state.app.bot_user_id
    scene = await tour.scene(10)
    await tour.slack.say(f"<@{bot}> take", user="lin", channel=TEAM, thread_ts=scene.thread_ts)
    card = await tour.until(
        lambda each: "take_approve" in elements(each) and _says(each, "T2 ·"), seconds=RENDERED
    )
    tour.made["take_card"] = card
    must((await tour.take(2)).state is TakeState.WAITING, "the second take in the store")
    must((await tour.take(2)).sha256 != (await tour.take(1)).sha256, "another take, not the same")


async def approves(tour: Tour) -> None:
    """Jonas approves it: the take goes to the client, without prompt, price or internal talk."""
    card = tour.made["take_card"]
    await tour.slack.press("take_approve", channel=TEAM, ts=card.ts, user="jonas")
    client = await tour.until(lambda each: "client_approve" in elements(each), channel=CLIENT)
    tour.made["client_card"] = client
    must(not _says(client, "Camera:") and not _says(client, "breathe"), "nothing internal")
    must((await tour.take(2)).state is TakeState.WITH_CLIENT, "with the client")


async def client_approves(tour: Tour) -> None:
    """Dana, of the client's own workspace, approves with a button: the circle take."""
    client = tour.made["client_card"]
    seen = await tour.slack.press("client_approve", channel=CLIENT, ts=client.ts, user="dana")
    must(seen.ok, f"the press: {seen}")
    await tour.until(lambda each: _says(each, "*Approved*"), channel=CLIENT)
    await tour.until(lambda each: _says(each, "Circle take T2"))
    take, dana = await tour.take(2), tour.slack.person("dana")
    must(take.state is TakeState.APPROVED, "approved in the store")
    last = json.loads((await tour.entries("take.approved"))[-1].body)
    must(last["team"] == dana.team_id and last["sha256"] == take.sha256, "whose, on which bytes")


async def answers(tour: Tour) -> None:
    """Everybody asks /scene approved, /scene list and /scene log, and gets the same answer."""
    take = await tour.take(2)
    for words, wanted in (
        ("approved", take.sha256 or ""),
        ("list", "Approved"),
        ("log SC010", "approved as client"),
    ):
        seen = await tour.slack.command("/scene", words, user="sam", channel=TEAM)
        told = json.dumps(seen.ephemerals, ensure_ascii=False)
        must(wanted in told, f"/scene {words}: {told[:300]}")


async def finds(tour: Tour) -> None:
    """Lin looks for what was said: /scene find gives the scene and its takes, with their links."""
    seen = await tour.slack.command("/scene", "find leaving", user="lin", channel=TEAM, wait=2)
    told = json.dumps(seen.ephemerals, ensure_ascii=False)
    for wanted in ("|SC010>", "|SC010 SH010 T2>", "to *leave*"):
        must(wanted in told, f"{wanted} in {told[:600]}")


async def hands_over(tour: Tour) -> None:
    """Maya hands the sequence over: a canvas in the channel, and one file from the command line."""
    await tour.slack.command("/scene", "page SQ010", user="maya", channel=TEAM)
    await tour.slack.until(lambda _: "[circle take T2]" in _canvas(tour), seconds=SOON)
    must("Mira decides to leave" in _canvas(tour), "the intent on the canvas")
    page = Path(tempfile.mkdtemp()) / "page.html"
    told = await _circletake(tour, "page", "SQ010", "--out", str(page))
    must(str(page) in told, told)
    written = page.read_text()
    must("T2" in written and ((await tour.take(2)).sha256 or "-") in written, "the circle take")
    must('<img src="data:' in written and 'src="http' not in written, "whole in itself")


def _canvas(tour: Tour) -> str:
    canvases = tour.slack.state.canvases_of(tour.slack.room(TEAM).id)
    return "\n".join(each.markdown for canvas in canvases for each in canvas.sections)


async def proves(tour: Tour) -> None:
    """Prove the log with circletake log verify; the database refuses to change a line of it."""
    seen = await tour.slack.command("/scene", "log SC010", user="maya", channel=TEAM)
    must("matches its seal" in json.dumps(seen.ephemerals), "the seal in Slack")
    done = await _circletake(tour, "log", "verify")
    must("intact" in done, done)
    entries = await tour.stored(_all_entries)
    whole = [(entry.seq, entry.body, entry.hash) for entry in entries]
    chain = Chain(T_STUDIO)
    must(all(chain.follow(*each) is None for each in whole), "the chain")
    must(await _is_refused(tour, "UPDATE entry SET body = '{}'"), "a change is refused")
    must(await _is_refused(tour, "DELETE FROM entry"), "a removal is refused")


async def _is_refused(tour: Tour, statement: str) -> bool:
    try:
        async with tour.db.begin() as session:
            await session.exec(text(statement))  # pyright: ignore[reportCallIssue, reportArgumentType] - SQLModel types exec() for its own select() only
            await session.rollback()
    except DBAPIError as refused:
        return "append-only" in str(refused)
    return False


async def reports(tour: Tour) -> None:
    """Read the week's digest, in Slack and on the command line."""
    seen = await tour.slack.command("/scene", "digest", user="maya", channel=TEAM, wait=2)
    told = json.dumps(seen.ephemerals, ensure_ascii=False)
    must("takes" in told.lower(), f"the digest in Slack: {told[:300]}")
    printed = await _circletake(tour, "digest", "preview", "--weekly")
    must("Aurora launch" in printed, printed)


async def _circletake(tour: Tour, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=tour.app.environment(),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    must(process.returncode == 0, told.decode())
    return told.decode()


STEPS = (
    sets_up, talks, reads, opens, keeps_references, approves_references, needs_intent, orders,
    survives, shows, refuses, reacts, retakes, orders_again, approves, client_approves, answers,
    finds, hands_over, proves, reports,
)  # fmt: skip


async def take_tour() -> int:
    """Drive every step; give 0 only if each was seen."""
    print("The main job, from a thread to a digest. Each step is seen in Slack and in the store.\n")
    with tempfile.TemporaryDirectory(prefix="circletake-tour-") as folder:
        async with playing(0, Path(folder) / "data") as (slack, app):
            db = Database(f"sqlite:///{app.data / 'circletake.db'}")
            try:
                seen = await _walk(Tour(slack, app, db))
            finally:
                await db.close()
    print(f"\ntour: {seen} of {len(STEPS)} steps", flush=True)
    return 0 if seen == len(STEPS) else 1


async def _walk(tour: Tour) -> int:
    for number, step in enumerate(STEPS, start=1):
        began = time.perf_counter()
        try:
            await step(tour)
        except (Missed, TimeoutError) as missed:
            print(f"{number:3}  MISSED: {step.__doc__}\n     {missed or 'it took too long'}")
            print((tour.app.data / "app.log").read_text()[-3000:])
            return number - 1
        print(f"{number:3}  {step.__doc__}  ({time.perf_counter() - began:.1f} s)", flush=True)
    return len(STEPS)
