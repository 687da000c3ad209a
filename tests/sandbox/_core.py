"""What all vendors of the sandbox share, and the desk at which one of them takes orders."""

import math
import random
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from tests.sandbox._answers import (
    PROXY_PAGE,
    SKEW_SECONDS,
    HungUpError,
    Refusal,
    RefusedError,
    Vendor,
    timed,
)
from tests.sandbox._faults import ANSWERED_BY_ALL, LIKE, Fault, Faults, Stage
from tests.sandbox._jobs import Job, Json, Ledger, Order, State
from tests.sandbox._limits import Limits
from tests.sandbox._links import Links
from tests.sandbox._uploads import Uploads

_CODE: Final = re.compile(r"\[\[code:([\w.]+)\]\]")
FAULTS: Final = web.RequestKey("faults", frozenset[Fault])
"""What the call that is being answered has run into."""


@dataclass(slots=True)
class Pace:
    """How long things take. Settable at any time; a job keeps the time it was given."""

    latency: float = 0.3
    """Seconds from the order to the film, on average."""
    jitter: float = 0.2
    """By which share of it a job may be faster or slower."""
    answers_after: float = 0.0
    """Seconds that every answer takes, once what was asked is done."""
    retry_after: int = 1
    expiring_link_seconds: float = 1.0
    """How long the addresses of a job with `Fault.LINK_EXPIRES` work."""


@dataclass(slots=True)
class Core:
    """The sandbox without its doors."""

    pace: Pace = field(default_factory=Pace)
    faults: Faults = field(default_factory=Faults)
    ledger: Ledger = field(default_factory=Ledger)
    links: Links = field(default_factory=Links)
    uploads: Uploads = field(default_factory=Uploads)
    desks: dict[str, "Desk"] = field(default_factory=dict[str, "Desk"])
    down: set[str] = field(default_factory=set[str])
    urls: dict[str, str] = field(default_factory=dict[str, str])
    """The address that stands for each vendor's host."""
    output_bytes: int | None = None
    """If set, every film is padded to so many bytes (it stays a film)."""
    burns_ids: bool = False
    """Whether each job's film is drawn for itself, with the job's id in the picture."""
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    """Throws the jitter, the same way in every run."""

    def desk(self, vendor: Vendor) -> "Desk":
        """Open the desk of a vendor; its `routes` calls this once."""
        return self.desks.setdefault(vendor.name, Desk(self, vendor))

    def key(self, vendor: str) -> str:
        """Give the only key that the vendor accepts."""
        return f"sandbox-{vendor}-key"

    def job(self, vendor: str, job_id: str) -> Job | None:
        """Find a job, as the file server does."""
        desk = self.desks.get(vendor)
        return desk.jobs.get(job_id) if desk else None


