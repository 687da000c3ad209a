"""What a person is told when the records cannot be reached: who must act next, in one sentence."""

_BUSY = "The records are busy. Nothing was changed; please try again."
_SLOW = "The records are busy. See whether it was done after all before you try again."
_FULL = (
    "The disk that holds the records is full. Nothing was changed; tell whoever runs Circletake, "
    "and try again then."
)
_UNFIT = (
    "The records are of another version than the app. Nothing was changed; whoever runs "
    "Circletake types `circletake db upgrade`."
)
_TOLD = (
    (("database or disk is full", "no space left", "disk i/o error"), _FULL),
    (("no such table", "no such column", "has no column", "does not exist"), _UNFIT),
)


def told(trouble: BaseException) -> str:
    """Say what a driver's words mean for somebody who pressed a button.

    Where we gave up by ourselves, a commit may have been on its way.
    """
    if isinstance(trouble, TimeoutError):
        return _SLOW
    words = str(getattr(trouble, "orig", None) or trouble).lower()
    return next((text for signs, text in _TOLD if any(sign in words for sign in signs)), _BUSY)
