"""What used a reference: how much, then take by take, the weightiest first."""

from collections.abc import Iterator, Mapping

from bot.governed import named
from bot.graph import PAGE, Impact, Where, is_live
from bot.rights import day
from handlers.cards._parts import (
    MARK,
    Json,
    actions,
    brief,
    button,
    context,
    cut,
    header,
    safe,
    section,
    state_of,
)
from storage.graph import Dependent, Slot, Tally
from storage.models import Export, Placement, ReferenceStatus, Scene

MORE = "reference_where"
_TITLE = 60
_SCENES = 12
_VERSIONS = 12
_HEADINGS = ("", "setups", "takes", "circle takes", "exports", "placements")


def where_card(where: Where, links: Mapping[str, str]) -> list[Json]:
    """Draw a page of what used a reference; `links` are messages' addresses by the take's id."""
    reference = where.reference
    title = f"{reference.code} · {named(reference)}"
    cast = context(cast_told(where.scenes))
    if not where.tallied.whole.takes:
        return [section(f"*{safe(title)}*\nNo take was made after it yet."), cast]
    blocks = [] if where.skipped else [header(title), section(table(where)), cast]
    blocks += [
        section(f"{count}. {_dependent(each, where, links)}")
        for count, each in enumerate(where.dependents, where.skipped + 1)
    ]
    return [*blocks, *_more(where)]


def cast_told(scenes: list[Scene]) -> str:
    """Say where a reference is cast."""
    if not scenes:
        return "It is cast in no scene now."
    more = len(scenes) - _SCENES
    codes = ", ".join(scene.code for scene in scenes[:_SCENES])
    return f"Cast in {codes}{f' and {more} more' if more > 0 else ''}."


def table(where: Where) -> str:
    """Set how much each version was used in columns; the last row counts each take once."""
    versions = list(where.tallied.versions.items())
    rows = [_row(f"v{number}", each) for number, each in versions[:_VERSIONS]]
    if len(versions) > 1:
        rows.append(_row("all", where.tallied.whole))
    lines = [_HEADINGS, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_HEADINGS))]
    return "```" + "\n".join(_line(line, widths) for line in lines) + "```"


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    figures = tally.setups, tally.takes, tally.circles, tally.exports, tally.placements
    return (name, *(f"{figure:,}" for figure in figures))


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])


def _dependent(each: Dependent, where: Where, links: Mapping[str, str]) -> str:
    take = each.take
    link = links.get(take.id)
    label = f"<{link}|{each.label}>" if link else each.label
    facts = [f"{MARK.get(take.state, ':film_frames:')} *{label}*", state_of(take), _versions(each)]
    if take.sha256:
        facts.append(f"`{take.sha256[:8]}`")
    lines = ["  ·  ".join(facts), *(line for slot in each.slots for line in _slot(slot, where))]
    return "\n".join(lines)


def _versions(each: Dependent) -> str:
    """Say which versions it used, and through which take if it did so only through another."""
    told = [
        f"v{use.version} through {each.through[use.via_take_id].code}"
        if use.via_take_id in each.through
        else f"v{use.version}"
        for use in each.uses
    ]
    return ", ".join(dict.fromkeys(told))


def _slot(slot: Slot, where: Where) -> Iterator[str]:
    made = slot.export
    if not slot.placements:
        yield f"    :package: {made.code} exported, {safe(made.preset)}"
    for each in slot.placements:
        shown = "live since" if is_live(each, where.today) else "ended; was shown from"
        yield f"    :pushpin: {placed_told(made, each)}, {shown} {day(each.placed_on)}"


def placed_told(export: Export, each: Placement) -> str:
    """Name a placement: its export, what it is, and its title as a link if it has one."""
    title = brief(each.title, _TITLE) or each.use.value
    linked = f"<{safe(each.url).replace('|', '%7C')}|{title}>" if each.url else title
    return f"{export.code} · {each.use.value} · {linked}"


def _more(where: Where) -> list[Json]:
    total, seen = where.tallied.whole.takes, where.skipped + len(where.dependents)
    if total == 1:
        return []
    told = context(f"{where.skipped + 1:,} to {seen:,} of {total:,} takes, what weighs most first.")
    if seen >= total or not where.dependents:
        return [told]
    value = f"{where.reference.id}:{where.skipped + PAGE}"
    left = min(PAGE, total - seen)
    return [told, actions(button(f"Show {left} more", MORE, value))]


def impact_blocks(impact: Impact) -> list[Json]:
    """Draw what a withdrawal would touch, before anybody is asked for the reason."""
    reference, whole = impact.reference, impact.tallied.whole
    title = f"*{reference.code} · {safe(cut(named(reference), _TITLE))}*  ·  {_status(impact)}"
    blocks = [section(f"{title}\n{_counts(whole)}")]
    if impact.live:
        shown = [placed_told(export, placement) + f"  ·  {each.label}"
                 for each, export, placement in impact.live]  # fmt: skip
        blocks.append(section(_listed("Still shown", shown, whole.live)))
    if impact.circles:
        labels = [f"{each.label}  ·  {_versions(each)}" for each in impact.circles]
        blocks.append(section(_listed("Circle takes", labels, whole.circles)))
    return [*blocks, section(_effect(impact)), context(cast_told(impact.scenes))]


def _status(impact: Impact) -> str:
    reference = impact.reference
    return f"{reference.status.value}, version {reference.version}"


def _counts(whole: Tally) -> str:
    if not whole.takes:
        return "No take was made after it."
    counted = (
        (whole.takes, "take", "takes"),
        (whole.circles, "circle take", "circle takes"),
        (whole.undecided, "waiting for a decision", "waiting for a decision"),
        (whole.exports, "export", "exports"),
        (whole.live, "placement still shown", "placements still shown"),
    )
    told = [
        f"*{number:,}* {one if number == 1 else more}" for number, one, more in counted if number
    ]
    return "  ·  ".join(told)


def _listed(title: str, lines: list[str], total: int) -> str:
    more = total - len(lines)
    rest = f"\nand {more:,} more" if more > 0 else ""
    return f"*{title}*\n" + "\n".join(f"• {line}" for line in lines) + rest


def _effect(impact: Impact) -> str:
    whole = impact.tallied.whole
    told = ["Nothing is ordered with it any more."]
    if held := whole.circles + whole.undecided:
        takes, each = ("1 take is", "it") if held == 1 else (f"{held:,} takes are", "each")
        told.append(f"{takes} held from approval and export until a producer rules on {each}.")
    if whole.live:
        told.append(
            "What is shown stays until somebody takes it down, and ends it with `/scene place`."
        )
    if impact.reference.status is ReferenceStatus.RESTRICTED:
        told.append("It is restricted already; a withdrawal is the last word.")
    return "*What will happen*\n" + " ".join(told)
