"""Exports and where they were placed, as answers to whoever asks."""

from bot.exports import Made, where_it_is
from bot.rights import day
from handlers.cards._parts import Json, actions, brief, button, context, plain, safe, section
from handlers.cards.impact import placed_told
from storage.models import Export, Placement, Scene, Shot, Take

PLACE, END = "export_place", "placement_end"
_SHOWN, _OFFERED = 12, 5


def made_card(made: Made) -> list[Json]:
    """Say what was exported, or that it was already."""
    export = made.export
    said = "is exported" if made.is_new else "was exported already"
    label = f"{made.scene.code} {made.shot.code} {made.take.code}"
    where = "Its file is in the scene's thread." if made.is_posted else where_it_is(made)
    text = f":package: *{export.code}* {said}: {label}, {safe(export.preset)}. {where}"
    facts = context(f"`{export.path}`", f"SHA-256 `{export.sha256}`")
    return [section(text), facts, actions(_place(export))]


def _place(export: Export) -> Json:
    return button(f"Place {export.code}…", PLACE, export.id)


def placed_list(
    placed: list[tuple[Placement, Export]], newest: list[tuple[Export, Take, Shot, Scene]]
) -> list[Json]:
    """List where exports are shown, and offer to place the newest ones."""
    blocks = [_placement(*each) for each in placed[:_SHOWN]]
    if not blocks:
        blocks = [section("Nothing is placed yet.")]
    blocks += [_export(*each) for each in newest[:_OFFERED]]
    if not newest:
        blocks.append(context("There is no export yet: `/scene export SC010` makes one."))
    return blocks


def _export(export: Export, take: Take, shot: Shot, scene: Scene) -> Json:
    """Offer to place an export; each in a block of its own, for Slack tells buttons by those."""
    text = f":package: *{export.code}*  ·  {scene.code} {shot.code} {take.code}  ·  "
    return section(f"{text}{brief(scene.title, 80)}", accessory=_place(export))


def _placement(placement: Placement, export: Export) -> Json:
    mark = ":white_circle:" if placement.ended_on else ":pushpin:"
    until = f" until {day(placement.ended_on)}" if placement.ended_on else ""
    text = f"{mark} {placed_told(export, placement)}\nFrom {day(placement.placed_on)}{until}"
    return section(text) if placement.ended_on else section(text, accessory=_end(placement))


def _end(placement: Placement) -> Json:
    confirm: Json = {
        "title": plain("End this placement?"),
        "text": plain(f"{brief(placement.title, 80)} is not shown any more, from today on."),
        "confirm": plain("End it"),
        "deny": plain("Keep it"),
    }
    return button("End…", END, placement.id, confirm=confirm)
