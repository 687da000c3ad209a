"""`rules`: show what holds everywhere, or for `SC010`; `edit`, `history`, `show 2`, `use 2`."""

import re

from bot.errors import BadForm, NotNow, OfficeError
from bot.people import Actor
from bot.ports import RoomBusy, RoomClosed, SharedFile
from bot.rule_files import posted, text_of
from bot.rulebook import templates
from bot.rules import Book, Text, book_in, editions, is_known, may_write, restore, write
from bot.scenes import scene_meant
from bot.waivers import applying_to
from handlers.cards._parts import safe
from handlers.cards.rules import editions_card, rules_card, scene_rules_card
from handlers.commands._words import Answer, split
from handlers.house import House
from handlers.payloads import Call
from handlers.views import rules_form

_SCENE = re.compile(r"sc\d{1,6}")


async def run(call: Call, house: House) -> Answer:
    """Find out what is meant, and do it."""
    verb, rest = split(call.text)
    if not verb:
        return await _shown(call, house)
    if _SCENE.fullmatch(verb):
        return await _of_scene(call, house, verb)
    if verb in _VERBS:
        return await _VERBS[verb](call, house, rest)
    known = "`SC010`, `edit`, `use commercial`, `use 2`, `show 2` and `history`"
    return f"There is no `rules {safe(verb[:40])}`; there are {known}."


async def _of_scene(call: Call, house: House, code: str) -> Answer:
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=code,
        )  # fmt: skip
    return scene_rules_card(await applying_to(house.studio, call.actor, scene))


async def history(house: House, actor: Actor, channel_id: str) -> Answer:
    """List the editions there are."""
    book = await book_in(house.studio, actor, channel_id)
    told = await editions(house.studio, book.production)
    return editions_card(told) if told else rules_card(book)


async def _book(call: Call, house: House, *, number: int = 0) -> Book:
    return await book_in(house.studio, call.actor, call.channel_id, number=number)


def _number(typed: str) -> int:
    if not typed.isdecimal() or int(typed[:9]) < 1:
        raise NotNow("Say which edition: `rules show 2`. `/scene rules history` lists them.")
    return int(typed[:9])


async def _form(call: Call, house: House, *, template: str) -> Answer:
    book = await may_write(house.studio, call.actor, call.channel_id)
    if not call.trigger_id:
        raise NotNow("A mention cannot open a form: type it with `/scene` in the channel.")
    view = rules_form.filled(book, call.channel_id, template=template)
    await house.room.open_view(call.trigger_id, view)
    return None


async def _used(call: Call, house: House, rest: str) -> Answer:
    wanted = rest.lower()
    if wanted.isdecimal():
        number = _number(wanted)
        made = await restore(
            house.studio, call.actor, number, channel_id=call.channel_id, key=call.key
        )
        if made is None:
            return f"Edition {number} is what counts already."
        return f"Edition {made.number} counts now, and says what edition {number} said."
    template = wanted.replace(" ", "-")
    if template not in templates():
        known = ", ".join(f"`{each}`" for each in templates())
        raise NotNow(f"There is no such template; there are {known}, and `use 2` for an edition.")
    return await _form(call, house, template=template)


async def _shown(call: Call, house: House) -> Answer:
    """Show the rules; a mention beside a posted rule book reads that instead."""
    thread_ts = call.thread_ts or call.message_ts
    book = await _book(call, house)
    if thread_ts is None:
        return rules_card(book)
    house.later(_read(call, house, thread_ts, book))
    return None


async def _read(call: Call, house: House, thread_ts: str, book: Book) -> None:
    """Look for a file once Slack has its acknowledgement; a text that was kept is not read again.

    It may be lost without harm: the file is there still, and whoever posted it hears nothing.
    """
    room, where = house.room, (call.channel_id, call.actor.user_id)
    try:
        file = await posted(house.studio, call.channel_id, thread_ts)
        told = await _taken(call, house, file, book) if file else ""
    except (OfficeError, RoomBusy, RoomClosed) as refused:
        told = str(refused)
    if told:
        await room.whisper(*where, told, thread_ts=call.thread_ts)
    else:
        await room.whisper_blocks(*where, rules_card(book), thread_ts=call.thread_ts)


async def _taken(call: Call, house: House, file: SharedFile, book: Book) -> str:
    body = await text_of(house.studio, file)
    if await is_known(house.studio, book.production, body):
        return ""
    try:
        text = Text(body, seen=book.newest)
        made = await write(house.studio, call.actor, text, channel_id=call.channel_id, key=call.key)
    except BadForm as wrong:
        return f"{safe(file.name[:80])} is not kept as a rule book. {safe(str(wrong))}"
    said = "`/scene rules` reads it; `rules use` with its number brings an earlier one back."
    return (
        f"Edition {made.number} counts now, as {safe(file.name[:80])} says. {said}" if made else ""
    )


async def _edition(call: Call, house: House, rest: str) -> Answer:
    return rules_card(await _book(call, house, number=_number(rest)))


async def _history(call: Call, house: House, rest: str) -> Answer:
    del rest
    return await history(house, call.actor, call.channel_id)


async def _edit(call: Call, house: House, rest: str) -> Answer:
    del rest
    return await _form(call, house, template="")


_VERBS = {"show": _edition, "history": _history, "edit": _edit, "use": _used}
