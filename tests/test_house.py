"""The papers agree with the code: manifest, commands, settings, floor plan."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.engine_tables import show, table_of
from bot.settings import read, variables
from engines import known
from handlers import commands, register
from handlers.views import decision_form, order_form, scene_form, setup_form
from tests.workspace.manifest import read_manifest

ROOT = Path(__file__).parents[1]
NEEDS = {
    "canvases_create": {"canvases:write"},
    "canvases_edit": {"canvases:write"},
    "canvases_sections_lookup": {"canvases:read"},
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_getPermalink": set[str](),
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "users_info": {"users:read"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_update": set[str](),
}
"""The scopes of each method we call, from Slack's reference."""
HEARS = {
    "app_home_opened": set[str](),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}
BESIDE = {
    "commands": "slash commands and shortcuts",
    "im:write": "a digest for one person is posted to their user id",
}
"""Scopes that no single method asks for, and why we ask."""


class Recorder:
    """Stands where Bolt does and writes down what is hung on the door."""

    def __init__(self) -> None:
        self.hung: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def named(name: Any) -> Any:
            self.hung.setdefault(kind, []).append(name)
            return _kept

        return named


def _kept(listener: Any) -> Any:
    return listener


@pytest.fixture
def hung() -> dict[str, list[Any]]:
    recorder: Any = Recorder()
    nobody: Any = None
    register(recorder, nobody)
    return recorder.hung


@pytest.fixture
def manifest() -> Any:
    return read_manifest()


def test_the_manifest_asks_for_exactly_what_is_listened_to(
    hung: dict[str, list[Any]], manifest: Any
) -> None:
    features, asked = manifest["features"], manifest["settings"]["event_subscriptions"]
    assert hung["command"] == [each["command"] for each in features["slash_commands"]]
    assert hung["shortcut"] == [each["callback_id"] for each in features["shortcuts"]]
    assert set(hung["event"]) == {event.partition(".")[0] for event in asked["bot_events"]}


def test_nothing_is_listened_to_twice(hung: dict[str, list[Any]]) -> None:
    for names in hung.values():
        assert len(names) == len({str(name) for name in names})


def test_every_form_and_every_button_has_its_listener(hung: dict[str, list[Any]]) -> None:
    forms = {each.CALLBACK for each in (decision_form, order_form, scene_form, setup_form)}
    assert forms <= set(hung["view"])
    drawn = "\n".join(path.read_text() for path in (ROOT / "handlers").rglob("*.py"))
    buttons = set(re.findall(r'button\(\s*"[^"]+",\s*"(\w+)"', drawn))
    assert buttons
    heard = [each for each in hung["action"] if isinstance(each, str)]
    patterns = [each for each in hung["action"] if not isinstance(each, str)]
    for button in buttons:
        assert button in heard or any(each.search(button) for each in patterns), button


def test_the_manifest_asks_for_exactly_the_scopes_that_are_needed(manifest: Any) -> None:
    source = "".join((ROOT / "handlers" / name).read_text() for name in ("room.py", "canvases.py"))
    methods = {name for name in re.findall(r"""["'.](\w+_\w+)\b""", source) if _is_method(name)}
    assert methods == set(NEEDS)
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(HEARS)
    needed = set(BESIDE).union(*NEEDS.values(), *HEARS.values())
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def _is_method(name: str) -> bool:
    found = getattr(AsyncWebClient, name, None)
    return inspect.iscoroutinefunction(found) and not name.startswith("_") and name != "api_call"


@pytest.mark.parametrize("name", sorted(commands.known()))
def test_every_subcommand_has_a_line_of_help(name: str) -> None:
    assert re.fullmatch(rf"`{name}( [A-Z0-9]+)?`: [a-z].*[^.…]\.?", commands.helped(name))
    run: Any = commands.known()[name].run
    assert list(inspect.signature(run).parameters) == ["call", "house"]


