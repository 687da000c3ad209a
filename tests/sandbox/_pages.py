"""For people and scripts: a list of each vendor's jobs, and a door to plan faults by JSON."""

from datetime import UTC, datetime
from html import escape

from aiohttp import web

from tests.sandbox._core import Core
from tests.sandbox._faults import Fault, Stage
from tests.sandbox._jobs import Job

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;padding:.35rem .75rem .35rem 0;
border-bottom:1px solid #ddd;vertical-align:top}}code{{font-size:.9em}}</style>
<h1>{title}</h1>{body}</html>"""
_SHOWN = 200


def add_pages(app: web.Application, core: Core) -> None:
    """Add `/`, `/console/<vendor>` and `/control` to the sandbox."""
    pages = _Pages(core)
    app.router.add_get("/", pages.front)
    app.router.add_get("/console/{vendor}", pages.console)
    app.router.add_get("/control", pages.state)
    app.router.add_post("/control", pages.change)


class _Pages:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def front(self, _: web.Request) -> web.Response:
        rows = "".join(
            f'<li><a href="/console/{name}">{name}</a>: {len(desk.jobs)} jobs</li>'
            for name, desk in sorted(self._core.desks.items())
        )
        words = " ".join(f"<code>[[{fault}]]</code>" for fault in Fault)
        codes = " ".join(
            f"<code>[[code:{code}]]</code>"
            for desk in self._core.desks.values()
            for code in desk.vendor.codes
        )
        body = f"<ul>{rows}</ul><p>Words that work in a prompt: {words} {codes}</p>"
        return _page("Vendor sandbox", body)

    async def console(self, request: web.Request) -> web.Response:
        desk = self._core.desks.get(request.match_info["vendor"])
        if desk is None:
            raise web.HTTPNotFound(text="The sandbox has no such vendor.")
        jobs = list(desk.jobs.values())[-_SHOWN:]
        head = "<tr><th>Job</th><th>Placed (UTC)</th><th>State</th><th>Prompt</th></tr>"
        rows = "".join(_row(job) for job in reversed(jobs))
        body = f"<p>{len(desk.jobs)} jobs, balance {desk.balance:g}.</p>"
        return _page(f"{desk.vendor.name}: jobs", f"{body}<table>{head}{rows}</table>")

    async def state(self, _: web.Request) -> web.Response:
        vendors = {
            name: {
                "jobs": len(desk.jobs),
                "balance": desk.balance,
                "down": name in self._core.down,
                "key": desk.key,
                "url": self._core.urls[name],
            }
            for name, desk in sorted(self._core.desks.items())
        }
        return web.json_response({"vendors": vendors, "placed": len(self._core.ledger)})

    async def change(self, request: web.Request) -> web.Response:
        """Take `{"vendor", "fault", "times"?, "on"?}`, `{"vendor", "forget": true}`, `{"latency"}`.

        Without `times` the fault stays until it is forgotten.
        """
        asked = await request.json()
        try:
            self._change(asked)
        except (KeyError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True})

    def _change(self, asked: dict[str, object]) -> None:
        if "latency" in asked:
            self._core.pace.latency = float(str(asked["latency"]))
        if "vendor" not in asked:
            return
        vendor = self._core.desks[str(asked["vendor"])].vendor.name
        if asked.get("forget"):
            self._core.faults.forget(vendor)
            return
        fault, stage = Fault(str(asked["fault"])), Stage(str(asked.get("on", Stage.CREATE)))
        if "times" in asked:
            self._core.faults.plan(vendor, fault, times=int(str(asked["times"])), on=stage)
        else:
            self._core.faults.keep(vendor, fault, on=stage)


def _row(job: Job) -> str:
    moment = datetime.fromtimestamp(job.created_at, tz=UTC)
    return (
        f"<tr><td><code>{escape(job.id)}</code></td><td>{moment:%Y-%m-%d %H:%M:%S}</td>"
        f"<td>{job.state}</td><td>{escape(job.order.prompt[:80])}</td></tr>"
    )


def _page(title: str, body: str) -> web.Response:
    return web.Response(text=_PAGE.format(title=escape(title), body=body), content_type="text/html")
