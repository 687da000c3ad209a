"""The form of a reference: a new one, a correction, or its next version."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.errors import NotNow
from bot.governed import named
from bot.people import Actor
from bot.ports import SharedFile
from bot.proposals import LONGEST_TITLE, MOST_FILES, ReferenceForm, propose
from bot.reference_kinds import EVERY, TRAITS
from bot.reference_records import GONE
from bot.reference_versions import NextVersion, add_next, change
from handlers.cards._parts import Json, context, safe, section
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, several, text, uploads
from storage import drafts, references
from storage.models import Reference, ReferenceKind, ReferenceStatus
from storage.references import Asset

CALLBACK = "reference_form"
CHANGED = "reference_kind"
_UPLOADS = 10
"""What Slack takes in one such field."""
_TITLE = "As people call it. Where each file is a reference, each is called by its own name."
_RELEASE = [("No release is needed", "no"), ("Only with a release that holds", "yes")]
_TOGETHER = [("One reference with all of them", "one"), ("One reference for each file", "each")]


@dataclass(frozen=True)
class Meta:
    """What the form knows beside its fields."""

    channel: str = ""
    reference: str = ""
    """What is corrected or gets a version; empty for a new reference."""
    seen: int = 0
    """For a next version: which one the form shows."""
    scene: str = ""
    scene_code: str = ""
    draft: str = ""
    """Where the files that are offered are kept meanwhile."""

    def to_json(self) -> str:
        """Write it into the form."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of(cls, written: str) -> Self:
        """Read it back."""
        return cls(**json.loads(written))


@dataclass(frozen=True)
class Start:
    """What a form for a new reference begins with."""

    files: tuple[SharedFile, ...] = ()
    title: str = ""
    kind: ReferenceKind = ReferenceKind.CHARACTER
    traits: Mapping[str, str] = field(default_factory=dict[str, str])
    needs_release: bool = False


def loading() -> Json:
    """Show that the thread is being read; Slack's trigger does not wait for it."""
    return modal(CALLBACK, "Reference", [section("Reading the thread …")])


def failed(why: str) -> Json:
    """Show why there is no form."""
    return modal(CALLBACK, "Reference", [section(f":warning: {why}")])


def new(start: Start, meta: Meta) -> Json:
    """Make the form of a new reference, with files to choose from if some are at hand."""
    blocks = [context(_told(start, meta)), *_described(start), *_offered(start.files), _uploads()]
    if len(start.files) > 1:
        blocks.insert(-1, choice("together", "Together", _TOGETHER, value="one"))
    return modal(
        CALLBACK, "Add a reference", blocks, submit="Propose", private_metadata=meta.to_json()
    )


def _told(start: Start, meta: Meta) -> str:
    count = len(start.files)
    told = [f"With {count} file{'s' if count > 1 else ''}, chosen below."] if count else []
    told += [f"It is cast in {meta.scene_code}."] if meta.scene_code else []
    return " ".join([*told, "It is proposed: a producer or director approves it."])


def correction(reference: Reference, meta: Meta, *, start: Start | None = None) -> Json:
    """Make the form that corrects what a reference is called and described by."""
    standing = start or Start(
        title=reference.title,
        kind=reference.kind,
        traits=reference.fields,
        needs_release=reference.needs_release,
    )
    told = f"Its files stay as they are: `/scene ref {reference.code} version` changes those."
    blocks = [*_described(standing), context(told)]
    title = f"Edit {reference.code}"
    return modal(CALLBACK, title, blocks, submit="Save", private_metadata=meta.to_json())


def next_version(asset: Asset, files: tuple[SharedFile, ...], meta: Meta) -> Json:
    """Make the form of a reference's next version: what stays, what comes, what is different."""
    reference = asset.reference
    standing = [each for each in asset.files if not each.problem]
    stays = [(each.name or f"File {each.position}", each.id) for each in standing]
    blocks: list[Json] = [context(_about(reference))]
    if stays:
        values = [value for _, value in stays]
        blocks.append(several("kept", "Files that stay", stays, values=values, optional=True))
    blocks += [
        *_offered(files, standing={each.file_id for each in asset.files}),
        _uploads(),
        text("note", "What is different", lines=True, placeholder="The coat is darker now."),
    ]
    title = f"Version {reference.version + 1} of {reference.code}"
    return modal(CALLBACK, title, blocks, submit="Propose", private_metadata=meta.to_json())


def _about(reference: Reference) -> str:
    told = f"*{reference.code} · {safe(named(reference))}* stands at version {reference.version}"
    if reference.status is ReferenceStatus.APPROVED:
        return f"{told}, approved. With a new version it waits for approval again."
    return f"{told}, {reference.status.value}, and stays so."