def test_the_readme_lists_the_subcommands_as_their_help_does() -> None:
    table = (ROOT / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `/scene ([^`]+)` \| (.+?) \|$", table, re.MULTILINE)
    shown = dict(rows)
    helped: dict[str, str] = {}
    for name in commands.known():
        words, _, told = commands.helped(name).partition("`: ")
        helped[words.strip("`")] = told.removesuffix(".")
    assert shown == helped


def test_the_manifest_hints_at_subcommands_there_are(manifest: Any) -> None:
    [command] = manifest["features"]["slash_commands"]
    assert set(command["usage_hint"].split(" | ")) <= set(commands.known())


def test_the_example_settings_are_the_settings() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=(.*)$", example, re.MULTILINE))
    assert {name: shown.get(name) for name in variables()} == variables()


def test_the_example_settings_explain_every_variable_of_every_engine() -> None:
    example = (ROOT / ".env.example").read_text()
    for kind in known().values():
        assert f"\n# {kind.label} ({kind.name}), by {kind.facts.maker}.\n" in example
        for each in kind.facts.variables:
            told = (
                f"# {each.about}{' Needed.' if each.needed else ''}\n#{each.name}={each.default}\n"
            )
            assert told in example, f".env.example should say:\n{told}"


def test_the_example_settings_name_nothing_else() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    told = {each.name for kind in known().values() for each in kind.facts.variables}
    assert sorted(shown) == sorted({*variables(), *told})


@pytest.mark.parametrize("name", sorted(known()))
def test_the_engines_page_says_of_each_what_the_code_says(name: str, tmp_path: Path) -> None:
    section = _section_of(name)
    settings = read(
        {"CIRCLETAKE_DATA": str(tmp_path), "COMFYUI_WORKFLOWS": str(ROOT / "docs" / "comfyui")}
    )
    table = table_of(show(known()[name], settings), settings)
    for each in table["variables"]:
        needed = " **Needed.**" if each["needed"] else ""
        assert f"| `{each['name']}` | {each['about']}{needed}" in section, each["name"]
    for each in table["rights"]:
        assert f"- *{each['certainty']}*: {each['text']}" in " ".join(section.split())
    modes = {model: told.split(", ") for model, told in _modes_in(section)}
    if name != "openai_videos":  # there the operator names the models
        assert modes == {
            model["model"]: [mode["mode"] for mode in model["modes"]] for model in table["models"]
        }


def _section_of(name: str) -> str:
    page = (ROOT / "docs" / "engines.md").read_text()
    kind = known()[name]
    return (
        page.partition(f"\n### {kind.label} (`{name}`)\n")[2]
        .partition("\n## ")[0]
        .partition("\n### ")[0]
    )


def _modes_in(section: str) -> Iterator[tuple[str, str]]:
    table = section.partition("| model | modes |")[2].partition("\n\n")[0]
    for models, modes in re.findall(r"^\| (.+) \| (.+) \|$", table, re.MULTILINE):
        for model in re.findall(r"`([^`]+)`", models) or [""]:
            yield model, modes


def test_every_open_question_has_its_check_or_the_reason_why_there_is_none() -> None:
    page = (ROOT / "docs" / "engines.md").read_text()
    table = page.partition("## What only a real key can settle")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (.+?) \| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    assert len(rows) >= 22
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}
    assert named == set(known()) - {"animatic"}
    assert all(len(cell) > 10 for row in rows for cell in row[1:])


def test_the_floor_plan_names_what_is_there() -> None:
    plan = (ROOT / "ARCHITECTURE.md").read_text()
    paths = set(re.findall(r"`((?:bot|handlers|storage|engines|tests|docs)/[\w./*-]*)`", plan))
    paths |= set(re.findall(r"\]\(((?:docs|bot|handlers)/[\w./-]+)\)", plan))
    assert len(paths) > 10
    for path in paths:
        found = list(ROOT.glob(path.rstrip("/"))) or list(ROOT.glob(f"{path}*"))
        assert found, f"ARCHITECTURE.md names {path}, which is not there."
