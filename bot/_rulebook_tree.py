"""A rule book's YAML as places with line numbers: plain texts, lists and tables, nothing else."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, cast

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from bot.constraint_lines import Choice, flat, listed, named

MOST_BYTES = 64 * 1024
_DEEPEST = 12
_CURLY = re.compile(r"[\u201c\u201e\u201d](.*)[\u201c\u201d]", re.DOTALL)
_OPENS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_SHUTS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_REFUSED: Mapping[type[yaml.Token], str] = {
    yaml.AnchorToken: "anchors (&) are not read; write the value out",
    yaml.AliasToken: "aliases (*) are not read; write the value out, in quotes if it begins with *",
    yaml.TagToken: "tags (!) are not read; put a text that begins with ! in quotes",
    yaml.DirectiveToken: "directives (%) are not read; put a text that begins with % in quotes",
}


class Unreadable(Exception):  # noqa: N818 - an error is named by who must act next
    """It is no YAML that we read; the text is a sentence."""


def root_of(text: str) -> Node | None:
    """Read a text into nodes; None if there is nothing in it.

    The nodes are never turned into Python's values: `no` stays a word and `1.10` a text.
    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise Unreadable(f"A rule book has at most {MOST_BYTES // 1024} KB; make it shorter.")
    try:
        _examine(text)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}: " if mark else ""
        raise Unreadable(f"{where}this is not YAML: {_said(error)}.") from error
    except yaml.YAMLError as error:
        raise Unreadable(
            "It has signs that YAML does not allow; paste it as plain text."
        ) from error


def _examine(text: str) -> None:
    """Refuse what could make a small text large or deep, before anything is built from it."""
    depth = 0
    for token in cast("Iterable[yaml.Token]", yaml.scan(text, Loader=yaml.SafeLoader)):
        line = token.start_mark.line + 1
        depth += isinstance(token, _OPENS) - isinstance(token, _SHUTS)
        if why := _REFUSED.get(type(token)):
            raise Unreadable(f"Line {line}: {why}.")
        if depth > _DEEPEST:
            raise Unreadable(f"Line {line}: lists and tables stand too deep in one another.")


def _said(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "it cannot be read"
    if "\\t" in problem:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in problem:
        return "a text with a colon in it has to be in straight quotes"
    if "alphabetic or numeric character" in problem:
        return "a text that begins with * or & has to be in straight quotes"
    return re.sub(r"<(.+?)>", r"\1", problem)


class Reading:
    """Reads nodes, and keeps a sentence for everything that is not as it should be."""

    def __init__(self) -> None:
        self._wrong: list[tuple[int, str]] = []

    @property
    def problems(self) -> list[str]:
        """What is wrong, from the top down."""
        return [f"Line {line}: {why}" for line, why in sorted(self._wrong)]

    def wrong(self, node: Node, why: str) -> None:
        """Keep what is wrong with a node."""
        self._wrong.append((node.start_mark.line + 1, why))

    def table(
        self, node: Node | None, what: str, keys: Iterable[str], *, needs: Iterable[str] = ()
    ) -> dict[str, Node]:
        """Read a table with these keys and no others."""
        known = list(keys)
        if node is None or self._is_empty(node):
            return {}
        if not isinstance(node, MappingNode):
            self.wrong(node, f"{what} has keys and values, such as {known[0]}: …")
            return {}
        found: dict[str, Node] = {}
        for key, value in cast("list[tuple[Node, Node]]", node.value):
            name = _word(key)
            if name not in known:
                self.wrong(key, _unknown(name, what, known))
            elif name in found:
                self.wrong(key, f"{what} has {name} twice; leave one of them.")
            else:
                found[name] = value
        if missing := [name for name in needs if name not in found]:
            self.wrong(node, f"{what} has no {listed(missing)}; write {missing[0]}: …")
        return found

    def rows(self, node: Node | None) -> list[Node]:
        """Read a list; one value alone is a list of one."""
        if node is None or self._is_empty(node):
            return []
        if isinstance(node, SequenceNode):
            return list(cast("list[Node]", node.value))
        return [node]

    def tables(
        self, node: Node | None, what: str, keys: Iterable[str], *, needs: Iterable[str]
    ) -> list[dict[str, Node]]:
        """Read a list of tables; those that lack what they need are left out."""
        known, needed = list(keys), list(needs)
        rows = [self.table(row, what, known, needs=needed) for row in self.rows(node)]
        return [row for row in rows if all(name in row for name in needed)]

    def text(self, node: Node | None, what: str) -> str:
        """Read one text, its line breaks and spaces as one space."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.wrong(node, f"{what} is one text.")
            return ""
        return flat(_word(node))

    def needed(self, node: Node, what: str) -> str:
        """Read one text that may not be empty."""
        text = self.text(node, what)
        if not text and isinstance(node, ScalarNode):
            self.wrong(node, f"{what} is empty; a value that begins with # has to be in quotes.")
        return text

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """Read a list of texts."""
        read = (self.needed(row, what) for row in self.rows(node))
        return tuple(text for text in read if text)

    def one_of(self, node: Node, what: str, choices: type[Choice]) -> Choice | None:
        """Read one of a closed set of words."""
        text = self.needed(node, what)
        if not text:
            return None
        try:
            return named(text, choices)
        except ValueError as wrong:
            self.wrong(node, str(wrong))
            return None

    def _is_empty(self, node: Node) -> bool:
        return isinstance(node, ScalarNode) and not _word(node)


def _word(node: Node) -> str:
    """Give a scalar as it is written; nothing for `~`, and for what is no scalar.

    Phones type curly quotes, which YAML takes for a part of the text.
    """
    value: Any = node.value
    if not isinstance(node, ScalarNode) or (node.style is None and value in {"~", "null"}):
        return ""
    curly = _CURLY.fullmatch(str(value)) if node.style is None else None
    return curly[1] if curly else str(value)


def _unknown(name: str, what: str, known: list[str]) -> str:
    near = get_close_matches(name.casefold(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it knows {listed(known)}."
    return f'{what} knows no "{flat(name)[:40]}"; {hint}'