def _described(start: Start) -> list[Json]:
    kinds = [(kind.value.capitalize(), kind.value) for kind in ReferenceKind]
    traits = [
        text(f"trait_{each.name}", each.label, start.traits.get(each.name, ""), lines=True,
             optional=True, hint=each.hint)
        for each in TRAITS[start.kind]
    ]  # fmt: skip
    return [
        choice("kind", "Kind", kinds, value=start.kind.value, action=CHANGED, dispatch=True),
        text("title", "Title", start.title, most=LONGEST_TITLE, placeholder="Mira",
             optional=len(start.files) > 1, hint=_TITLE if len(start.files) > 1 else ""),
        *traits,
        choice("release", "Rights", _RELEASE, value="yes" if start.needs_release else "no",
               hint="A person's face, a place, a work or a product that is somebody else's."),
    ]  # fmt: skip


def _offered(files: tuple[SharedFile, ...], standing: set[str | None] | None = None) -> list[Json]:
    known = standing or set()
    fresh = {each.file_id: each for each in files if each.file_id not in known}
    pairs = [(each.title or each.name, file_id) for file_id, each in fresh.items()]
    if not pairs:
        return []
    chosen = [file_id for _, file_id in pairs[:MOST_FILES]]
    return [several("files", "Files found here", pairs, values=chosen, optional=True)]


def _uploads() -> Json:
    return uploads(
        "upload", "Files from your machine", _UPLOADS, optional=True,
        hint="Pictures, clips or documents. The first picture leads.",
    )  # fmt: skip


async def changed(sent: Submission, house: House) -> Json:
    """Draw the form anew for the kind that was chosen, with what was written so far."""
    meta = Meta.of(sent.meta)
    start = Start(
        files=await _drafted(house, sent.actor, meta),
        title=sent.text("title"),
        kind=_kind(sent),
        traits=_traits(sent),
        needs_release=sent.text("release") == "yes",
    )
    if not meta.reference:
        return new(start, meta)
    from_record = await _reference(house, sent.actor, meta)
    return correction(from_record, meta, start=start)


def _kind(sent: Submission) -> ReferenceKind:
    return ReferenceKind(sent.text("kind"))


def _traits(sent: Submission) -> dict[str, str]:
    return {name: sent.text(f"trait_{name}") for name in EVERY}


async def send(sent: Submission, house: House) -> None:
    """Propose, correct, or make the next version, whichever the form is for."""
    meta = Meta.of(sent.meta)
    if meta.seen:
        form = NextVersion(
            meta.reference,
            meta.seen,
            sent.text("note"),
            kept=tuple(sent.ids("kept")),
            files=await _chosen(sent, house, meta),
        )
        await add_next(house.studio, sent.actor, form, key=sent.key)
    elif meta.reference:
        form = _form(sent, ())
        await change(house.studio, sent.actor, form, reference_id=meta.reference, key=sent.key)
    else:
        await _propose(sent, house, meta)


async def _propose(sent: Submission, house: House, meta: Meta) -> None:
    form = _form(sent, await _chosen(sent, house, meta))
    made = await propose(
        house.studio, sent.actor, form, channel_id=meta.channel, scene_id=meta.scene, key=sent.key
    )
    if made:
        codes = ", ".join(each.code for each in made)
        told = f"{codes} {'are' if len(made) > 1 else 'is'} proposed. `/scene ref` lists them all."
        where = meta.channel, sent.actor.user_id
        house.later(house.room.whisper(*where, told, thread_ts=None))


def _form(sent: Submission, files: tuple[SharedFile, ...]) -> ReferenceForm:
    more: dict[str, Any] = {"files": files, "is_each_its_own": sent.text("together") == "each"}
    return ReferenceForm(
        title=sent.text("title"),
        kind=_kind(sent),
        fields=_traits(sent),
        needs_release=sent.text("release") == "yes",
        **more,
    )


async def _chosen(sent: Submission, house: House, meta: Meta) -> tuple[SharedFile, ...]:
    wanted = set(sent.ids("files"))
    at_hand = await _drafted(house, sent.actor, meta)
    return (*(each for each in at_hand if each.file_id in wanted), *sent.files("upload"))


async def _drafted(house: House, actor: Actor, meta: Meta) -> tuple[SharedFile, ...]:
    if not meta.draft:
        return ()
    async with house.studio.db.read() as session:
        body = await drafts.get(session, actor.workspace_id, meta.draft)
    return tuple(SharedFile(**each) for each in (body or {}).get("files", []))


async def kept_draft(house: House, actor: Actor, files: tuple[SharedFile, ...]) -> str:
    """Keep the files that a form offers for as long as it is open; give what it calls them."""
    if not files:
        return ""
    body = {"files": [asdict(each) for each in files]}
    async with house.studio.db.begin() as session:
        return await drafts.keep(session, actor.workspace_id, body, at=house.studio.clock())


async def _reference(house: House, actor: Actor, meta: Meta) -> Reference:
    async with house.studio.db.read() as session:
        found = await references.get(session, actor.workspace_id, meta.reference)
    if found is None:
        raise NotNow(GONE)
    return found
