"""Runway's developer API: its own models, those of partners that it serves, and its router."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from urllib.parse import quote
from uuid import UUID

from ._answer import Balance, Handle, Status
from ._answers import said
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps
from ._errors import Broken, Busy, EngineError, Misconfigured, Refused
from ._http import HttpEngine
from ._job import JobSpec, Ref
from ._problems import Problem
from ._runway_account import Account
from ._runway_checks import missing_problems, ref_problems, tag_problems
from ._runway_facts import FACTS, PARTNERS_TERMS
from ._runway_files import fits_inside, mime_made, uploading
from ._runway_options import option_problems
from ._runway_own import OWN
from ._runway_partners import ROUTER, partners, routed
from ._runway_prices import estimate_of, price_of
from ._runway_task import Created, refusal_of, status_of
from ._runway_work import Work, Works, body_of
from ._words import Cancellation, FailKind

_VERSION = "2024-11-06"
_LINK_LASTS = timedelta(hours=24)
_REFUSED, _UNKNOWN = 400, 404


class Runway(HttpEngine):
    """Orders are tasks; beyond the tier's limit a task waits at Runway, so none is ordered anew."""

    name = "runway"
    label = "Runway"
    facts = FACTS
    base_url = "https://api.dev.runwayml.com"

    @cached_property
    def _works(self) -> Mapping[str, Works]:
        configs = self.setting("ROUTER_CONFIGS").split(",")
        routers = {f"{ROUTER}{name.strip()}": routed() for name in configs if name.strip()}
        return {**OWN, **partners(), **routers}

    def models(self) -> tuple[str, ...]:
        """Name Runway's own models, then those of partners, then the operator's routers."""
        return tuple(self._works)

    def caps(self, model: str = "") -> Caps:
        """Tell what a model can do. Raises Refused for one that there is not."""
        chosen = model or next(iter(OWN))
        if chosen not in self._works:
            raise Refused(f"{chosen} is not a model of Runway. Choose another.")
        return Caps(
            model=chosen,
            modes={mode: work.offer for mode, work in self._works[chosen].items()},
            price=price_of(chosen),
            cancel=True,
            progress=True,
            rights=() if chosen in OWN else PARTNERS_TERMS,
        )

    def estimate(self, spec: JobSpec) -> int | None:
        """Cents at the dearer end of a dated range; None where Runway alone can tell."""
        return estimate_of(spec.model or self.caps().model, spec)

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Check tags, options, files and what an order must name beside its slots."""
        return [
            *option_problems(spec.native),
            *tag_problems(spec, self._work(spec).offer),
            *(problem for ref in spec.refs for problem in ref_problems(ref)),
            *missing_problems(spec),
        ]

    def order(self, spec: JobSpec) -> Call:
        """Describe the order; small pictures travel inside it."""
        work, model = self._work(spec), spec.model or self.caps().model
        body = body_of(spec, work)
        if model.startswith(ROUTER):
            told = {"configId": model.removeprefix(ROUTER), "input": body}
        else:
            told = {"model": model, **body}
        return Call(method="POST", path=f"/v1/{work.endpoint}", json=told)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Keep Runway's own estimate, and what its address may not say: what is made."""
        created = answer.read(Created)
        extra: dict[str, object] = {"mime": mime_made(spec)}
        if created.cents is not None:
            extra["estimate_cents"] = created.cents
        if created.routed_to:
            extra["routed_to"] = created.routed_to
        return self.handle(created.id, spec, extra=extra)

    def look(self, handle: Handle) -> Call:
        """Look at the task, which also mints fresh links."""
        return Call(method="GET", path=_task(handle))

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read the task; its links last for at least a day."""
        mime = str(handle.extra.get("mime", "video/mp4"))
        return status_of(answer, mime=mime, expires_at=self.clock() + _LINK_LASTS)

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | None:
        """Know a model that is gone, an empty account, a lost task and an upload host's no."""
        if not creating and answer.body.lstrip().startswith(b"<?xml"):
            text = "Runway's store did not take the file; it is handed over again later."
            return Busy(text, kind=FailKind.TRANSIENT)
        if answer.status == _REFUSED:
            return refusal_of(answer)
        if answer.status == _UNKNOWN and creating:
            text = "Runway no longer has this model or router; the operator chooses another."
            text = f"{text} {said(answer)}".rstrip()
            return Misconfigured(text, kind=FailKind.RETIRED)
        if answer.status == _UNKNOWN:
            text = "Runway does not know this task: it was deleted there, or is another account's."
            return Broken(text, kind=FailKind.NOT_FOUND)
        return None

    def upload(self, ref: Ref, spec: JobSpec) -> Talk[Ref] | None:
        """Hand over clips, sounds and whatever is too large to travel inside the order."""
        if ref.uri or ref.path is None or fits_inside(ref, spec):
            return None
        return uploading(ref, ref.path)

    def cancelling(self, handle: Handle) -> Call | None:
        """Cancel the task; asked of one that is over, the same call would delete it."""
        return Call(method="DELETE", path=_task(handle))

    async def cancel(self, handle: Handle) -> Cancellation:
        """Look first, so that a finished task is not deleted with what was paid for.

        What was running already is billed all the same.
        """
        if (await self.poll(handle)).state.is_over:
            return Cancellation.TOO_LATE
        return await super().cancel(handle)

    def holding(self) -> Talk[Balance | None]:
        """Ask for the credit that is left."""
        answer = yield _ACCOUNT
        return answer.read(Account).balance

    def finding(self) -> Talk[list[Finding]]:
        """Ask whether the key works, what credit is left and what the tier allows."""
        try:
            answer = yield _ACCOUNT
        except Misconfigured as refused:
            return [Finding("key", is_ok=False, told=str(refused))]
        offered = [name for name in self.models() if not name.startswith(ROUTER)]
        return answer.read(Account).findings(model=self.caps().model, offered=offered)

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take up a task by the id that the console shows."""
        try:
            known = str(UUID(job_id.strip()))
        except ValueError:
            example = "17f20503-6c24-4c16-946b-35dbbce2af2f"
            raise Refused(
                f"This is not the id of a Runway task, which looks like {example}."
            ) from None
        return self.handle(known, spec, extra={"mime": mime_made(spec)})

    def key(self) -> Mapping[str, str]:
        """Give the key, and the version of the API that these calls are written for."""
        return {**super().key(), "x-runway-version": _VERSION}

    def _work(self, spec: JobSpec) -> Work:
        return self._works[spec.model or self.caps().model][spec.mode]


_ACCOUNT = Call(method="GET", path="/v1/organization")


def _task(handle: Handle) -> str:
    return f"/v1/tasks/{quote(handle.id, safe='')}"


ENGINE = Runway
