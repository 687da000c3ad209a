"""A sequence's page as a Slack canvas takes it, section by section, and as lines for a message.

A canvas is read in a channel beside other things: each section stays short, says what it leaves
out, and where the whole is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from bot.mrkdwn import escaped
from bot.page_view import (
    PageConstraint,
    PageExport,
    PageHold,
    PagePrompt,
    PageReference,
    PageScene,
    PageShot,
    PageView,
)
from bot.page_words import (
    approval,
    brief,
    counted,
    day,
    intent,
    intent_of,
    line,
    moment,
    placed,
    plan,
    sentence,
    standing,
    web,
)

SECTION = 6000
"""Characters of a section; a canvas takes a whole mebibyte, and nobody reads that in a channel."""
ROWS = 40
"""Of a table: Slack takes 300 cells."""
TEXT = 400
"""Characters of one text that somebody wrote."""
HOLDS, SCENES = 5, 15
"""As many as a message lists."""
_MARKS = re.compile(r"([\\`*_\[\]<>|~])")
_OPENING = re.compile(r"^(?:([#+>=-])|(\d+)([.)]))")
"""What makes a heading, a list or a quote of a line that begins with it."""


@dataclass(frozen=True)
class Section:
    """A part of the canvas that is replaced as one."""

    name: str
    """Stays the same whatever becomes of the sequence: `holds`, `scene SC010`."""
    heading: str
    """As it stands above the section, without marks; no two sections have the same."""
    markdown: str
    """What stands below the heading."""

    @property
    def whole(self) -> str:
        """Give heading and text together."""
        return f"## {marked(self.heading)}\n\n{self.markdown}"


def sections(view: PageView) -> list[Section]:
    """Write the page. Only the last section changes when nothing but the time has passed."""
    whole = f"The whole page: {_code(f'circletake page {line(view.code)}')}"
    zone = view.zone
    listed = (
        ("holds", "On hold", [_hold(each, zone) for each in view.holds]),
        ("constraints", "Constraints", _constraints(view)),
        *((f"scene {line(it.code)}", _heading(it), _scene(it, zone)) for it in view.scenes),
        ("references", "References", [_reference(each) for each in view.references]),
        ("approvals", "Approvals", _approvals(view)),
        ("exports", "Exports", [_export(each, zone) for each in view.exports]),
        ("prompts", "Prompt history", _prompts(view)),
    )
    return [
        Section("story", "Story job", _story(view)),
        *(Section(name, head, _fitted(lines, whole)) for name, head, lines in listed if lines),
        Section("about", "About this page", f"As of {moment(view.as_of, zone)}. {whole}"),
    ]


def summary(view: PageView) -> list[str]:
    """Say in a few lines of mrkdwn where the sequence stands, for where there is no canvas."""
    title = escaped(brief(line(view.title) or "Untitled sequence", 150))
    command = escaped(f"circletake page {line(view.code)}").replace("`", "")
    lines = [
        f"*{escaped(line(view.code))}* {title}: {', '.join(standing(view))}",
        escaped(brief(line(view.story_job), TEXT)),
        *(f"On hold: {escaped(_reason(each))}" for each in view.holds[:HOLDS]),
        _left(len(view.holds) - HOLDS, "more on hold"),
        *(escaped(_stands(each)) for each in view.scenes[:SCENES]),
        _left(len(view.scenes) - SCENES, "more scenes"),
        f"As of {moment(view.as_of, view.zone)}. The whole page: `{command}`",
    ]
    return [each for each in lines if each]


def _left(number: int, noun: str) -> str:
    return f"and {number} {noun}" if number > 0 else ""


def _reason(hold: PageHold) -> str:
    return brief(f"{line(hold.take)}, {line(hold.reference)}: {line(hold.cause)}", TEXT)


def _stands(scene: PageScene) -> str:
    circled = sum(1 for shot in scene.shots if shot.circle)
    return f"{_heading(scene)}: {circled} of {counted(len(scene.shots), 'shot')} with a circle take"


def _heading(scene: PageScene) -> str:
    return brief(f"{line(scene.code)} {line(scene.title)}", 100)


def marked(text: str) -> str:
    """Escape what people wrote so that it stays text, in one line."""
    escapes = _MARKS.sub(r"\\\1", line(text))
    return _OPENING.sub(lambda it: f"\\{it[1]}" if it[1] else f"{it[2]}\\{it[3]}", escapes)


def _code(text: str) -> str:
    """Write something to be copied; no mark works inside, and none can end it."""
    return f"`{line(text).replace('`', '')}`"


def _said(text: str) -> str:
    return marked(brief(line(text), TEXT))


def _linked(words: str, url: str) -> str:
    """Make a link only of an address of the web, without the brackets that could end it."""
    address = web(url).translate({ord(each): f"%{ord(each):02X}" for each in "()<>[]`|\\"})
    return f"[{_said(words)}]({address})" if address else _said(words)


def _fitted(lines: list[str], whole: str) -> str:
    """Take as many lines as a section holds, and say that there are more."""
    kept, room = list[str](), SECTION - len(whole) - 60
    for each in lines:
        room -= len(each) + 1
        if room < 0:
            break
        kept.append(each)
    left = len(lines) - len(kept)
    return "\n".join([*kept, *([f"\n{left} more left out here. {whole}"] if left else [])])


def _story(view: PageView) -> str:
    job = marked(brief(line(view.story_job), 4 * TEXT)) or "The sequence has no story job yet."
    return "\n".join([job, "", *_bullets(intent(view))]).rstrip()


def _bullets(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"- **{label}:** {_said(text)}" for label, text in pairs]


def _hold(hold: PageHold, zone: str) -> str:
    return (
        f"- **{_said(hold.take)}:** {_said(hold.reference)}, {_said(hold.cause)} "
        f"(since {day(hold.since, zone)})"
    )


def _table(heads: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    """Write a table, or a list of what it leaves out; nothing at all without rows."""
    if not rows:
        return []
    lines = [heads, ["---"] * len(heads), *rows[:ROWS]]
    left = _left(len(rows) - ROWS, "more, on the whole page")
    return [f"| {' | '.join(cells)} |" for cells in lines] + ([f"\n{left}"] if left else [])


def _constraints(view: PageView) -> list[str]:
    heads = ("Kind", "Rule", "Source", "Applies to", "Effect")
    return _table(heads, [_constraint(each) for each in view.constraints])


def _constraint(constraint: PageConstraint) -> list[str]:
    waived = f" ({_said(constraint.waived)})" if constraint.waived else ""
    return [
        _said(sentence(constraint.kind)),
        _said(constraint.text) + waived,
        _said(constraint.source),
        _said(constraint.level),
        _said(sentence(constraint.effect)),
    ]


def _scene(scene: PageScene, zone: str) -> list[str]:
    shots = [_shot(each, zone) for each in scene.shots]
    return [*_bullets(intent_of(scene)), *(shots or ["- This scene has no shots yet."])]


def _shot(shot: PageShot, zone: str) -> str:
    told = f"- **{_said(shot.code)}** {_said(shot.action)} ({_said(plan(shot))})"
    if shot.circle is None:
        return f"{told}: {_said(shot.state)}" if shot.state else told
    take = _linked(f"circle take {line(shot.circle.code)}", shot.circle.link)
    return f"{told}: {take}. {_said(approval(shot.circle, zone))}"


def _reference(reference: PageReference) -> str:
    name = _linked(f"{line(reference.code)} {line(reference.title)}", reference.link)
    facts = [line(reference.kind), f"version {reference.version}", line(reference.status)]
    return f"- {name}: {_said(', '.join(filter(None, [*facts, line(reference.rights)])))}"


def _approvals(view: PageView) -> list[str]:
    heads = ("Date", "Take", "Stage", "Approved by", "Note")
    rows = [
        [day(each.at, view.zone), *map(_said, (each.take, each.stage, each.by, each.note))]
        for each in view.approvals
    ]
    return _table(heads, rows) or ["Nothing is approved yet."]


def _export(export: PageExport, zone: str) -> str:
    told = f"- **{_said(export.code)}** {_code(brief(line(export.path), TEXT))}"
    made = _said(f"{line(export.take)}, {line(export.preset)}, {day(export.at, zone)}")
    shown = [
        f"  - {_linked(each.title or each.url, each.url)}: {_said(placed(each, zone))}"
        for each in export.placements
    ]
    return "\n".join([f"{told}: {made}", *shown])


def _prompts(view: PageView) -> list[str]:
    """Write the newest of each scene first: a long history of one never hides the others."""
    ranked = sorted(
        ((rank, scene, each) for scene in view.scenes for rank, each in enumerate(scene.prompts)),
        key=itemgetter(0),
    )
    return [_prompt(scene, each, view.zone) for _, scene, each in ranked]


def _prompt(scene: PageScene, prompt: PagePrompt, zone: str) -> str:
    names = map(line, (prompt.engine, prompt.model, day(prompt.at, zone), prompt.state))
    used = ", ".join(map(line, prompt.references))
    after = f" (made after {_said(used)})" if used else ""
    take = _said(f"{line(scene.code)} {line(prompt.take)}")
    return f"- **{take}:** {_said(', '.join(filter(None, names)))}{after}: {_said(prompt.prompt)}"
