"""What a sequence's page says, as plain values: the same words for HTML, PDF and canvas.

Everything that people wrote is cleaned here of what no document may contain, and escaped by
whoever draws it.
"""

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.page_view import (
    PageCircle,
    PageConstraint,
    PageExport,
    PagePicture,
    PagePlacement,
    PagePrompt,
    PageReference,
    PageScene,
    PageShot,
    PageView,
)

Told = dict[str, Any]
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
    "\ud800-\udfff]"
)
"""Control characters, halves of a surrogate pair, and marks that turn the direction of whatever
follows them; Arabic and Hebrew run their own way without those."""
_GOOD = frozenset({"approved", "circle take"})
_BAD = frozenset({"restricted", "retired", "rejected", "failed", "block"})
_OPEN = frozenset({"proposed", "ask", "retake", "not settled"})


def told(view: PageView) -> Told:
    """Word a whole page."""
    return {
        "production": line(view.production),
        "code": line(view.code),
        "title": line(view.title) or "Untitled sequence",
        "running": running(view),
        "as_of": moment(view.as_of, view.zone),
        "at": view.as_of.astimezone(ZoneInfo(view.zone)).isoformat(timespec="minutes"),
        "standing": sentence(" · ".join(standing(view))),
        "story_job": clean(view.story_job),
        "intent": intent(view),
        "constraints": [_constraint(each) for each in view.constraints],
        "scenes": [_scene(each, view.zone) for each in view.scenes],
        "references": [_reference(each) for each in view.references],
        "prompts": prompts(view),
        "approvals": [_dated(asdict(each), each.at, view.zone) for each in view.approvals],
        "holds": [_dated(asdict(each), each.since, view.zone) for each in view.holds],
        "exports": [_export(each, view.zone) for each in view.exports],
    }


def clean(text: str) -> str:
    """Take away what has no place in any document, and nothing that people can read."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNFIT.sub("", text).strip()


def intent(view: PageView) -> list[tuple[str, str]]:
    """Give what the sequence says to all of its scenes, by label, without what nobody wrote."""
    return _written(
        ("Visual rules", view.visual_rules),
        ("The audience should feel", view.feeling),
        ("Must carry", view.must_carry),
        ("Must not show", view.must_not_show),
    )


def intent_of(scene: PageScene) -> list[tuple[str, str]]:
    """Give a scene's intent by label, without what nobody wrote."""
    return _written(
        ("Purpose", scene.purpose),
        ("What changes", scene.change),
        ("The audience should feel", scene.feeling),
        ("Must carry", scene.must_carry),
        ("Must not show", scene.must_not_show),
    )


def _written(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (label, text) for label, text in ((label, clean(text)) for label, text in pairs) if text
    ]


def standing(view: PageView) -> list[str]:
    """Say in a few words each how far the sequence is."""
    shots = [shot for scene in view.scenes for shot in scene.shots]
    circled = sum(1 for shot in shots if shot.circle)
    how_far = f"{circled} of {counted(len(shots), 'shot')} with a circle take" if shots else ""
    held = f"{counted(len(view.holds), 'take')} on hold" if view.holds else ""
    made = counted(len(view.exports), "export") if view.exports else ""
    return [part for part in (counted(len(view.scenes), "scene"), how_far, held, made) if part]


def counted(number: int, noun: str) -> str:
    """Count things: `no scenes`, `1 scene`, `2 scenes`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def day(at: date | datetime, zone: str) -> str:
    """Write a day as `30 Nov 2026`; a moment's is the one it fell on in the page's zone."""
    if isinstance(at, datetime):
        at = at.astimezone(ZoneInfo(zone)).date()
    return f"{at.day} {at:%b %Y}"


def moment(at: datetime, zone: str) -> str:
    """Write a moment with its zone, so that a printed page needs no more to be understood."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{here.day} {here:%b %Y, %H:%M} ({zone})"


def plan(shot: PageShot) -> str:
    """Write how a shot is framed, moved and cut in one line."""
    parts = (clean(shot.framing), clean(shot.camera), f"{shot.seconds:g} s", clean(shot.ratio))
    return " · ".join(part for part in parts if part)


def approval(circle: PageCircle, zone: str) -> str:
    """Say who circled a take, and when."""
    names = [name for name in map(clean, circle.approved_by) if name]
    by = f" by {listed(names)}" if names else ""
    return f"Approved{by} on {day(circle.approved_at, zone)}"


