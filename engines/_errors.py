"""What an engine may raise: each error named by who must act next, with a text for them to read.

EngineError
├── Refused        the artist: change the prompt, the pictures or the settings
├── OutOfCredit    the producer: the account is empty
├── Misconfigured  the operator: a key, an address or a retired model
├── Busy           nobody: wait `retry_after` seconds and ask again
├── Expired        nobody: look at the job again, which mints a new link
├── Broken         a person: the engine failed in a way that waiting alone will not mend
└── Unsure         a person, before any money moves again: the order may or may not have been placed
"""

from ._words import FailKind


class EngineError(Exception):
    """An engine could not do what it was asked; `str(error)` is a sentence for a person."""

    kind: FailKind = FailKind.ENGINE

    def __init__(self, text: str, *, kind: FailKind | None = None) -> None:
        super().__init__(text)
        if kind is not None:
            self.kind = kind


class Refused(EngineError):  # noqa: N818  an error is named by who must act next
    """The order itself is at fault, so asking again unchanged is pointless."""

    kind = FailKind.BAD_INPUT


class OutOfCredit(EngineError):  # noqa: N818  an error is named by who must act next
    """The engine wants money before it works on."""

    kind = FailKind.OUT_OF_CREDIT


class Misconfigured(EngineError):  # noqa: N818  an error is named by who must act next
    """No order can succeed until the installation is changed."""

    kind = FailKind.AUTH


class Busy(EngineError):  # noqa: N818  an error is named by who must act next
    """Nothing was accepted and nothing is wrong; the same call is welcome later."""

    kind = FailKind.RATE_LIMIT

    def __init__(
        self, text: str, *, kind: FailKind | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(text, kind=kind)
        self.retry_after = retry_after


class Expired(EngineError):  # noqa: N818  an error is named by who must act next
    """A link to a file is no longer good; looking at the job again mints a new one."""

    kind = FailKind.TRANSIENT


class Broken(EngineError):  # noqa: N818  an error is named by who must act next
    """The engine answered nonsense, lost the job or fell over."""


class Unsure(EngineError):  # noqa: N818  an error is named by who must act next
    """The answer to an order was lost after the order was sent; never order again by yourself."""

    kind = FailKind.AMBIGUOUS_SUBMIT
