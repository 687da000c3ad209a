"""A digest as plain text, for a terminal."""

from bot.digest import Compared, Digest, Families, Finding, Quiet, Section, Tally, ToDo, waited
from bot.figures import Waiting


def plain(digest: Digest) -> str:
    """Write a digest in the order that Slack shows it, a blank line between its parts."""
    parts = [digest.heading, *map(_written, digest.sections), digest.footnote]
    return "\n\n".join(parts)


def _written(part: Section) -> str:
    match part:
        case ToDo():
            more = [f"  and {part.more} more"] if part.more else []
            return "\n".join([part.headline, *map(_waiting, part.items), *more])
        case Finding():
            return f"{part.subject} {part.text}"
        case Tally():
            return f"{part.period}: {part.text}"
        case Compared():
            return "\n".join(f"{label}: {value}" for label, value in part.rows)
        case Families():
            return _families(part)
        case Quiet():
            return part.text


def _waiting(item: Waiting) -> str:
    asked = f"asked by {item.asked_by}, " if item.asked_by else "asked "
    return f"  {item.title} ({asked}{waited(item.hours)}) {item.link}".rstrip()


def _families(part: Families) -> str:
    subject = f"{part.subject}: " if part.subject else ""
    lines = [
        f"  {family.name}: {family.approved} approved, {family.rejected} turned down"
        for family in part.bars
    ]
    return "\n".join([f"Which prompt family wastes takes? {subject}{part.answer}", *lines])
