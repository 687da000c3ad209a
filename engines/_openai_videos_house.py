"""What the operator says of a server: where it is, what it makes, what it costs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import gcd
from urllib.parse import urlsplit

from ._caps import Lengths, Ratios
from ._errors import Misconfigured
from ._facts import Facts, Statement, Variable
from ._openai_videos_dialects import DIALECTS, Dialect
from ._words import FailKind, Mode

FACTS = Facts(
    maker="whoever runs the server",
    prefix="OPENAI_VIDEOS",
    variables=(
        Variable(
            name="OPENAI_VIDEOS_BASE_URL",
            about="Where the server is, such as http://127.0.0.1:8000/v1; never api.openai.com.",
            needed=True,
        ),
        Variable(
            name="OPENAI_VIDEOS_MODEL",
            about="The model's name there; several with commas between.",
            needed=True,
        ),
        Variable(
            name="OPENAI_VIDEOS_API_KEY", about="The key, where the server wants one.", secret=True
        ),
        Variable(
            name="OPENAI_VIDEOS_DIALECT",
            about="What the server is: openai, vllm, sglang or litellm.",
            default="openai",
        ),
        Variable(
            name="OPENAI_VIDEOS_SECONDS",
            about="The lengths it makes: 4,8,12 or 1-15, or `server` to leave it to the server.",
            default="4,8,12",
        ),
        Variable(
            name="OPENAI_VIDEOS_SIZES",
            about="The sizes it makes, or `server` to leave it to the server.",
            default="1280x720,720x1280",
        ),
        Variable(
            name="OPENAI_VIDEOS_MODES",
            about="What its model does, of t2v, i2v, r2v, edit and extend; empty is all that such a"
            " server can.",
        ),
        Variable(
            name="OPENAI_VIDEOS_CENTS_PER_SECOND",
            about="What a second costs, in cents; 0 on a machine of your own, empty if unknown.",
        ),
        Variable(name="OPENAI_VIDEOS_CONCURRENCY", about="How many jobs it may work on at once."),
        Variable(name="OPENAI_VIDEOS_PER_MINUTE", about="How many orders it takes a minute."),
    ),
    rights=(
        Statement(
            "What may be done with the work is said by the licence of the model that the server"
            " runs.",
            "documentation",
        ),
    ),
)
_SHUT = (
    "OPENAI_VIDEOS_BASE_URL names api.openai.com, where OpenAI shut the Videos API down on"
    " 2026-09-24 and put nothing in its place. Name a server that still speaks it, or clear it."
)
_VERSION = re.compile(r"/v\d+$")
_LEFT_TO_IT = "server"
_USUAL = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21")
_NEAR = 0.03
_MODES = (
    Mode.TEXT_TO_VIDEO,
    Mode.IMAGE_TO_VIDEO,
    Mode.REFERENCE_TO_VIDEO,
    Mode.EXTEND,
    Mode.EDIT,
)


@dataclass(frozen=True, slots=True)
class House:
    """The server as the operator describes it."""

    base_url: str
    models: tuple[str, ...]
    dialect: Dialect
    lengths: Lengths | None
    ratios: Ratios
    modes: frozenset[Mode]
    cents_per_second: float | None


def house_of(setting: Callable[[str, str], str]) -> House:
    """Read the settings by their names without the prefix. Raises Misconfigured with a sentence."""
    named = setting("DIALECT", "openai").lower()
    if named not in DIALECTS:
        raise _wrong("DIALECT", named, f"Write one of {', '.join(DIALECTS)}")
    models = [name.strip() for name in setting("MODEL", "").split(",")]
    if not any(models):
        raise _wrong("MODEL", setting("MODEL", ""), "Write the model's name at the server")
    return House(
        base_url=_address(setting("BASE_URL", "")),
        models=tuple(name for name in models if name),
        dialect=DIALECTS[named],
        lengths=_lengths(setting("SECONDS", "4,8,12")),
        ratios=_ratios(setting("SIZES", "1280x720,720x1280")),
        modes=_modes(setting("MODES", "")),
        cents_per_second=_cents(setting("CENTS_PER_SECOND", "")),
    )


def _address(told: str) -> str:
    try:
        parts = urlsplit(told if "://" in told else f"//{told}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        raise _wrong("BASE_URL", told, "Write an address such as https://host/v1") from None
    if host == "openai.com" or host.endswith(".openai.com"):
        raise Misconfigured(_SHUT, kind=FailKind.RETIRED)
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise _wrong("BASE_URL", told, "Write an address such as https://host/v1")
    url = told.rstrip("/")
    return url if _VERSION.search(parts.path.rstrip("/")) else f"{url}/v1"


def _lengths(told: str) -> Lengths | None:
    if told.lower() == _LEFT_TO_IT:
        return None
    if span := re.fullmatch(r"([1-9]\d*)\s*-\s*([1-9]\d*)", told):
        least, most = int(span[1]), int(span[2])
        if least <= most:
            return Lengths(least=least, most=most, step=1)
    only = [each.strip() for each in told.split(",")]
    if not all(re.fullmatch(r"[1-9]\d*", each) for each in only):
        raise _wrong("SECONDS", told, "Write whole seconds, such as 4,8,12 or 1-15")
    return Lengths(only=tuple(sorted({float(each) for each in only})))


def _ratios(told: str) -> Ratios:
    if told.lower() == _LEFT_TO_IT:
        return {}
    ratios: dict[str, dict[str, tuple[int, int]]] = {}
    for each in told.lower().split(","):
        size = re.fullmatch(r"\s*([1-9]\d*)x([1-9]\d*)\s*", each)
        if size is None:
            raise _wrong("SIZES", told, "Write sizes such as 1280x720,720x1280")
        width, height = int(size[1]), int(size[2])
        sizes = ratios.setdefault(_ratio(width, height), {})
        usual = f"{min(width, height)}p"
        sizes[f"{width}x{height}" if usual in sizes else usual] = (width, height)
    return ratios


def _ratio(width: int, height: int) -> str:
    """Name a shape as people do if it is near enough, and otherwise by its sides."""
    for name in _USUAL:
        across, down = (int(side) for side in name.split(":"))
        if abs(width / height * down / across - 1) < _NEAR:
            return name
    unit = gcd(width, height)
    return f"{width // unit}:{height // unit}"


def _modes(told: str) -> frozenset[Mode]:
    wanted = {each.strip().lower() for each in told.split(",") if each.strip()}
    known = {mode.value: mode for mode in _MODES}
    if wanted - known.keys():
        raise _wrong("MODES", told, f"Write some of {', '.join(known)}")
    return frozenset(known[each] for each in wanted) or frozenset(_MODES)


def _cents(told: str) -> float | None:
    if not told:
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", told):
        raise _wrong("CENTS_PER_SECOND", told, "Write cents, such as 10 or 0.5")
    return float(told)


def _wrong(name: str, told: str, advice: str) -> Misconfigured:
    shown = told[:60] if "@" not in told else "an address with a password"
    return Misconfigured(f"OPENAI_VIDEOS_{name} is {shown!r}. {advice}.")