class Desk:
    """Takes one vendor's orders and knows its jobs. Raises `RefusedError` in the vendor's words."""

    def __init__(self, core: Core, vendor: Vendor) -> None:
        self.core = core
        self.vendor = vendor
        self.jobs: dict[str, Job] = {}
        self._balance = vendor.balance
        self._doomed: list[Job] = []
        self.limits = Limits()

    @property
    def balance(self) -> float:
        """What the account holds, in the vendor's unit; failed jobs are given back as they fail."""
        for job in [job for job in self._doomed if job.is_over]:
            self._doomed.remove(job)
            self._balance += job.order.cost - self.cost(job)
        return self._balance

    @balance.setter
    def balance(self, amount: float) -> None:
        self._balance = amount

    @property
    def key(self) -> str:
        """Give the only key that is accepted here."""
        return self.core.key(self.vendor.name)

    def knows(self, fault: Fault) -> bool:
        """Say whether this vendor has a way to fail like that."""
        vendor = self.vendor
        known = {*vendor.refusals, *vendor.failures, *vendor.also, *ANSWERED_BY_ALL}
        return LIKE.get(fault, fault) in known

    def refusal(self, fault: Fault, *, wait: int | None = None) -> Refusal | None:
        """Word a fault as a refusal, or None where this vendor does not refuse for it.

        `wait` is the Retry-After in seconds, if it is not to be the usual one.
        """
        if fault is Fault.HTML:
            return PROXY_PAGE
        worded = self.vendor.refusals.get(LIKE.get(fault, fault))
        if worded is None:
            return None
        seconds = self.core.pace.retry_after if wait is None else wait
        now = skewed(time.time(), self.core.faults.kept(self.vendor.name))
        return timed(worded, fault, seconds=seconds, now=now)

    def refuse(self, fault: Fault, *, wait: int | None = None) -> RefusedError:
        """Word a fault as an exception to raise; the vendor must have such a refusal."""
        refusal = self.refusal(fault, wait=wait)
        if refusal is None:
            raise LookupError(f"{self.vendor.name} has no refusal for {fault}.")
        return RefusedError(refusal)

    def meet(self, request: web.Request, stage: Stage, prompt: str = "") -> frozenset[Fault]:
        """Run into what is due at this stage: raise its refusal, or return what the job keeps."""
        due = self.core.faults.due(self.vendor.name, stage, prompt)
        request[FAULTS] = request.get(FAULTS, frozenset()) | due
        if Fault.DROPPED in due:
            raise HungUpError
        for fault in sorted(due):
            if refusal := self.refusal(fault):
                raise RefusedError(refusal)
        return due

    def accept(self, request: web.Request, order: Order) -> Job:
        """Make the job, charge it and write it into the ledger, unless a fault is due."""
        due = self.meet(request, Stage.CREATE, order.prompt) | self._over_limit()
        if order.cost > self.balance and Fault.OUT_OF_CREDIT in self.vendor.refusals:
            raise self.refuse(Fault.OUT_OF_CREDIT)
        job = self._job(order, due)
        self.jobs[job.id] = job
        self._balance -= order.cost
        if job.failure in self.vendor.refunds:
            self._doomed.append(job)
        self.core.ledger.add(job)
        self.limits.count(job)
        return job

    def _over_limit(self) -> frozenset[Fault]:
        """Refuse what is too much; a vendor that lets it wait instead gives it a fault."""
        if (wait := self.limits.must_wait()) > 0:
            raise self.refuse(Fault.RATE_LIMIT, wait=math.ceil(wait))
        if not self.limits.is_full():
            return frozenset()
        if Fault.CONCURRENCY in self.vendor.refusals:
            raise self.refuse(Fault.CONCURRENCY)
        return frozenset({Fault.CONCURRENCY})

    def _job(self, order: Order, due: frozenset[Fault]) -> Job:
        pace, now = self.core.pace, time.monotonic()
        spread = self.core.dice.uniform(1 - pace.jitter, 1 + pace.jitter)
        failing = [fault for fault in sorted(due) if fault in self.vendor.failures]
        code = _CODE.search(order.prompt)
        worded = self.vendor.codes.get(code[1]) if code else None
        return Job(
            vendor=self.vendor.name,
            id=order.job_id or str(uuid.uuid4()),
            order=order,
            faults=due,
            failure=Fault.ENGINE if worded else failing[0] if failing else None,
            started=now,
            ends=now + pace.latency * spread,
            created_at=time.time(),
            facts={"failure": worded} if worded else {},
        )

    def look(self, request: web.Request, job_id: str) -> Job | None:
        """Find a job for a poll; None where it never was, was deleted, or got lost."""
        self.meet(request, Stage.POLL)
        job = self.jobs.get(job_id)
        if job is None or Fault.LOST in job.faults:
            return None
        request[FAULTS] = request[FAULTS] | (job.faults & {Fault.CLOCK_SKEW})
        return job

    def cancel(self, job: Job) -> bool:
        """Stop a job; False where it was over already. What it cost is kept."""
        if job.is_over:
            return False
        job.canceled = True
        return True

    def give_back(self, job: Job) -> None:
        """Refund a job that was canceled in time."""
        job.facts["refunded"] = True
        self._balance += job.order.cost

    def failure(self, job: Job) -> Json:
        """Give the words in which this vendor says why a failed job failed."""
        assert job.failure is not None
        return job.facts.get("failure") or self.vendor.failures[job.failure]

    def cost(self, job: Job) -> float:
        """Give what a job that is over did cost."""
        refunded = job.state is State.FAILED and job.failure in self.vendor.refunds
        return 0.0 if refunded or job.facts.get("refunded") else job.order.cost

    def link(self, job: Job, number: int = 0, *, form: str | None = None) -> str:
        """Mint an address for an output that works for a while, with no key.

        Another `form` than the job's own gives the same picture as another kind of file (a poster).
        """
        form = form or job.order.picture.form
        short = Fault.LINK_EXPIRES in job.faults
        seconds = self.core.pace.expiring_link_seconds if short else self.vendor.link_seconds
        if Fault.SAME_OUTPUT in job.faults:
            return self.core.links.shared(self.vendor.name, form)
        return self.core.links.mint(f"/files/{job.vendor}/{job.id}/{number}.{form}", seconds)


def skewed(now: float, faults: frozenset[Fault]) -> float:
    """Give the time that the vendor's clock shows."""
    return now + SKEW_SECONDS if Fault.CLOCK_SKEW in faults else now
