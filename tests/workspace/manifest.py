"""Read `manifest.yml`: the scopes, commands, shortcuts and events of the installed app."""

from pathlib import Path
from typing import cast

import yaml

from tests.workspace.records import App, Command, Json, Shortcut

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def read_manifest(path: Path = MANIFEST) -> Json:
    """Return the manifest as Slack would receive it."""
    return cast("Json", yaml.safe_load(path.read_text()))


def install(app: App, manifest: Json) -> App:
    """Give the app what its manifest asks for."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    app.name = features.get("bot_user", {}).get("display_name", app.name)
    app.scopes = list(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
    app.events = list(settings.get("event_subscriptions", {}).get("bot_events", []))
    app.commands = {one["command"]: _command(one) for one in features.get("slash_commands", [])}
    app.shortcuts = {one["callback_id"]: Shortcut(**one) for one in features.get("shortcuts", [])}
    return app


def _command(declared: Json) -> Command:
    known = {"command", "description", "usage_hint", "should_escape"}
    return Command(**{key: value for key, value in declared.items() if key in known})