def listed(names: list[str]) -> str:
    """Write names as a sentence does: `Lin, Maya and Sam`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def placed(placement: PagePlacement, zone: str) -> str:
    """Say where an export is shown and since when."""
    since = day(placement.placed_on, zone)
    until = f" until {day(placement.ended_on, zone)}" if placement.ended_on else ""
    verb = "from" if until else "since"
    return f"{clean(placement.use)}, {verb} {since}{until}"


def web(url: str) -> str:
    """Give an address only if it is one of the web; anything else is never made a link."""
    url = clean(url)
    is_web = re.match(r"https?://[^\s/]", url, re.IGNORECASE) and not re.search(r"\s", url)
    return url if is_web else ""


def toned(word: str) -> Told:
    """Give a status with the tone it is shown in; its word says the same without colour."""
    word = clean(word)
    known = word.casefold()
    tone = (
        "good" if known in _GOOD else
        "bad" if known in _BAD else
        "open" if known in _OPEN else "plain"
    )  # fmt: skip
    return {"status": sentence(word), "tone": tone}


def sentence(word: str) -> str:
    """Begin a word with a capital."""
    return word[:1].upper() + word[1:]


def prompts(view: PageView) -> list[Told]:
    """Give the scenes that something was ordered for, each with its prompts."""
    return [
        {
            "code": line(scene.code),
            "title": line(scene.title),
            "takes": [_prompt(each, view.zone) for each in scene.prompts],
        }
        for scene in view.scenes
        if scene.prompts
    ]


def _prompt(prompt: PagePrompt, zone: str) -> Told:
    facts = [clean(prompt.engine), clean(prompt.model), day(prompt.at, zone)]
    used = ", ".join(map(clean, prompt.references))
    return {
        "take": clean(prompt.take),
        "facts": " · ".join(filter(None, facts)),
        "references": f"Made after {used}" if used else "",
        "prompt": clean(prompt.prompt),
        **toned(prompt.state),
    }


def _constraint(constraint: PageConstraint) -> Told:
    words = _cleaned(asdict(constraint))
    return words | toned(constraint.effect) | {"kind": sentence(words["kind"])}


def running(view: PageView) -> tuple[str, str]:
    """Name sequence and production in half a line each, for the head of every sheet."""
    name = f"{line(view.code)} {line(view.title)}".strip()
    return brief(name, 64), brief(line(view.production), 48)


def brief(text: str, most: int) -> str:
    """Shorten a text to what fits, with a mark that something was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def line(text: str) -> str:
    """Clean what has to stand in one line, as titles and names do."""
    return " ".join(clean(text).split())


def _reference(reference: PageReference) -> Told:
    return toned(reference.status) | {
        "code": line(reference.code),
        "title": line(reference.title),
        "sort": f"{sentence(line(reference.kind))}, version {reference.version}",
        "rights": clean(reference.rights),
        "picture": _picture(reference.picture),
        "link": web(reference.link),
    }


def _scene(scene: PageScene, zone: str) -> Told:
    return {
        "code": line(scene.code),
        "title": line(scene.title),
        "intent": intent_of(scene),
        "shots": [_shot(each, zone) for each in scene.shots],
    }


def _shot(shot: PageShot, zone: str) -> Told:
    return {
        "code": clean(shot.code),
        "action": clean(shot.action),
        "plan": plan(shot),
        "state": clean(shot.state),
        "circle": _circle(shot.circle, zone) if shot.circle else None,
    }


def _circle(circle: PageCircle, zone: str) -> Told:
    words = _cleaned({"code": circle.code, "sha256": circle.sha256, "link": web(circle.link)})
    shown = {"approval": approval(circle, zone), "poster": _picture(circle.poster)}
    return words | shown


def _picture(picture: PagePicture | None) -> Told | None:
    if picture is None:
        return None
    return {"sha256": picture.sha256, "alt": line(picture.alt) or "A picture"}


def _export(export: PageExport, zone: str) -> Told:
    shown = [
        {"where": placed(each, zone), "title": line(each.title), "url": web(each.url)}
        for each in export.placements
    ]
    return {
        "code": line(export.code),
        "path": line(export.path),
        "made": f"{line(export.take)} · {line(export.preset)} · {day(export.at, zone)}",
        "sha256": line(export.sha256),
        "placements": shown,
    }


def _dated(words: Told, at: datetime, zone: str) -> Told:
    texts = {name: value for name, value in words.items() if isinstance(value, str)}
    return _cleaned(texts) | {"on": day(at, zone)}


def _cleaned(words: Told) -> Told:
    return {name: clean(value) for name, value in words.items()}
