"""The form of a release or licence, new or as it stands, and the one that revokes it."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.crew import Power, must, production_in
from bot.governed import named
from bot.people import Actor
from bot.ports import SharedFile
from bot.release_form_values import LONGEST_NAME, MOST_COVERED, ReleaseForm, form_of
from bot.releases import Desk, change, record, revoke
from handlers.cards._parts import Json, context, option, plain, safe, section
from handlers.house import House
from handlers.payloads import Submission, Suggestion
from handlers.views._inputs import Offer, choice, modal, several_external, text, uploads
from storage import productions, references
from storage.models import Reference, ReleaseKind

CALLBACK, REVOKE = "release_form", "revoke_form"
REFERENCES = "release_references"
_KINDS = [
    ("Release: a person or a place permits it", ReleaseKind.RELEASE.value),
    ("Licence: bought, or granted by an owner", ReleaseKind.LICENCE.value),
]
_MOST_FILES = 8
_NAME = 60
_NONE = "none"


@dataclass(frozen=True)
class Meta:
    """What the form knows beside its fields."""

    production: str
    channel: str
    release: str = ""
    """What is changed; empty for a new one."""
    files: tuple[tuple[str, str], ...] = ()
    """Id and name of what may be its paper, from the thread."""

    def to_json(self) -> str:
        """Write it into the form."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, written: str) -> Self:
        """Read it back."""
        known: dict[str, Any] = json.loads(written)
        known["files"] = tuple((each[0], each[1]) for each in known["files"])
        return cls(**known)


async def begun(house: House, actor: Actor, channel_id: str) -> Meta:
    """Begin a new release in a channel's production, for whoever may. Raises NotAllowed."""
    async with house.studio.db.read() as session:
        production = await production_in(session, actor.workspace_id, channel_id)
        await must(session, Power.RIGHTS, actor, production=production)
    return Meta(production.id, channel_id)


def loading() -> Json:
    """Show that the thread is being read; Slack's trigger does not wait for it."""
    return modal(CALLBACK, "Release or licence", [section("Reading the thread …")])


def failed(why: str) -> Json:
    """Show why there is no form."""
    return modal(CALLBACK, "Release or licence", [section(f":warning: {why}")])


def empty(meta: Meta, files: tuple[SharedFile, ...] = ()) -> Json:
    """Make the form of a new one, with files of a thread to choose its paper from."""
    newest = files[-_MOST_FILES:]
    known = Meta(
        meta.production,
        meta.channel,
        files=tuple((each.file_id, each.name[:_NAME]) for each in newest),
    )
    return _form("Release or licence", ReleaseForm(), known, [])


def filled(desk: Desk) -> Json:
    """Make the form as one stands, to correct or prolong it."""
    release, covers = desk.release, desk.covers
    form = form_of(release, tuple(each.id for each in covers))
    meta = Meta(desk.production.id, desk.production.channel_id, release.id)
    return _form(f"Edit or renew {release.code}", form, meta, covers)


def _form(title: str, form: ReleaseForm, meta: Meta, covers: list[Reference]) -> Json:
    blocks = [
        choice("kind", "What it is", _KINDS, value=form.kind.value),
        text("holder", "Who gives it", form.holder, most=LONGEST_NAME, placeholder="Mira Holt"),
        several_external("references", "What it covers", [_offered(each) for each in covers],
                         action=REFERENCES, most=MOST_COVERED,
                         placeholder="Type a name or a code, such as R12"),
        text("scope", "What may be done", form.scope, lines=True, optional=True,
             placeholder="Face and voice, generated and edited"),
        text("media", "Media", form.media, optional=True, placeholder="Online, cinema, print"),
        text("territory", "Territory", form.territory, optional=True, placeholder="Worldwide"),
        _date("starts", "From", form.starts),
        _date("ends", "Until, that day included", form.ends, optional=True),
        _tick("perpetual", "In perpetuity", "It never ends", is_on=form.is_perpetual),
        _tick("exclusive", "Exclusive", "Nobody else may use it", is_on=form.exclusive),
        text("note", "Note", form.note, lines=True, optional=True),
        *_paper(meta),
        context("Producers are reminded 30, 7 and 1 days before its end. When it has ended, what "
                "was made after these references is on hold until a producer decides."),
    ]  # fmt: skip
    return modal(CALLBACK, title, blocks, submit="Save", private_metadata=meta.to_json())


