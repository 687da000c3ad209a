"""Post a contact sheet where it was asked for; drawing it takes longer than Slack waits."""

from bot.errors import NotNow, OfficeError
from bot.ports import RoomBusy, RoomClosed
from bot.reference_contact import Contact, contact_of, contact_of_kind, sheet
from handlers.cards._parts import safe
from handlers.commands._ref_words import number_in
from handlers.house import House
from handlers.payloads import Call
from storage import references
from storage.models import Card, CardKind, Production, ReferenceKind


def post_sheet(call: Call, house: House, production: Production, *, words: str) -> None:
    """Have the sheet drawn and posted; if it cannot be, whoever asked is told why."""
    house.later(_posted(call, house, production, words.strip()))


async def _posted(call: Call, house: House, production: Production, words: str) -> None:
    try:
        contact = await _contact(house, production, words)
        await _shared(call, house, contact)
    except (OfficeError, RoomBusy, RoomClosed) as why:
        where = call.channel_id, call.actor.user_id
        await house.room.whisper(*where, str(why), thread_ts=call.thread_ts)


async def _contact(house: House, production: Production, words: str) -> Contact:
    if number := number_in(words):
        async with house.studio.db.read() as session:
            found = await references.by_number(session, production, number)
        if found is None:
            raise NotNow(f"There is no R{number} here. `/scene ref` lists those there are.")
        return await contact_of(house.studio, production, found)
    kind = words.lower().removesuffix("s")
    if kind and kind not in {each.value for each in ReferenceKind}:
        kinds = ", ".join(f"`{each.value}`" for each in ReferenceKind)
        raise NotNow(f"There is no sheet of {safe(words[:40])}. Say a code, or {kinds}.")
    return await contact_of_kind(house.studio, production, ReferenceKind(kind) if kind else None)


async def _shared(call: Call, house: House, contact: Contact) -> None:
    place = Card(
        workspace_id=call.actor.workspace_id,
        kind=CardKind.LINE,
        subject_id="",
        channel_id=call.channel_id,
        thread_ts=call.thread_ts,
        due_at=house.studio.clock(),
    )
    async with sheet(house.studio, contact) as path:
        alt = f"Contact sheet: {', '.join(title for title, _, _ in contact.pictures)}"
        upload = await house.room.reserve(path, name=path.name, alt=alt)
        await house.room.share(upload, path, place, title=contact.title)
