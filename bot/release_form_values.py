"""What somebody filled in about a release or licence, and why it cannot be accepted as it is."""

from dataclasses import dataclass
from datetime import date

from bot.ports import SharedFile
from bot.rights import day
from storage.models import Release, ReleaseKind

LONGEST = 3000
LONGEST_NAME = 150
MOST_COVERED = 100
"""As many as a menu of Slack's lists at once."""
TEXTS = ("holder", "scope", "media", "territory", "note")


@dataclass(frozen=True)
class ReleaseForm:
    """A release or licence as it is filled in; days are as typed, `2026-11-30`."""

    kind: ReleaseKind = ReleaseKind.RELEASE
    holder: str = ""
    scope: str = ""
    media: str = ""
    territory: str = ""
    starts: str = ""
    ends: str = ""
    is_perpetual: bool = False
    exclusive: bool = False
    note: str = ""
    reference_ids: tuple[str, ...] = ()
    documents: tuple[SharedFile, ...] = ()

    @property
    def starts_on(self) -> date:
        """The first day that it holds; only to be asked of a form without problems."""
        return date.fromisoformat(self.starts)

    @property
    def ends_on(self) -> date | None:
        """The last day that it holds; None if it never ends."""
        return None if self.is_perpetual else date.fromisoformat(self.ends)


def form_of(release: Release, reference_ids: tuple[str, ...]) -> ReleaseForm:
    """Give the form as it stands."""
    return ReleaseForm(
        kind=release.kind,
        holder=release.holder,
        scope=release.scope,
        media=release.media,
        territory=release.territory,
        starts=release.starts_on.isoformat(),
        ends=release.ends_on.isoformat() if release.ends_on else "",
        is_perpetual=release.ends_on is None,
        exclusive=release.exclusive,
        note=release.note,
        reference_ids=reference_ids,
    )


def problems_in(form: ReleaseForm) -> dict[str, str]:
    """Say for each field why it cannot be accepted."""
    problems = _overlong(form) | _term(form)
    if not form.holder.strip():
        problems["holder"] = "Say who gives the permission."
    if not form.reference_ids:
        problems["references"] = "Choose at least one reference that it covers."
    elif len(form.reference_ids) > MOST_COVERED:
        count = len(form.reference_ids)
        problems["references"] = f"It covers at most {MOST_COVERED} references; these are {count}."
    if len(form.documents) > 1:
        problems["document"] = "One file is kept as its paper: put several pages into one PDF."
    return problems


def _overlong(form: ReleaseForm) -> dict[str, str]:
    most = dict.fromkeys(TEXTS, LONGEST) | {"holder": LONGEST_NAME}
    return {
        name: f"At most {most[name]:,} characters fit here; this has {len(text):,}."
        for name in TEXTS
        if len(text := str(getattr(form, name))) > most[name]
    }


def _term(form: ReleaseForm) -> dict[str, str]:
    starts, ends = _day(form.starts), _day(form.ends)
    if not form.starts:
        return {"starts": "Say from which day on it holds."}
    if starts is None:
        return {"starts": _UNREAD}
    if form.is_perpetual:
        return {"ends": _BOTH} if form.ends else {}
    if not form.ends:
        return {"ends": "Say when it ends, or tick In perpetuity."}
    if ends is None:
        return {"ends": _UNREAD}
    return {"ends": f"It would end before it begins on {day(starts)}."} if ends < starts else {}


_BOTH = "It ends, or it holds in perpetuity: clear one of the two."
_UNREAD = "Write the day as year, month and day: 2026-11-30."


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
