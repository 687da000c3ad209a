"""What Google's engines share, whichever door they use."""

from collections.abc import Mapping
from typing import Any

from ._base import Finding
from ._call import Answer, Call, Talk
from ._errors import EngineError
from ._google_errors import hidden_refusal, refusal_of
from ._http import HttpEngine
from ._inline import without_files
from ._words import RefKind

_FILES = frozenset({"data", "bytesBase64Encoded"})
UNNAMED: Mapping[RefKind, str] = {
    RefKind.IMAGE: "image/jpeg",
    RefKind.VIDEO: "video/mp4",
    RefKind.AUDIO: "audio/mpeg",
}
"""What a file is said to be that tells nothing itself."""


class GoogleEngine(HttpEngine):
    """An engine whose errors are google.rpc's."""

    def model_path(self, model: str) -> str:
        """Give the path by which a model is asked about."""
        raise NotImplementedError

    def finding(self) -> Talk[list[Finding]]:
        """Ask about each model, which costs nothing: a retired one is not found."""
        found: list[Finding] = []
        for model in self.models():
            try:
                answer = yield Call(method="GET", path=self.model_path(model))
                answer.json()  # a sign-in page on the way also answers 200
            except EngineError as refused:
                found.append(Finding(model, is_ok=False, told=str(refused)))
            else:
                found.append(Finding(model, is_ok=True, told="Orders can be placed."))
        return found

    def fault(self, answer: Answer, *, creating: bool) -> EngineError | None:
        """Read Google's own words."""
        return refusal_of(answer, engine=self.label, now=self.clock(), creating=creating)

    def honest(self, answer: Answer, *, creating: bool) -> Answer:
        """Give an answer of success back, unless it holds a refusal: that is raised."""
        hidden = hidden_refusal(answer)
        told = None if hidden is None else self._faulted(hidden, creating=creating)
        if isinstance(told, EngineError):
            raise told
        return answer


def last_word(answer: Answer) -> dict[str, Any]:
    """Give the JSON of a job that is over, as it is kept: without the films in it."""
    return without_files(answer.json(), _FILES)
