"""`make demo`: a small Slack with the app in it, in a browser; with `--tour`, the whole main job.

The app runs as in production, as a process of its own, but for three settings: the Web API's
address, the tokens and the data folder.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from tests.workspace.records import Json
from tests.workspace.server import SmallSlack

ROOT = Path(__file__).parents[2]
DATA = ROOT / "var" / "demo"
TEAM, CLIENT = "aurora-team", "aurora-client"
STARTS_WITHIN = 60
_VENDORS_TAKE = 6.0
"""Seconds that a job takes at the sandbox, so that progress can be seen."""


class AppProcess:
    """The app, started with `python -m bot run`."""

    def __init__(
        self, slack: SmallSlack, data: Path, engines: Mapping[str, str] | None = None
    ) -> None:
        self._slack = slack
        self._engines = engines or {}
        self.data = data
        self._process: asyncio.subprocess.Process | None = None

    def environment(self) -> dict[str, str]:
        """Give the three settings in which this differs from production."""
        app = self._slack.state.app
        return {
            **os.environ,  # noqa: TID251 - what a shell would hand the app
            "SLACK_API_URL": self._slack.base_url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "CIRCLETAKE_DATA": str(self.data),
            **self._engines,
        }

    async def start(self) -> None:
        """Start the app and wait until it has connected."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "app.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment(), stdout=log,
                stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(STARTS_WITHIN):
            while not self._slack.connections:
                if self._process.returncode is not None:
                    raise SystemExit(f"The app stopped at once; see {self.data / 'app.log'}.")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Take its power away."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop; give its exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, sign: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(sign)
        return await process.wait()


@contextlib.asynccontextmanager
async def playing(
    port: int, data: Path, engines: Mapping[str, str] | None = None
) -> AsyncGenerator[tuple[SmallSlack, AppProcess]]:
    """Start a small Slack and the app; stop both at the end.

    `engines` are the variables of engines beside the animatic.
    """
    shutil.rmtree(data, ignore_errors=True)
    async with SmallSlack(port=port) as slack:
        app = AppProcess(slack, data, engines)
        await app.start()
        try:
            yield slack, app
        finally:
            await app.stop()


async def seed(slack: SmallSlack) -> None:
    """Set up one production with its two channels, and a thread to begin with."""
    await slack.command("/scene", "setup", user="maya", channel=TEAM)
    crew: Json = {
        "name": "Aurora launch",
        "client_channel": slack.room(CLIENT).id,
        "director": [slack.person("jonas").id],
        "editor": [slack.person("lin").id],
    }
    await slack.submit(crew, user="maya")
    await brief(slack)


async def brief(slack: SmallSlack) -> str:
    """Let the team talk a scene over; give the thread's head."""
    first, *replies = LINES
    head = (await slack.say(first[1], user=first[0], channel=TEAM)).ts or ""
    for user, text in replies:
        await slack.say(text, user=user, channel=TEAM, thread_ts=head)
    return head


LINES = (
    ("maya", "*Aurora: rooftop opener* :sunrise: we need the first 6 seconds of the launch film."),
    (
        "jonas",
        """Purpose: Mira decides to leave. One look, no dialogue.
What changes: she stops waiting for the call and picks up the jacket
Audience should feel: relief, a bit of fear""",
    ),
    (
        "maya",
        """must carry: the jacket logo readable for at least a second, city is Lisbon
Must not show: other brands, alcohol, the client's old logo""",
    ),
    ("lin", "slow push in, 24fps, 16:9 but I want a 9:16 out of it so keep her centred"),
    ("jonas", "yes. dusk, not night. lamps just coming on"),
    (
        "maya",
        """Rights: Mira's release covers web and social, DACH + PT, until 2027-03-31.
Disclosure: client wants the AI label visible on social.""",
    ),
)
"""What the team says: shared/examples/thread_brief.json, shortened."""


@contextlib.asynccontextmanager
async def vendors(names: str) -> AsyncGenerator[Mapping[str, str]]:
    """Start the vendor sandbox for `all` engines, or for those named; give the app's settings."""
    if not names:
        yield {}
        return
    from tests.sandbox import Sandbox  # noqa: PLC0415 - the plain demo needs no vendors
    from tests.sandbox._hiring import variables  # noqa: PLC0415 - the same

    only = () if names == "all" else names.split(",")
    async with Sandbox(latency=_VENDORS_TAKE) as sandbox:
        print(f"  The vendors, as a sandbox on this machine:  {sandbox.origin}/")
        print("  A prompt with [[moderation]] is refused; tests/sandbox/_faults.py lists more.")
        yield variables(sandbox, DATA.with_name("vendors"), only=only)


async def play(port: int, engines: str) -> None:
    """Play until somebody has had enough."""
    stopped = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    async with vendors(engines) as settings, playing(port, DATA, settings) as (slack, _):
        await seed(slack)
        print(f"\n  Small Slack with Circletake in it:  {slack.origin}/?channel={TEAM}\n")
        print("  You are Maya, the producer; the switch at the bottom makes you somebody else.")
        print("  Try:  the menu of the first message in #aurora-team > Make a scene")
        print("        /scene new     then Order a take, Approve, and switch to Dana, the client")
        print(f"\n  Ctrl-C ends it. The app's own log: {DATA / 'app.log'}\n", flush=True)
        await stopped.wait()


def main() -> int:
    """Run the demo or the tour."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8018)
    parser.add_argument("--tour", action="store_true", help="drive the whole main job and exit")
    parser.add_argument("--engines", default="", help="all, or names with commas: at a sandbox")
    options = parser.parse_args()
    if options.tour:
        from tests.workspace.tour import take_tour  # noqa: PLC0415 - the demo does not need it

        return asyncio.run(take_tour())
    asyncio.run(play(options.port, options.engines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
