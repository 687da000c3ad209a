"""Take secrets out of what is about to be written down: by value, by shape and by name."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings import Settings

HIDDEN = "[hidden]"
_SHORTEST = 4
"""A shorter secret would hide half of every sentence; none that we are given is as short."""
_DEEPEST = 12
_NAME = (
    r"(?:[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|api_?-?key|private_?-?key|access_?-?key|"
    r"authorization|cookie|credentials?|signature|trigger_id|response_url|upload_url|"
    r"url_private\w*|permalink_public)|key)"
)
_PRIVATE_NAME = re.compile(rf"\A{_NAME}\Z", re.IGNORECASE)
_HARMLESS = frozenset({"key"})
"""A field of ours may be called so; in a text, `key=` is followed by somebody's key."""
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
        HIDDEN,
    ),
    (re.compile(r"\b(?:xox[a-z]|xapp)(?:\.xox[a-z])?-[\w-]+"), HIDDEN),
    (re.compile(r"\bhttps?://hooks\.slack[\w.-]*/[^\s\"'<>]*", re.IGNORECASE), HIDDEN),
    (
        re.compile(
            r"\bhttps?://(?:files\.slack[\w.-]*|slack-files\.com)/[^\s\"'<>]*", re.IGNORECASE
        ),
        HIDDEN,
    ),
    (re.compile(r"(?<=://)([^\s:/?#\"'<>]*):[^\s\"'<>]*@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\bv0=[0-9a-f]{16,}", re.IGNORECASE), f"v0={HIDDEN}"),
    (re.compile(r"\b(?:sk|pk|rk|key|luma|hf|gh[pousr])[-_][\w-]{16,}"), HIDDEN),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{30,}"), HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),
    (
        re.compile(
            rf"(?<![\w.-])({_NAME}[\\\"']*\s*[=:]\s*)(\\*[\"'])(?!{re.escape(HIDDEN)}).*?\2",
            re.IGNORECASE | re.DOTALL,
        ),
        rf"\1\2{HIDDEN}\2",
    ),
    (
        re.compile(
            rf"(?<![\w.-])({_NAME}[\\\"']*\s*[=:]\s*)(?![\\\"'\[]|Bearer |Basic )[^\s&,;\"'<>)}}]+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)


class Redactor:
    """Knows the secrets of one installation, and what secrets look like anywhere."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spelt = {form for secret in secrets for form in _spellings(secret)}
        longest_first = sorted(spelt, key=len, reverse=True)
        known = "|".join(re.escape(secret) for secret in longest_first)
        self._known = re.compile(known) if known else None

    @classmethod
    def of(cls, settings: Settings, *, also: Iterable[str] = ()) -> "Redactor":
        """Know every secret in the settings, the engines' keys and the databases' passwords.

        `also` are secrets that neither their type nor their name tells.
        """
        values = [getattr(settings, name) for name in type(settings).model_fields]
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        variables = settings.engine_variables.items()
        secrets += [value for name, value in variables if _names_a_secret(name)]
        urls = (settings.database_url, settings.files_url, *settings.engine_variables.values())
        secrets += [password for url in urls if (password := _password(url))]
        return cls([*secrets, *also])

    def known(self, text: str) -> str:
        """Hide the secrets that are known, and leave what only looks like one as it is."""
        return self._known.sub(HIDDEN, text) if self._known else text

    def text(self, text: str) -> str:
        """Hide every secret in a text."""
        text = self.known(text)
        for shape, shown in _SHAPES:
            text = shape.sub(shown, text)
        return text

    def value(self, value: Any, *, depth: int = 0) -> Any:
        """Hide every secret in a value, however deep; what is not plain data becomes text."""
        match value:
            case None | bool() | int() | float():
                return value
            case _ if depth > _DEEPEST:
                return HIDDEN
            case Mapping():
                return self._mapping(value, depth + 1)  # pyright: ignore[reportUnknownArgumentType] - anything may be logged
            case list() | tuple() | set() | frozenset():
                return [self.value(one, depth=depth + 1) for one in value]  # pyright: ignore[reportUnknownVariableType] - the same
            case bytes():
                return self.text(value.decode(errors="replace"))
            case _:
                return self.text(str(value))

    def _mapping(self, mapping: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        return {
            self.text(str(name)): HIDDEN
            if one is not None and _names_a_secret(str(name))
            else self.value(one, depth=depth)
            for name, one in mapping.items()
        }


def _names_a_secret(name: str) -> bool:
    if name in _HARMLESS:
        return False
    return bool(_PRIVATE_NAME.match(name)) or name.upper().endswith(("_KEY", "_KEYS", "_PAT"))


def _spellings(secret: str) -> set[str]:
    if len(secret) < _SHORTEST:
        return set()
    written = json.dumps(secret)[1:-1]
    return {
        secret,
        unquote(secret),
        quote(secret, safe=""),
        quote(secret),
        written,
        repr(secret)[1:-1],
    }


def _password(url: str) -> str | None:
    if "://" not in url:
        return None
    try:
        return make_url(url).password
    except (ArgumentError, ValueError):
        return None
