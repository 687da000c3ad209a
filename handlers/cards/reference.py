"""What is shown of references: one on its card, those that wait together, and a list of all."""

from bot.governed import Governed, named
from bot.lookalikes import told
from bot.reference_kinds import told_traits
from bot.reference_status import Seen, Waiting
from bot.reference_view import PAGE, Page, lead
from bot.rights import Clearance
from bot.views import ProposalsView, ReferenceView
from handlers.cards._parts import (
    Drawn,
    Json,
    actions,
    brief,
    button,
    context,
    fields,
    header,
    moment,
    option,
    person,
    picture,
    safe,
    section,
)
from storage.models import FileForm, ReferenceStatus, Scene

_MARK: dict[ReferenceStatus, str] = {
    ReferenceStatus.PROPOSED: ":large_yellow_circle:",
    ReferenceStatus.APPROVED: ":large_green_circle:",
    ReferenceStatus.RESTRICTED: ":no_entry:",
    ReferenceStatus.RETIRED: ":white_circle:",
}
_LISTED = 12
_TITLE = 60
_REASON = 600
_MENU: tuple[tuple[str, str, frozenset[ReferenceStatus]], ...] = (
    ("Make a new version", "version", frozenset(ReferenceStatus)),
    ("Where it is used", "where", frozenset(ReferenceStatus)),
    ("Back to proposed", "propose", frozenset(ReferenceStatus) - {ReferenceStatus.PROPOSED}),
    ("Restrict", "restrict", frozenset(ReferenceStatus) - {ReferenceStatus.RESTRICTED}),
    ("Retire", "retire", frozenset(ReferenceStatus) - {ReferenceStatus.RETIRED}),
)


def reference_card(view: ReferenceView) -> Drawn:
    """Draw a reference as it stands."""
    member = view.member
    reference = member.reference
    blocks = [
        header(f"{reference.code} · {named(reference)}"),
        context(_standing(member), _made(member)),
        *_why(member),
    ]
    shown = lead(view)
    if shown and shown.shown_file_id:
        what = f"{reference.kind.value} {reference.code} {named(reference)}"
        blocks.append(picture(shown.shown_file_id, f"Reference picture of the {what}"))
    blocks += fields(told_traits(reference.kind, reference.fields))
    blocks += _note(member)
    blocks.append(context(*_files(member), _cast(view.scenes), f"Rights: {rights_told(member)}"))
    if view.lookalikes:
        blocks.append(context(*(f":mag: {told(each)}" for each in view.lookalikes[:3])))
    blocks.append(_choices(member))
    return Drawn(f"{reference.code} {named(reference)}: {_word(member)}.", blocks)


def _word(member: Governed) -> str:
    if member.is_coming:
        return "being fetched"
    return member.reference.status.value


def _standing(member: Governed) -> str:
    reference = member.reference
    version = f"version {reference.version}"
    word = _word(member).capitalize()
    return f"{_MARK[reference.status]} *{word}*  ·  {reference.kind.value}  ·  {version}"


def _made(member: Governed) -> str:
    version = member.asset.version
    who = person(version.made_by) if version.made_by else "an import"
    return f"by {who}, {moment(version.made_at)}"


def _why(member: Governed) -> list[Json]:
    """Say who ruled and why, where somebody did."""
    reference = member.reference
    if not reference.status_by:
        return []
    said = f"{reference.status.value.capitalize()} by {person(reference.status_by)}"
    if reference.status_at:
        said += f", {moment(reference.status_at)}"
    if not reference.status_reason:
        return [context(said)]
    return [section(f"{said}:\n>{brief(_line(reference.status_reason), _REASON)}")]


def _line(text: str) -> str:
    return " ".join(text.split())


def _note(member: Governed) -> list[Json]:
    note = member.asset.version.note
    return [section(f"*What is different*\n{brief(note, _REASON)}")] if note else []


def _files(member: Governed) -> list[str]:
    """Count the files by what they are, and name those of no use."""
    files = member.asset.files
    kept = [each for each in files if each.sha256]
    counted = [
        f"{count} {form.value}{'s' if count > 1 else ''}"
        for form in FileForm
        if (count := sum(1 for each in kept if each.form is form))
    ]
    coming = sum(1 for each in files if not each.sha256 and not each.problem)
    if coming:
        counted.append(f"{coming} being fetched")
    hashed = f"  `{kept[0].sha256[:8]}`" if kept and kept[0].sha256 else ""
    told_of = [f":frame_with_picture: {', '.join(counted)}{hashed}"] if counted else ["No file yet"]
    told_of += [
        f":warning: {brief(each.name, _TITLE)}: {brief(each.problem, 200)}"
        for each in files
        if each.problem
    ]
    return told_of[:5]


