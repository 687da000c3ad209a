"""How Slack rewrites what people type: names become ids, special characters are escaped."""

import re

from tests.workspace.state import SlackState

_KEPT = re.compile(r"(<[@#!][^<>\s]+(?:\|[^<>]*)?>|<(?:https?|mailto):[^<>]+>)")
_URL = re.compile(r"(https?://[^\s<>|]+)")
_NAME = re.compile(r"(?<![\w</])([@#])([a-z0-9][a-z0-9._-]*)")


def as_message(state: SlackState, text: str) -> str:
    """Return what a message's text becomes; what is already in Slack's markup stays."""
    parts = _KEPT.split(text)
    return "".join(part if index % 2 else _typed(state, part) for index, part in enumerate(parts))


def as_command(state: SlackState, text: str, *, should_escape: bool) -> str:
    """Return what a command's text becomes; names turn into ids only where it asks for it."""
    return _named(state, text, with_label=True) if should_escape else text


def _typed(state: SlackState, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parts = _URL.split(escaped)
    named = [
        f"<{part}>" if index % 2 else _named(state, part, with_label=False)
        for index, part in enumerate(parts)
    ]
    return "".join(named)


def _named(state: SlackState, text: str, *, with_label: bool) -> str:
    def replaced(match: re.Match[str]) -> str:
        sign, name = match[1], match[2]
        found = _member(state, name) if sign == "@" else _channel(state, name)
        if found is None:
            return match[0]
        return f"<{sign}{found}|{name}>" if with_label else f"<{sign}{found}>"

    return _NAME.sub(replaced, text)


def _member(state: SlackState, name: str) -> str | None:
    return next((one.id for one in state.members.values() if one.name == name), None)


def _channel(state: SlackState, name: str) -> str | None:
    return next((one.id for one in state.channels.values() if one.name == name), None)