def _paper(meta: Meta) -> list[Json]:
    hint = "A PDF, or a picture of the signed page."
    upload = uploads("document", "Its paper", 1, optional=True, hint=hint)
    if not meta.files:
        return [upload]
    offered = [(name, file_id) for file_id, name in reversed(meta.files)]
    offered.append(("None of these", _NONE))
    from_thread = choice("paper", "Its paper, from the thread", offered, value=offered[0][1])
    return [from_thread, upload]


def _date(block_id: str, label: str, value: str, *, optional: bool = False) -> Json:
    element: Json = {"type": "datepicker", "action_id": "value"}
    if value:
        element["initial_date"] = value
    return _block(block_id, label, element, optional=optional)


def _tick(block_id: str, label: str, meaning: str, *, is_on: bool) -> Json:
    ticked = option(meaning, "yes")
    element: Json = {"type": "checkboxes", "action_id": "value", "options": [ticked]}
    if is_on:
        element["initial_options"] = [ticked]
    return _block(block_id, label, element, optional=True)


def _block(block_id: str, label: str, element: Json, *, optional: bool) -> Json:
    return {
        "type": "input", "block_id": block_id, "label": plain(label), "element": element,
        "optional": optional,
    }  # fmt: skip


def _offered(reference: Reference) -> tuple[str, str]:
    return f"{reference.code} {named(reference)} · {reference.kind.value}", reference.id


async def suggested(asked: Suggestion, house: House) -> Offer:
    """Offer references of the form's production by what was typed."""
    meta = Meta.of(asked.meta)
    async with house.studio.db.read() as session:
        production = await productions.get(session, asked.actor.workspace_id, meta.production)
        found = await references.titled(session, production, asked.typed, limit=MOST_COVERED)
    return [_offered(each) for each in found]


async def send(sent: Submission, house: House) -> None:
    """Record it, or change what stands."""
    meta, form = Meta.of(sent.meta), _read(sent)
    if meta.release:
        kept = await change(house.studio, sent.actor, form, release_id=meta.release, key=sent.key)
    else:
        where = meta.channel
        kept = await record(house.studio, sent.actor, form, channel_id=where, key=sent.key)
    if kept:
        said = f"*{kept.code}* is kept. `/scene rights` lists it."
        house.later(house.room.whisper(meta.channel, sent.actor.user_id, said, thread_ts=None))


def _read(sent: Submission) -> ReleaseForm:
    names = dict(Meta.of(sent.meta).files)
    chosen = sent.text("paper")
    from_thread = (SharedFile(chosen, names[chosen], ""),) if chosen in names else ()
    return ReleaseForm(
        kind=ReleaseKind(sent.text("kind")),
        holder=sent.text("holder"),
        scope=sent.text("scope"),
        media=sent.text("media"),
        territory=sent.text("territory"),
        starts=sent.text("starts"),
        ends=sent.text("ends"),
        is_perpetual=bool(sent.ids("perpetual")),
        exclusive=bool(sent.ids("exclusive")),
        note=sent.text("note"),
        reference_ids=tuple(sent.ids("references")),
        documents=sent.files("document") or from_thread,
    )


def revocation(desk: Desk) -> Json:
    """Make the form that ends a release today, with what depends on it."""
    release = desk.release
    names = ", ".join(f"{each.code} {safe(named(each))}" for each in desk.covers)
    said = (
        f"*{release.code}* covers {names or 'nothing'}. Once it is revoked, what was made after "
        "these and has no other release is on hold until a producer decides. It cannot be undone."
    )
    blocks = [section(said), text("reason", "Why", lines=True)]
    meta = json.dumps({"release": release.id, "channel": desk.production.channel_id})
    return modal(REVOKE, f"Revoke {release.code}", blocks, submit="Revoke", private_metadata=meta)


async def send_revocation(sent: Submission, house: House) -> None:
    """Revoke it."""
    release_id = json.loads(sent.meta)["release"]
    reason = sent.text("reason")
    await revoke(house.studio, sent.actor, release_id, reason=reason, key=sent.key)
