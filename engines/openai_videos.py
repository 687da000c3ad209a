"""Servers that speak the shape of OpenAI's Videos API, which OpenAI itself shut down in 2026."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import ClassVar
from urllib.parse import quote

from ._answer import Failure, Handle, Output, Status
from ._base import Finding
from ._call import Answer, Call, Talk
from ._caps import Caps, Price
from ._clock import wall_clock
from ._errors import EngineError, Refused
from ._http import HttpEngine
from ._job import JobSpec
from ._openai_videos_answers import Video, refusal_of, video_in
from ._openai_videos_form import offers_of, order_of, problems_in
from ._openai_videos_house import FACTS, house_of
from ._problems import Problem
from ._words import FailKind, JobState

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9+/=_.:-]{3,1023}")
_CENTS = "OPENAI_VIDEOS_CENTS_PER_SECOND"


class OpenAIVideos(HttpEngine):
    """One server of the operator's choice; what differs from server to server is in a table."""

    name: ClassVar = "openai_videos"
    label: ClassVar = "Sora-style server"
    base_url = ""
    facts: ClassVar = FACTS

    def __init__(
        self, settings: Mapping[str, str], *, clock: Callable[[], datetime] = wall_clock
    ) -> None:
        house = house_of(lambda name, usual: _told(settings, name) or usual)
        super().__init__({**settings, "OPENAI_VIDEOS_BASE_URL": house.base_url}, clock=clock)
        self.house = house
        self._offers = offers_of(house)
        self._price = _price(house.cents_per_second, clock())

    def models(self) -> tuple[str, ...]:
        """Name the models that the operator named."""
        return self.house.models

    def caps(self, model: str = "") -> Caps:
        """Tell what the operator and the kind of server say; all models are alike."""
        return Caps(
            modes=self._offers,
            price=self._price,
            model=model or self.house.models[0],
            cancel=self.house.dialect.deletes_to_stop,
            progress=True,
        )

    def estimate(self, spec: JobSpec) -> int | None:
        """Reckon by the operator's price; unknown where the clip is as long as its source."""
        cents = self.house.cents_per_second
        offer = self._offers.get(spec.mode)
        if cents == 0:
            return 0
        if cents is None or offer is None or offer.lengths is None:
            return None
        return ceil(cents * spec.seconds)

    def more_problems(self, spec: JobSpec) -> list[Problem]:
        """Find references that this kind of server cannot be given."""
        return list(problems_in(spec, self.house.dialect))

    def key(self) -> Mapping[str, str]:
        """Give the key, where the server wants one."""
        return super().key() if self.setting("API_KEY") else {}

    def order(self, spec: JobSpec) -> Call:
        """Order by a form."""
        return order_of(spec, spec.model or self.house.models[0], self.house)

    def ticket(self, spec: JobSpec, answer: Answer) -> Handle:
        """Read the id of the video."""
        return self.handle(answer.read(Video).id, spec)

    def adopted(self, job_id: str, spec: JobSpec) -> Handle:
        """Take a video's id. Raises Refused for what cannot be one."""
        if not _ID.fullmatch(job_id.strip()):
            raise Refused("This is no id of a video at such a server; one begins with video_.")
        return self.handle(job_id.strip(), spec)

    def look(self, handle: Handle) -> Call:
        """Look at the video."""
        return Call(method="GET", path=_path(handle.id))

    def standing(self, handle: Handle, answer: Answer) -> Status:
        """Read how the job stands."""
        return self._status(answer.read(Video), handle.id, answer)

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | Status | None:
        """Read a refusal; a video object tells how its job stands, whatever the HTTP status."""
        video = None if creating else video_in(answer)
        if video is not None:
            return self._status(video, video.id, answer)
        return refusal_of(answer, engine=self.label, creating=creating)

    def cancelling(self, handle: Handle) -> Call | None:
        """Delete a job where that stops it; elsewhere it would only be forgotten, and paid."""
        if not self.house.dialect.deletes_to_stop:
            return None
        return Call(method="DELETE", path=_path(handle.id))

    def finding(self) -> Talk[list[Finding]]:
        """List one video, which shows that the address and the key are right."""
        try:
            answer = yield Call(method="GET", path="/videos", query={"limit": "1"})
            answer.json()  # a sign-in page on the way also answers 200
        except EngineError as why:
            return [Finding("videos", is_ok=False, told=str(why))]
        return [Finding("videos", is_ok=True, told="the server lists its videos")]

    def _status(self, video: Video, video_id: str, answer: Answer) -> Status:
        raw = answer.json()
        match video.state:
            case JobState.FAILED:
                return Status(state=JobState.FAILED, fail=video.failure(), raw=raw)
            case JobState.CANCELED as state:
                fail = Failure(FailKind.CANCELED, "The job was cancelled at the server.")
                return Status(state=state, fail=fail, raw=raw)
            case JobState.SUCCEEDED as state:
                outputs = (self._output(video, video_id),)
                return Status(state=state, progress=1.0, outputs=outputs, raw=raw)
            case state:
                return Status(state=state, progress=video.share, raw=raw)

    def _output(self, video: Video, video_id: str) -> Output:
        """Name the film: where the server stores its films, or the server's own content."""
        if self.house.dialect.may_store_elsewhere and video.url:
            return Output(url=video.url, expires_at=video.ends_at)
        content = f"{self.wire.base_url}{_path(video_id)}/content"
        return Output(url=content, needs_auth=True, expires_at=video.ends_at)


def _path(video_id: str) -> str:
    return f"/videos/{quote(video_id, safe='')}"


def _told(settings: Mapping[str, str], name: str) -> str:
    return settings.get(f"{FACTS.prefix}_{name}", "").strip()


def _price(cents: float | None, now: datetime) -> Price:
    if cents is None:
        text = "unknown; such a server does not tell"
    else:
        text = f"{cents:g} cents a second, as the operator says" if cents else "free"
    return Price(text=text, source=_CENTS, dated=now.date(), cents_per_second=cents)


ENGINE = OpenAIVideos
