"""Tell what the log holds about a scene, in words."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import log
from bot.graph import made_after
from bot.mrkdwn import escaped
from bot.studio import Studio
from engines import Mode
from storage import log as rows
from storage import people, takes
from storage.models import Entry, Person, Take

_WORDS = {
    "scene.opened": "opened {code}",
    "scene.changed": "changed {fields}",
    "shot.added": "added {code}",
    "shot.planned": "planned {code} anew: {fields}",
    "reference.proposed": "proposed {code}, version {version}",
    "reference.kept": "kept a file of {code}, version {version}",
    "reference.approved": "approved {code}, version {version}",
    "reference.restricted": "restricted {code} as {role}",
    "reference.retired": "retired {code} as {role}",
    "reference.renewed": "proposed {code}, version {version}",
    "reference.changed": "changed {fields} of {code}",
    "reference.cast": "cast {code}",
    "reference.uncast": "took {code} out of the cast",
    "take.ordered": "ordered {shot} T{number} from {engine}",
    "take.kept": "kept the original, {size} bytes",
    "take.shown": "put the take before the team, {frames} frames",
    "take.approved": "approved as {role}, for the {stage}",
    "take.retake_asked": "asked for a retake as {role}: {reason}",
    "take.rejected": "rejected as {role}: {reason}",
    "take.withdrawn": "took a decision back as {role}",
    "take.superseded": "marked the earlier circle take as superseded",
    "take.failed": "gave the take up",
    "take.ambiguous": "could not tell whether the engine took the order",
    "press.refused": "pressed {verdict} and was refused ({why})",
    "button.pressed": "pressed {button}",
    "reaction.added": "reacted with :{emoji}:",
    "reaction.removed": "took back :{emoji}:",
    "note.added": "left a note",
    "release.recorded": "recorded {code}",
    "release.changed": "changed {code}",
    "release.revoked": "revoked {code}",
    "release.paper_kept": "kept the paper of {code}",
    "release.began": "saw the term of {code} begin",
    "release.expired": "saw {code} end, and held {held} takes",
    "hold.ruled": "ruled as {role} on what held the take: {ruling}",
    "rule.waived": "overrode a rule as {role}",
    "reference.withdrawn": "withdrew {code}, which {takes} takes had used, and held {held} of them",
    "export.made": "exported {code}, {preset}",
    "placement.made": "placed {code} as {use}",
    "placement.ended": "ended a placement of {code}",
    "log.exported": "exported the log up to {upto}",
}
_EARLIER = {"take.ordered": ("shot", "ordered T{number} from {engine}")}
"""What entries say that were written before they held a fact, and which fact that is."""


@dataclass(frozen=True)
class Told:
    """One entry in words. `team` is empty for our own people; `user_id` for the app."""

    seq: int
    at: datetime
    user_id: str
    team: str
    what: str
    sha256: str


@dataclass(frozen=True)
class History:
    """The newest entries about a scene, oldest first."""

    told: list[Told]
    seal: str


async def history(studio: Studio, workspace_id: str, scene_id: str, *, last: int) -> History:
    """Read a scene's newest entries, and check that they are what was written."""
    async with studio.db.read() as session:
        entries = await rows.of_scene(session, workspace_id, scene_id, last=last)
        crew = await people.named(session, workspace_id)
        head = await rows.head_of(session, workspace_id)
    sound = all(log.leaf(each.body) == each.hash for each in entries)
    total = head.seq if head else 0
    seal = (
        f"Every entry shown matches its seal. The whole log has {total} entries; "
        f"its head is `{head.hash[:12] if head else ''}`. `circletake log verify` checks all of it."
        if sound
        else ":warning: An entry shown does not match its seal. Run `circletake log verify`."
    )
    return History([_told(each, crew) for each in entries], seal)


def _told(entry: Entry, crew: dict[str, Person]) -> Told:
    body: dict[str, Any] = json.loads(entry.body)
    who = crew.get(entry.actor)
    team = body["team"] if body["team"] not in {"", entry.workspace_id} else ""
    return Told(
        seq=entry.seq,
        at=entry.at,
        user_id=who.user_id if who else "",
        team=team,
        what=_said(entry.kind, body["facts"]),
        sha256=body["sha256"] or "",
    )


def _said(kind: str, facts: dict[str, Any]) -> str:
    words = _WORDS.get(kind, kind.replace(".", " "))
    later, earlier = _EARLIER.get(kind, ("", ""))
    return (earlier if earlier and later not in facts else words).format_map(_Facts(facts))


async def setup_told(studio: Studio, take: Take) -> str:
    """Tell how a take was made: its setup, its references and its bytes, as mrkdwn."""
    async with studio.db.read() as session:
        setup = await takes.setup_of(session, take)
        made_of = await made_after(session, take)
    body = setup.content()
    sources = "\n".join(
        f"• a take `{each['sha256']}`" for each in body["references"] if "take" in each
    )
    facts = (
        ("Engine", f"{body['engine']} {body['model']}".strip()),
        ("What", Mode(body["mode"]).label),
        ("Seed", "none" if body["seed"] is None else str(body["seed"])),
        ("Length", f"{body['seconds']:g} s, {body['ratio']}, {body['resolution']}"),
        ("Prompt family", setup.family),
        ("References", made_of or "none"),
        ("Worked from", sources),
        ("Setup", f"`{setup.sha256}`"),
        ("Original", f"`{take.sha256}`"),
        ("Negative prompt", escaped((body.get("negative") or "")[:300])),
    )
    told = "\n".join(f"*{name}:* {_below(value)}" for name, value in facts if value)
    words = escaped(body["prompt"])[: max(_LONGEST - len(told), 0)]
    return f"{told}\n*Prompt:* ```{words}```"


_LONGEST = 2900
"""What fits into one block of Slack's, but for the marks around the prompt, which is cut to fit."""


def _below(value: str) -> str:
    return f"\n{value}" if value.startswith("•") else value


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
