"""The sandbox itself: start it, plan what goes wrong, read what was placed."""

import importlib
import pkgutil
from collections.abc import Collection, Iterator
from pathlib import Path
from types import ModuleType
from typing import Self

from aiohttp import web

from tests.sandbox import _files
from tests.sandbox._core import Core, Desk, Pace
from tests.sandbox._door import door
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._jobs import Job, Ledger
from tests.sandbox._limits import Limits
from tests.sandbox._pages import add_pages

HOST = "127.0.0.1"
MAX_BODY = 512 * 1024**2


class Sandbox:
    """Every vendor listens on a port of its own, so that one can be down while others are not.

    With a `port`, the vendors get the ports after it in alphabetical order; the pages and the file
    host are on `port` itself. `url(vendor)` stands for the vendor's host: an adapter's or SDK's
    base URL is this plus the vendor's own version path (`/v1`, `/dream-machine/v1`), if it has one.
    `only` names the vendors to start, if not all are wanted.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        latency: float = 0.3,
        jitter: float = 0.2,
        burns_ids: bool = False,
        only: Collection[str] | None = None,
    ) -> None:
        self.core = Core(pace=Pace(latency=latency, jitter=jitter), burns_ids=burns_ids)
        self.port = port
        self._only = only
        self._runner: web.AppRunner | None = None
        self._ports: dict[str, int] = {}
        self._sites: dict[str, web.TCPSite] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        wanted, self.port = self.port, self._runner.addresses[0][1]
        self.core.links.origin = self.origin
        for number, vendor in enumerate(self.vendors, start=1):
            self._ports[vendor] = wanted + number if wanted else 0
            await self._listen(vendor)

    async def stop(self) -> None:
        """Close every door."""
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def origin(self) -> str:
        """Where the pages and the file host are."""
        return f"http://{HOST}:{self.port}"

    @property
    def vendors(self) -> list[str]:
        """The names of all vendors, in alphabetical order."""
        return sorted(self.core.desks)

    def url(self, vendor: str) -> str:
        """Give the address that stands for the vendor's host, without a slash at the end."""
        return self.core.urls[vendor]

    def key(self, vendor: str) -> str:
        """Give the only key that the vendor accepts."""
        return self.core.key(vendor)

    @property
    def pace(self) -> Pace:
        """How long things take; settable at any time."""
        return self.core.pace

    @property
    def ledger(self) -> Ledger:
        """Every create that was ever accepted."""
        return self.core.ledger

    def desk(self, vendor: str) -> Desk:
        """Give a vendor's desk, with its jobs and its balance."""
        return self.core.desks[vendor]

    def jobs(self, vendor: str) -> list[Job]:
        """Return a vendor's jobs that were not deleted, oldest first."""
        return list(self.core.desks[vendor].jobs.values())

    def next(self, vendor: str, fault: Fault, *, times: int = 1, on: Stage = Stage.CREATE) -> None:
        """Let the next calls run into a fault. Raises ValueError if the vendor cannot say it."""
        self._must_know(vendor, fault)
        self.core.faults.plan(vendor, fault, times=times, on=on)

    def always(self, vendor: str, fault: Fault, *, on: Stage = Stage.CREATE) -> None:
        """Let every call run into a fault, until `well`. Raises ValueError like `next`."""
        self._must_know(vendor, fault)
        self.core.faults.keep(vendor, fault, on=on)

    def well(self, vendor: str) -> None:
        """Forget all faults that are planned at a vendor."""
        self.core.faults.forget(vendor)

    def limit(
        self,
        vendor: str,
        *,
        calls: int | None = None,
        seconds: float = 60.0,
        jobs: int | None = None,
    ) -> None:
        """Take no more than so many creates in so many seconds, and so many jobs at once."""
        self.core.desks[vendor].limits = Limits(calls=calls, seconds=seconds, jobs=jobs)

    async def down(self, vendor: str) -> None:
        """Refuse connections to the vendor's port, and hang up on those that are open."""
        self.core.down.add(vendor)
        if site := self._sites.pop(vendor, None):
            await site.stop()

    async def up(self, vendor: str) -> None:
        """Listen again, on the same port."""
        self.core.down.discard(vendor)
        if vendor not in self._sites:
            await self._listen(vendor)

    def _must_know(self, vendor: str, fault: Fault) -> None:
        if not self.core.desks[vendor].knows(fault):
            raise ValueError(f"{vendor} has no way to say {fault}.")

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)  # what a sub-application says is ignored
        for module in _vendor_files(self._only):
            desk = self.core.desk(module.VENDOR)
            vendor = module.routes(desk)
            vendor.middlewares.append(door(self.core, desk.vendor.name))
            app.add_subapp(f"/{desk.vendor.name}", vendor)
        app.add_subapp("/files", _files.routes(self.core))
        add_pages(app, self.core)
        return app

    async def _listen(self, vendor: str) -> None:
        assert self._runner is not None
        site = web.TCPSite(self._runner, HOST, self._ports[vendor])
        await site.start()
        self._sites[vendor] = site
        self._ports[vendor] = self._runner.addresses[-1][1]
        origin = f"http://{HOST}:{self._ports[vendor]}"
        self.core.urls[vendor] = f"{origin}/{vendor}"
        self.core.links.origins[vendor] = origin


def _vendor_files(only: Collection[str] | None) -> Iterator[ModuleType]:
    """Import every public file of this folder that is a vendor, in alphabetical order."""
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        is_vendor = not found.name.startswith(("_", "test_", "conftest"))
        if is_vendor and (only is None or found.name in only):
            yield importlib.import_module(f"tests.sandbox.{found.name}")
