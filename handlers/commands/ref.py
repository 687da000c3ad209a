"""`ref R12`: list or show references; `new`, `sheet`, `R12 approve`, `version`, `cast`, `where`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import casting, gather
from bot.crew import Power, must, production_in
from bot.errors import BadForm, NotNow
from bot.governed import named
from bot.reference_status import Seen, change
from bot.reference_view import lead, page, reference_view
from bot.scenes import scene_meant
from bot.views import ReferenceView
from handlers.cards._parts import actions, button, safe, section
from handlers.cards.reference import reference_card, references_list
from handlers.commands._ref_sheet import post_sheet
from handlers.commands._ref_words import STATUSES, Wish, read
from handlers.commands._where import where, withdraw
from handlers.commands._words import Answer
from handlers.events.reference_files import version_form
from handlers.house import House
from handlers.payloads import Call
from handlers.views import reference_form
from handlers.views.reference_form import Meta, Start
from storage import references
from storage.models import Production, Reference, Scene


@dataclass(frozen=True)
class _Asked:
    """One thing that somebody asked for, of one production."""

    call: Call
    house: House
    wish: Wish
    production: Production


async def run(call: Call, house: House) -> Answer:
    """Find out what is meant, and do it."""
    wish = read(call.text)
    async with house.studio.db.read() as session:
        production = await production_in(session, call.actor.workspace_id, call.channel_id)
    asked = _Asked(call, house, wish, production)
    if not wish.number:
        return await _ALONE[wish.verb](asked)
    async with house.studio.db.read() as session:
        found = await references.by_number(session, production, wish.number)
    if found is None:
        raise NotNow(f"There is no R{wish.number} here. `/scene ref` lists those there are.")
    return await _OF_ONE[wish.verb](asked, found)


async def _list(asked: _Asked) -> Answer:
    return await listed(asked.house, asked.production, skip=0)


async def listed(house: House, production: Production, *, skip: int) -> Answer:
    """List a page of references; say how to make the first one if there are none."""
    async with house.studio.db.read() as session:
        found = await page(session, production, skip=skip, at=house.studio.clock())
    return references_list(found) if found.members else _NONE


_NONE = (
    "No references yet. `/scene ref new` proposes one; so does *Add as reference* in the menu of a "
    "message with files."
)


async def _new(asked: _Asked) -> Answer:
    call = asked.call
    async with asked.house.studio.db.read() as session:
        await must(session, Power.REFERENCE, call.actor, production=asked.production)
    if not call.trigger_id:
        there = f"{call.channel_id}:{call.thread_ts or call.message_ts}"
        return _offer("Add a reference", "reference_new", there)
    start = Start(title=asked.wish.rest[:150])
    form = reference_form.new(start, Meta(channel=call.channel_id))
    await asked.house.room.open_view(call.trigger_id, form)
    return None


def _offer(text: str, action_id: str, value: str) -> Answer:
    told = "A mention cannot open a form, but this button can. It offers the thread's files."
    return [section(told), actions(button(text, action_id, value, style="primary"))]


async def _sheet(asked: _Asked) -> Answer:
    post_sheet(asked.call, asked.house, asked.production, words=asked.wish.rest)
    return None


async def _show(asked: _Asked, reference: Reference) -> Answer:
    house = asked.house
    async with house.studio.db.read() as session:
        view = await reference_view(session, reference, at=house.studio.clock())
    file = lead(view)
    if file is None or file.shown_file_id:
        return reference_card(view).blocks
    house.later(_shown_later(asked.call, house, view))
    return None


async def _shown_later(call: Call, house: House, view: ReferenceView) -> None:
    """Hand Slack the picture first: that may take longer than Slack waits."""
    await gather.show_picture(house.studio, view)
    blocks = reference_card(view).blocks
    where_asked = call.channel_id, call.actor.user_id
    await house.room.whisper_blocks(*where_asked, blocks, thread_ts=call.thread_ts)


async def _status(asked: _Asked, reference: Reference) -> Answer:
    to, call = STATUSES[asked.wish.verb], asked.call
    seen, reason = Seen.of(reference), asked.wish.rest
    try:
        await change(asked.house.studio, call.actor, seen, to, reason=reason, key=call.key)
    except BadForm as form:
        code, verb = reference.code, asked.wish.verb
        raise NotNow(f"{form} `/scene ref {code} {verb} the reason`, for example.") from form
    name = f"{reference.code} · {safe(named(reference))}"
    return f"{name} is {to.value}. `/scene ref {reference.code}` shows it."


async def _version(asked: _Asked, reference: Reference) -> Answer:
    call, meta = asked.call, Meta(channel=asked.call.channel_id)
    if not call.trigger_id:
        there = f"{reference.id}:{call.channel_id}:{call.thread_ts or call.message_ts}"
        return _offer(f"Next version of {reference.code}", "reference_version", there)
    form = await version_form(asked.house, call.actor, reference.id, (), meta=meta)
    await asked.house.room.open_view(call.trigger_id, form)
    return None


async def _edit(asked: _Asked, reference: Reference) -> Answer:
    async with asked.house.studio.db.read() as session:
        await must(session, Power.REFERENCE, asked.call.actor, production=asked.production)
    if not asked.call.trigger_id:
        return _offer(f"Edit {reference.code}", "reference_edit", reference.id)
    meta = Meta(channel=asked.call.channel_id, reference=reference.id)
    form = reference_form.correction(reference, meta)
    await asked.house.room.open_view(asked.call.trigger_id, form)
    return None


async def _cast(asked: _Asked, reference: Reference) -> Answer:
    scene = await _scene(asked)
    await casting.cast(asked.house.studio, asked.call.actor, reference, scene, key=asked.call.key)
    return f"{scene.code} is made after {reference.code} · {safe(named(reference))} now."


async def _uncast(asked: _Asked, reference: Reference) -> Answer:
    scene = await _scene(asked)
    await casting.uncast(asked.house.studio, asked.call.actor, reference, scene, key=asked.call.key)
    name = f"{reference.code} · {safe(named(reference))}"
    return f"{scene.code} is made without {name} now. Takes keep what they were made after."


async def _scene(asked: _Asked) -> Scene:
    call = asked.call
    async with asked.house.studio.db.read() as session:
        return await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=asked.wish.rest,
        )  # fmt: skip


async def _where(asked: _Asked, reference: Reference) -> Answer:
    return await where(asked.call, asked.house, reference)


async def _withdraw(asked: _Asked, reference: Reference) -> Answer:
    return await withdraw(asked.call, asked.house, reference)


_ALONE: dict[str, Callable[[_Asked], Awaitable[Answer]]] = {
    "": _list, "new": _new, "sheet": _sheet,
}  # fmt: skip
_OF_ONE: dict[str, Callable[[_Asked, Reference], Awaitable[Answer]]] = {
    "": _show, "version": _version, "edit": _edit, "cast": _cast, "uncast": _uncast,
    "where": _where, "withdraw": _withdraw, **dict.fromkeys(STATUSES, _status),
}  # fmt: skip
