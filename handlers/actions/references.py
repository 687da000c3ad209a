"""What the buttons on references do: approve, edit, a next version, and what else a menu offers."""

from bot.crew import Power, must, production_in
from bot.errors import NotNow
from bot.governed import named
from bot.reference_records import GONE
from bot.reference_status import Seen, Waiting, approve_all, change, power_for
from handlers.cards._parts import Json, safe
from handlers.commands._ref_words import STATUSES
from handlers.commands._where import page
from handlers.commands.ref import listed
from handlers.events.reference_files import files_into_form, version_form
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import reference_form, reference_status_form
from handlers.views.reference_form import Meta
from storage import productions, references
from storage.models import Reference, ReferenceStatus

Answer = str | list[Json] | None


async def approve(press: ButtonPress, house: House) -> Answer:
    """Approve the version that the card shows; say so, for a whispered card is not drawn again."""
    seen = Seen.read(press.value)
    made = await change(house.studio, press.actor, seen, ReferenceStatus.APPROVED, key=press.key)
    return f"{made.code} · {safe(named(made))} is approved." if made else None


async def approve_every(press: ButtonPress, house: House) -> Answer:
    """Approve what the card lists; say what had to be left."""
    seen = Waiting.read(press.value)
    _, left = await approve_all(house.studio, press.actor, seen, key=press.key)
    if not left:
        return None
    codes = ", ".join(each.code for each in left)
    return f"Left as they are, because their files are not here or of no use: {codes}."


async def edit(press: ButtonPress, house: House) -> Answer:
    """Open the form that corrects it."""
    reference = await _theirs(press, house, press.value)
    meta = Meta(channel=press.channel_id, reference=reference.id)
    await house.room.open_view(press.trigger_id, reference_form.correction(reference, meta))
    return None


async def more(press: ButtonPress, house: House) -> Answer:
    """Do what was chosen in the card's menu."""
    choice, _, value = press.value.partition(":")
    seen = Seen.read(value)
    if choice == "where":
        return await page(house, await _found(press, house, seen.reference_id))
    if choice == "version":
        meta = Meta(channel=press.channel_id)
        form = await version_form(house, press.actor, seen.reference_id, (), meta=meta)
    else:
        to = STATUSES[choice]
        reference = await _theirs(press, house, seen.reference_id, to=to)
        form = reference_status_form.empty(reference, to, seen)
    await house.room.open_view(press.trigger_id, form)
    return None


async def _theirs(
    press: ButtonPress, house: House, reference_id: str, *, to: ReferenceStatus | None = None
) -> Reference:
    """Give a reference to whoever may change it, or its status; nobody fills a form for nothing."""
    reference = await _found(press, house, reference_id)
    async with house.studio.db.read() as session:
        production = await productions.get(session, reference.workspace_id, reference.production_id)
        power = power_for(reference, to) if to else Power.REFERENCE
        await must(session, power, press.actor, production=production)
    return reference


async def _found(press: ButtonPress, house: House, reference_id: str) -> Reference:
    async with house.studio.db.read() as session:
        found = await references.get(session, press.actor.workspace_id, reference_id)
    if found is None:
        raise NotNow(GONE)
    return found


async def more_of_them(press: ButtonPress, house: House) -> Answer:
    """Show the next page of the list."""
    async with house.studio.db.read() as session:
        production = await production_in(session, press.actor.workspace_id, press.channel_id)
    return await listed(house, production, skip=int(press.value))


async def new_from_thread(press: ButtonPress, house: House) -> Answer:
    """Open the form with the files of the thread that the mention stood in."""
    channel_id, _, thread_ts = press.value.partition(":")
    await _open_with_files(press, house, channel_id, thread_ts)
    return None


async def version_from_thread(press: ButtonPress, house: House) -> Answer:
    """Open the form of a next version with the files of that thread."""
    reference_id, channel_id, thread_ts = press.value.split(":")
    await _open_with_files(press, house, channel_id, thread_ts, reference_id=reference_id)
    return None


async def _open_with_files(
    press: ButtonPress, house: House, channel_id: str, thread_ts: str, *, reference_id: str = ""
) -> None:
    view_id = await house.room.open_view(press.trigger_id, reference_form.loading())
    read = files_into_form(
        house, press.actor, channel_id, thread_ts, view_id=view_id, reference_id=reference_id
    )
    house.later(read)
