"""What is shown of rights: the list of a production, and one release."""

from itertools import groupby

from bot.governed import named
from bot.holds import key_of
from bot.rights import term_told, told
from bot.rights_ledger import Ledger, Line, Open, Place
from handlers.cards._parts import (
    Json,
    actions,
    brief,
    button,
    context,
    fields,
    header,
    moment,
    person,
    safe,
    section,
)
from storage.models import Release

_MOST = 30
_MOST_HELD = 8
_NAMED = 6
_TEXT = 160
_REASON = 600
_HEADINGS = {
    Place.ENDED: "Ended",
    Place.ENDING: "Ending within 30 days",
    Place.RUNNING: "In order",
    Place.REVOKED: "Revoked",
}
_MARK = {
    Place.ENDED: ":no_entry:",
    Place.ENDING: ":hourglass_flowing_sand:",
    Place.RUNNING: ":large_green_circle:",
    Place.REVOKED: ":white_circle:",
}


def rights_list(ledger: Ledger) -> list[Json]:
    """Draw a production's rights: what is on hold before every term."""
    blocks: list[Json] = [section(f"*The rights of {safe(ledger.production.name)}*")]
    if ledger.held:
        blocks.append(section("*On hold until a producer decides*"))
    blocks += [_held(each, ledger) for each in ledger.held[:_MOST_HELD]]
    if not ledger.lines:
        blocks.append(section("No release and no licence is recorded yet."))
    shown = ledger.lines[:_MOST]
    for place, several in groupby(shown, key=lambda each: each.place):
        blocks.append(section(f"*{_HEADINGS[place]}*"))
        blocks += [_line(each) for each in several]
    more = len(ledger.lines) - len(shown) + max(len(ledger.held) - _MOST_HELD, 0)
    if more > 0:
        blocks.append(context(f"{more} more are not shown: `/scene rights L3` shows one."))
    if ledger.may_decide:
        where = ledger.production.channel_id
        blocks.append(actions(button("Record a release or licence", "release_new", where)))
    return blocks


def _held(each: Open, ledger: Ledger) -> Json:
    takes = f"{each.takes} take{'s' * (each.takes != 1)}"
    text = f":no_entry: {_name(each)}: {told(each.standing)}. {takes} made after it."
    if not ledger.may_decide:
        return section(text)
    key = key_of(each.reference.id, each.cause)
    return section(text, accessory=button("Decide…", "hold_decide", key, style="primary"))


def _name(each: Open) -> str:
    return f"*{brief(named(each.reference), _TEXT)}* ({each.reference.code})"


def _line(line: Line) -> Json:
    release = line.release
    what = "  ·  ".join(
        brief(text, _TEXT) for text in (release.scope, release.media, release.territory) if text
    )
    text = (
        f"{_MARK[line.place]} *{release.code}*  {_title(release)}  ·  {term_told(line.term)}"
        f"{f'{chr(10)}{what}' if what else ''}\n{_covers(line)}"
    )
    return section(text, accessory=button("Show", "release_show", release.id))


def _title(release: Release) -> str:
    return f"{release.kind.value.capitalize()} of {brief(release.holder, _TEXT)}"


def _covers(line: Line) -> str:
    names = [f"{each.code} {brief(named(each), _TEXT)}" for each in line.covers[:_NAMED]]
    more = len(line.covers) - _NAMED
    return f"Covers {', '.join(names) or 'nothing'}{f' and {more} more' if more > 0 else ''}"


def release_card(line: Line, *, may_decide: bool) -> list[Json]:
    """Draw one release or licence."""
    release = line.release
    covers = ", ".join(f"{each.code} {named(each)}" for each in line.covers)
    blocks = [
        header(f"{release.code} · {release.kind.value.capitalize()} of {release.holder}"),
        context(
            f"{_MARK[line.place]} *{_HEADINGS[line.place]}*", term_told(line.term), _recorded(line)
        ),
        *fields(
            [
                ("What may be done", release.scope),
                ("Media", release.media),
                ("Territory", release.territory),
                ("Exclusive", "Yes" if release.exclusive else "No"),
                ("Covers", covers),
                ("Note", release.note),
            ]
        ),
        context(_paper(release)),
    ]
    if release.revoked_at:
        why = brief(release.revoked_reason, _REASON)
        who = f"{person(release.revoked_by)}, {moment(release.revoked_at)}"
        return [*blocks, section(f":no_entry: Revoked by {who}: “{why}”")]
    if may_decide:
        edit = button("Edit or renew", "release_edit", release.id)
        ends = button("Revoke…", "release_revoke", release.id, style="danger")
        blocks.append(actions(edit, ends))
    return blocks


def _recorded(line: Line) -> str:
    return f"recorded by {person(line.release.recorded_by)}, {moment(line.release.recorded_at)}"


def _paper(release: Release) -> str:
    name = brief(release.document_name, _TEXT)
    if release.document_problem:
        return f":warning: {name} is not kept: {safe(release.document_problem)}"
    if release.document_sha256:
        return f":page_facing_up: {name}  `{release.document_sha256[:8]}`"
    return f":page_facing_up: {name} is being fetched" if name else "No paper is kept with it."
