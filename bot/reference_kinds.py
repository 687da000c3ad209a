"""What a reference of each kind is described by, beside its pictures."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.models import ReferenceKind


@dataclass(frozen=True)
class Trait:
    """One thing that is written down about a reference of some kind."""

    name: str
    """Its key in the reference's fields, and its column in an import."""
    label: str
    hint: str = ""


_CHARACTER = (
    Trait("face", "Face", "Age, features, hair, marks: what must stay the same."),
    Trait("wardrobe", "Wardrobe", "What is worn, in which scenes."),
    Trait("pose", "Pose", "How they hold themselves and move."),
    Trait("proportion", "Proportion", "Height and build, beside others and things."),
)
_LOCATION = (
    Trait("geography", "Geography", "Where things are; where the camera may look."),
    Trait("lighting_rules", "Lighting rules", "Where light comes from, and what never happens."),
    Trait("texture", "Texture", "Surfaces and materials."),
    Trait("time_of_day", "Time of day", "And the weather, if it matters."),
)
_OBJECT = (
    Trait("scale", "Scale", "How large it is, beside a hand or a person."),
    Trait("material", "Material", "What it is made of, and how it takes light."),
    Trait("use_notes", "Use notes", "How it is held, opened, worn or switched on."),
)
_BRAND = (
    Trait("logo_use", "Logo use", "Clear space, smallest size, what it never stands on."),
    Trait("typography", "Typography", "Typefaces, weights, and where each is used."),
    Trait("product_rules", "Product rules", "What the product always or never does."),
)
_STYLE = (Trait("look", "Look", "Lens, grain, palette, contrast: in words that engines know."),)
TRAITS: dict[ReferenceKind, tuple[Trait, ...]] = {
    ReferenceKind.CHARACTER: _CHARACTER,
    ReferenceKind.LOCATION: _LOCATION,
    ReferenceKind.OBJECT: _OBJECT,
    ReferenceKind.BRAND: _BRAND,
    ReferenceKind.STYLE: _STYLE,
}
EVERY = tuple(trait.name for kind in ReferenceKind for trait in TRAITS[kind])


def kept_traits(kind: ReferenceKind, written: Mapping[str, str]) -> dict[str, str]:
    """Keep of what was written what belongs to a kind and is not empty."""
    found = {trait.name: written.get(trait.name, "").strip() for trait in TRAITS[kind]}
    return {name: text for name, text in found.items() if text}


def told_traits(kind: ReferenceKind, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give what is known of a reference as label and text, in the order of its form."""
    return [(each.label, fields[each.name]) for each in TRAITS[kind] if fields.get(each.name)]
