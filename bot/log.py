"""The log: what happened, in order, each entry sealed over the one before it.

An entry is canonical JSON (RFC 8785); its hash is SHA-256 of a zero byte and that JSON, which
makes it a leaf of an RFC 9162 tree. People appear by pseudonym and free text by salted
commitment, so that either can be erased beside the log without breaking it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

from bot.people import Actor
from storage import Session, log, people
from storage.log import Head
from storage.models import Entry, Scene, Take

APP = "circletake"
FIRST = "0" * 64


@dataclass(frozen=True)
class About:
    """What an entry is about."""

    production_id: str | None = None
    scene_id: str | None = None
    take_id: str | None = None
    sha256: str | None = None


def about_take(take: Take) -> About:
    """Point at a take and its exact bytes."""
    return About(take.production_id, take.scene_id, take.id, take.sha256)


def about_scene(scene: Scene) -> About:
    """Point at a scene."""
    return About(scene.production_id, scene.id)


def new_salt() -> str:
    """Make the secret that keeps a committed text from being guessed."""
    return secrets.token_hex(16)


def commitment(text: str, salt: str) -> str:
    """Commit to a text: whoever holds text and salt can show that it is the one meant."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def leaf(body: str) -> str:
    """Hash an entry's body (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + body.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """Write a moment as entries do: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def record(
    session: Session,
    kind: str,
    *,
    workspace_id: str,
    actor: Actor | None,
    at: datetime,
    about: About,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Write the next entry in the transaction of what it tells.

    `actor` is None for what the app did by itself. `facts` must hold nothing personal and no free
    text. Locks the workspace's log until the commit, so record last.
    """
    head = await log.lock_head(session, workspace_id, user_id=actor.user_id if actor else "")
    who = await _pseudonym(session, actor, head)
    team = actor.team_id if actor else ""
    entry = _sealed(head, kind, who=who, team=team, at=at, about=about, facts=facts or {})
    await log.append(session, entry)
    return entry


async def _pseudonym(session: Session, actor: Actor | None, head: Head) -> str:
    if actor is None:
        return APP
    if head.pseudonym:
        return head.pseudonym
    person = await people.known(session, actor.workspace_id, actor.user_id, team_id=actor.team_id)
    return person.id


def _sealed(
    head: Head,
    kind: str,
    *,
    who: str,
    team: str,
    at: datetime,
    about: About,
    facts: dict[str, Any],
) -> Entry:
    body = rfc8785.dumps(
        {
            "v": 1,
            "workspace": head.workspace_id,
            "seq": head.seq + 1,
            "prev": head.hash,
            "at": stamp(at),
            "kind": kind,
            "actor": who,
            "team": team,
            "production": about.production_id,
            "scene": about.scene_id,
            "take": about.take_id,
            "sha256": about.sha256,
            "facts": facts,
        }
    ).decode()
    return Entry(
        workspace_id=head.workspace_id,
        seq=head.seq + 1,
        at=at,
        kind=kind,
        production_id=about.production_id,
        scene_id=about.scene_id,
        take_id=about.take_id,
        actor=who,
        body=body,
        hash=leaf(body),
    )
