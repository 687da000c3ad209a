"""What somebody has filled in about an order, read back from the form's values."""

import json
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from bot.errors import BadForm
from bot.fitting import Order
from engines import Mode
from handlers.payloads import Submission

_DIGITS = 10
_SOUND = {"with": True, "without": False}


@dataclass(frozen=True)
class Meta:
    """What the form itself remembers: its scene, and which words were compiled into it."""

    scene_id: str
    words: str = ""
    """A short hash of the compiled prompt, so that a person's own is told from it."""
    shot_id: str = ""

    def to_json(self) -> str:
        """Write it for Slack to keep."""
        return json.dumps({"scene": self.scene_id, "words": self.words, "shot": self.shot_id})

    @classmethod
    def of(cls, text: str) -> "Meta":
        """Read what `to_json` wrote."""
        told: dict[str, Any] = json.loads(text)
        return cls(told["scene"], told.get("words", ""), told.get("shot", ""))


def choice_of(engine: str, model: str) -> str:
    """Name one model of one engine, for menus and for the command line."""
    return f"{engine}/{model}" if model else engine


def chosen(choice: str) -> tuple[str, str]:
    """Read engine and model back; the model is empty for the engine's first."""
    engine, _, model = choice.partition("/")
    return engine, model


def order_in(sent: Submission, *, own_prompt: bool) -> Order:
    """Read the order for the engine of the form. Raises BadForm with a sentence per field."""
    engine, model = chosen(sent.text("engine"))
    mode = sent.text("mode")
    values = sent.values
    return Order(
        engine=engine,
        model=model,
        mode=Mode(mode) if mode else None,
        seconds=_number("seconds", sent.text("seconds")) if "seconds" in values else 5,
        ratio=sent.text("ratio") or "16:9",
        resolution=sent.text("resolution"),
        seed=_seed(sent.text("seed")),
        negative=sent.text("negative") if "negative" in values else None,
        audio=_SOUND.get(sent.text("audio")),
        prompt=sent.text("prompt") if own_prompt else "",
        family=sent.text("family"),
        first=sent.text("first"),
        last=sent.text("last"),
        source=sent.text("source"),
        references=tuple(sent.ids("references")) if "references" in values else None,
    )


def elsewhere(order: Order, choice: str) -> Order:
    """Give the same order for another engine, which has options and conventions of its own."""
    engine, model = chosen(choice)
    return replace(order, engine=engine, model=model, native={}, negative=None)


def _number(field: str, typed: str) -> float:
    wanted = "A length in seconds, such as 5."
    try:
        number = float(typed.replace(",", ".").removesuffix("s"))
    except ValueError:
        raise BadForm({field: wanted}) from None
    if not isfinite(number):
        raise BadForm({field: wanted})
    return number


def _seed(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isdecimal() and len(typed) <= _DIGITS):
        raise BadForm({"seed": f"A seed is a whole number of at most {_DIGITS} digits, such as 7."})
    return int(typed)