def _cast(scenes: list[Scene]) -> str:
    if not scenes:
        return "In no scene"
    codes = ", ".join(each.code for each in scenes[:_LISTED])
    more = len(scenes) - _LISTED
    return f":clapper: {codes}{f' and {more} more' if more > 0 else ''}"


def rights_told(member: Governed) -> str:
    """Say in a few words how it stands with the rights of a reference."""
    standing, release = member.standing, member.standing.release
    if standing.clearance not in {Clearance.IN_ORDER, Clearance.PROPOSED}:
        code = f" ({release.code})" if release else ""
        return f"{standing.clearance.value}{code}"
    if release is None:
        return "no release needed"
    until = f"until {release.ends_on:%Y-%m-%d}" if release.ends_on else "without end"
    days = standing.days_left
    left = "" if days is None else f", {days} day{'' if days == 1 else 's'} left"
    return f"{release.code} {until}{left}"


def _choices(member: Governed) -> Json:
    reference = member.reference
    seen = Seen.of(reference).written()
    elements = [button("Edit", "reference_edit", reference.id)]
    if reference.status is not ReferenceStatus.APPROVED:
        approve = button("Approve", "reference_approve", seen, style="primary")
        elements.insert(0, approve)
    if reference.status in {ReferenceStatus.APPROVED, ReferenceStatus.PROPOSED}:
        elements.append(button("Withdraw…", "reference_withdraw", reference.id))
    offered = [
        option(text, f"{choice}:{seen}")
        for text, choice, where in _MENU
        if reference.status in where
    ]
    elements.append({"type": "overflow", "action_id": "reference_more", "options": offered})
    return actions(*elements)


def proposals_card(view: ProposalsView) -> Drawn:
    """Draw the one line that stands for many proposals, with one button for all of them."""
    where = f" for {view.scene.code}" if view.scene else ""
    if not view.members:
        told_now = f":large_green_circle: No reference{where} waits for approval any more."
        return Drawn(told_now, [section(f"{told_now} `/scene ref` lists them.")])
    count = len(view.members)
    names = ", ".join(
        f"{each.reference.code} {brief(named(each.reference), _TITLE)}"
        for each in view.members[:_LISTED]
    )
    more = f" and {count - _LISTED} more" if count > _LISTED else ""
    coming = sum(1 for each in view.members if each.is_coming)
    waits = f" {coming} being fetched." if coming else ""
    subject = view.scene.id if view.scene else view.production.id
    seen = Waiting.of(view.production.id, subject, view.members).written()
    text = f":large_yellow_circle: *{_counted(count)} proposed{where}:* {names}{more}.{waits}"
    return Drawn(
        f"{_counted(count)} proposed{where}.",
        [
            section(f"{text}\n`/scene ref` lists them, `/scene ref R12` shows one."),
            actions(button(_all_of(count), "reference_approve_all", seen, style="primary")),
        ],
    )


def _counted(count: int) -> str:
    return "1 reference is" if count == 1 else f"{count} references are"


def _all_of(count: int) -> str:
    return "Approve it" if count == 1 else f"Approve all {count}"


def references_list(page: Page) -> list[Json]:
    """Draw one page of a production's references."""
    lines = [_listed(each, page.scenes.get(each.reference.id, [])) for each in page.members]
    several = [lines[start : start + PAGE // 2] for start in range(0, len(lines), PAGE // 2)]
    end = page.skipped + len(page.members)
    blocks = [
        section(f"*References of {safe(page.production.name)}*"),
        *(section("\n".join(each)) for each in several),
        context(f"{page.skipped + 1} to {end} of {page.total}. `/scene ref R12` shows one."),
    ]
    if end < page.total:
        blocks.append(actions(button("Show more", "reference_page", str(end))))
    return blocks


def _listed(member: Governed, scenes: list[Scene]) -> str:
    reference = member.reference
    title = brief(named(reference), _TITLE)
    told_of = [
        f"{_MARK[reference.status]} *{reference.code}* {title}",
        f"{reference.kind.value} v{reference.version}",
        "being fetched" if member.is_coming else rights_told(member),
        ", ".join(each.code for each in scenes[:4]) + ("…" if len(scenes) > 4 else ""),  # noqa: PLR2004 - as many codes as a line holds
    ]
    return "  ·  ".join(each for each in told_of if each)
