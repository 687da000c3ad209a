"""The two workspaces that tests and the demo start with."""

import time
from collections.abc import Callable

from tests.workspace.manifest import install, read_manifest
from tests.workspace.records import App, Channel, Member, Team
from tests.workspace.state import SlackState

T_STUDIO, T_CLIENT = "T0STUDIO001", "T0CLIENT001"
MAYA, JONAS, LIN, SAM = "U0MAYA00001", "U0JONAS0001", "U0LIN000001", "U0SAM000001"
DANA, RUI = "U0DANA00001", "U0RUI000001"
BOT = "U0CIRCLE001"
AURORA_TEAM, AURORA_CLIENT, GENERAL = "C0AURTEAM01", "C0AURCLNT01", "C0GENERAL01"


def seeded_state(*, clock: Callable[[], float] = time.time) -> SlackState:
    """Return Northlight Studio with the app, and Aurora Outdoor joined by one channel."""
    state = SlackState(install(_app(), read_manifest()), clock=clock)
    state.add_team(Team(T_STUDIO, "Northlight Studio", "northlight"))
    state.add_team(Team(T_CLIENT, "Aurora Outdoor", "aurora-outdoor"))
    for member in _people(state.app):
        state.add_member(member)
    for channel in _rooms():
        state.add_channel(channel)
    return state


def _app() -> App:
    return App(
        id="A0CIRCLE001",
        name="circletake",
        team_id=T_STUDIO,
        bot_user_id=BOT,
        bot_id="B0CIRCLE001",
        bot_token="xoxb-small-slack",
        app_token="xapp-1-A0CIRCLE001-small-slack",
        signing_secret="small-slack-signing-secret",
        verification_token="small-slack-verification",
        client_id="1000000000.2000000000",
        client_secret="small-slack-client-secret",
    )


def _people(app: App) -> list[Member]:
    return [
        _person(MAYA, "maya", "Maya Torres", T_STUDIO, "#b45309", "Europe/Lisbon"),
        _person(JONAS, "jonas", "Jonas Weber", T_STUDIO, "#1d4ed8", "Europe/Berlin"),
        _person(LIN, "lin", "Lin Zhao", T_STUDIO, "#0f766e", "Asia/Singapore"),
        _person(SAM, "sam", "Sam Okafor", T_STUDIO, "#7c3aed", "Europe/London"),
        _person(DANA, "dana", "Dana Reyes", T_CLIENT, "#be123c", "America/Los_Angeles"),
        _person(RUI, "rui", "Rui Almeida", T_CLIENT, "#4d7c0f", "America/New_York"),
        Member(BOT, app.name, app.name, T_STUDIO, "UTC", is_bot=True, avatar_color="#1c1917"),
    ]


def _person(user_id: str, name: str, real_name: str, team_id: str, color: str, tz: str) -> Member:
    home = "northlight.example" if team_id == T_STUDIO else "aurora.example"
    email = f"{name}@{home}"
    return Member(user_id, name, real_name, team_id, tz, avatar_color=color, email=email)


def _rooms() -> list[Channel]:
    team = {MAYA, JONAS, LIN, SAM}
    return [
        Channel(GENERAL, "general", T_STUDIO, member_ids=set(team), creator_id=MAYA),
        Channel(
            AURORA_TEAM,
            "aurora-team",
            T_STUDIO,
            member_ids=team | {BOT},
            creator_id=MAYA,
            topic="Aurora Outdoor: spring campaign",
        ),
        Channel(
            AURORA_CLIENT,
            "aurora-client",
            T_STUDIO,
            is_ext_shared=True,
            member_ids=team | {BOT, DANA, RUI},
            connected_team_ids=[T_STUDIO, T_CLIENT],
            creator_id=MAYA,
            topic="Takes for Aurora Outdoor",
        ),
    ]
