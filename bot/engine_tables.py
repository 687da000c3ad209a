"""What every engine can do, whether or not it is set up, as plain values with stable names.

`circletake engines --json` gives exactly this. An engine that is not set up is hired with stand-in
values, so that its tables can be read before anybody has a key; it is asked nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.redaction import Redactor
from bot.settings import Settings
from engines import (
    Caps,
    Engine,
    Misconfigured,
    Offer,
    Statement,
    Variable,
    known,
    limits_of,
)

Json = dict[str, Any]

_STAND_INS = {
    "_PROJECT": "your-project",
    "_BUCKET": "gs://your-bucket/",
    "_BASE_URL": "https://your-server.example/v1",
    "_MODEL": "your-model",
}
_STAND_IN_KEY = "stand-in"


@dataclass(frozen=True)
class _Terms:
    engine_work: Path
    engine_variables: Mapping[str, str]


@dataclass(frozen=True)
class Shown:
    """An engine as it can be shown: as it is set up, or hired with stand-ins.

    `stood_in` names the variables that have a stand-in's value. `unfit` is the engine's own
    sentence on why its settings cannot be used. `engine` is None where no stand-in serves, and
    `unseen` says why.
    """

    kind: type[Engine]
    engine: Engine | None
    stood_in: tuple[str, ...] = ()
    unfit: str = ""
    unseen: str = ""

    @property
    def is_set_up(self) -> bool:
        """Whether orders could go to it."""
        return self.engine is not None and not self.stood_in and not self.unfit


async def let_go(shown: list[Shown]) -> None:
    """Let every engine go that was hired to be shown."""
    for each in shown:
        if each.engine is not None:
            await each.engine.close()


def show_all(settings: Settings) -> list[Shown]:
    """Hire every engine, with stand-ins where it is not set up. Opens no connection."""
    return [show(kind, settings) for kind in known().values()]


def show(kind: type[Engine], settings: Settings) -> Shown:
    """Hire one engine, with stand-ins where it is not set up. Opens no connection."""
    told = settings.engine_variables
    try:
        if (engine := kind.hired(settings)) is not None:
            return Shown(kind, engine)
    except Misconfigured as why:
        return _stood_in(kind, settings, {}, unfit=str(why))
    return _stood_in(kind, settings, told, unfit="")


def _stood_in(
    kind: type[Engine], settings: Settings, told: Mapping[str, str], *, unfit: str
) -> Shown:
    missing = [
        each for each in kind.facts.variables if each.needed and not told.get(each.name, "").strip()
    ]
    stand_ins = {each.name: _stand_in_for(each) for each in missing}
    try:
        engine = kind.hired(_Terms(settings.engine_work, {**told, **stand_ins}))
    except Misconfigured as why:
        unseen = f"What it can do shows once it is set up: {why}"
        return Shown(kind, None, tuple(stand_ins), unfit, unseen)
    return Shown(kind, engine, tuple(stand_ins), unfit)


def _stand_in_for(variable: Variable) -> str:
    if variable.default:
        return variable.default
    fitting = (value for end, value in _STAND_INS.items() if variable.name.endswith(end))
    return next(fitting, _STAND_IN_KEY)


def redactor_of(settings: Settings) -> Redactor:
    """Know every secret of the settings, those too that only an engine's facts call secret."""
    told = settings.engine_variables
    secret = {
        each.name for kind in known().values() for each in kind.facts.variables if each.secret
    }
    return Redactor.of(settings, also=[told[name] for name in secret if told.get(name)])


def table_of(shown: Shown, settings: Settings) -> Json:
    """Give all there is to say of an engine; no secret's value is in it."""
    facts, redactor = shown.kind.facts, redactor_of(settings)
    engine = shown.engine
    return {
        "name": shown.kind.name,
        "label": shown.kind.label,
        "maker": facts.maker,
        "is_set_up": shown.is_set_up,
        "unfit": redactor.text(shown.unfit) or None,
        "unseen": redactor.text(shown.unseen) or None,
        "stand_ins": list(shown.stood_in),
        "variables": [_variable(each, settings, redactor) for each in facts.variables],
        "limits": asdict(_limits(shown, settings)),
        "rights": [_statement(each) for each in facts.rights],
        "console": facts.console or None,
        "credit": {"text": facts.credit, "url": facts.credit_url} if facts.credit else None,
        "models": [_model(name, engine.caps(name)) for name in engine.models()] if engine else [],
    }


def _limits(shown: Shown, settings: Settings) -> Any:
    try:
        return limits_of(shown.kind.facts, settings.engine_variables)
    except Misconfigured:  # `unfit` says so
        return shown.kind.facts.limits


def _variable(variable: Variable, settings: Settings, redactor: Redactor) -> Json:
    told = settings.engine_variables.get(variable.name, "").strip()
    return {
        "name": variable.name,
        "about": variable.about,
        "needed": variable.needed,
        "secret": variable.secret,
        "default": variable.default or None,
        "is_set": bool(told),
        "value": None if variable.secret or not told else redactor.text(told),
    }


def _statement(statement: Statement) -> Json:
    return {"text": statement.text, "certainty": statement.certainty}


def _model(name: str, caps: Caps) -> Json:
    price, retires = caps.price, caps.retires
    return {
        "model": name,
        "cancel": caps.cancel,
        "progress": caps.progress,
        "webhook": caps.webhook,
        "repeatable": caps.repeatable,
        "poll_seconds": caps.poll_seconds,
        "price": {
            "text": price.text,
            "source": price.source,
            "dated": price.dated.isoformat(),
            "cents_per_second": price.cents_per_second,
        },
        "retires": None
        if retires is None
        else {
            "on": retires.on.isoformat() if retires.on else None,
            "text": retires.text,
            "source": retires.source,
        },
        "rights": [_statement(each) for each in caps.rights],
        "modes": [{"mode": mode.value, **_offer(offer)} for mode, offer in caps.modes.items()],
    }


def _offer(offer: Offer) -> Json:
    lengths = offer.lengths
    return {
        "seconds": None
        if lengths is None
        else {
            "least": min(lengths.only, default=lengths.least),
            "most": max(lengths.only, default=lengths.most),
            "only": list(lengths.only),
            "step": lengths.step,
        },
        "ratios": {
            ratio: {name: list(pixels) for name, pixels in sizes.items()}
            for ratio, sizes in offer.ratios.items()
        },
        "resolutions": list(offer.resolutions),
        "references": [
            {**asdict(slot), "role": slot.role.value, "kind": slot.kind.value}
            for slot in offer.slots
        ],
        "references_most": offer.refs_most,
        "prompt": {
            "needed": offer.prompt_needed,
            "most": offer.prompt_most,
            "unit": "UTF-16 units" if offer.prompt_utf16 else "characters",
        },
        "negative": offer.negative,
        "seed": offer.seed,
        "sound": offer.audio,
        "fps": list(offer.fps),
        "native": {
            name: {"about": native.about, "only": list(native.only)}
            for name, native in offer.native.items()
        },
    }
