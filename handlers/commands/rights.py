"""`rights`: list releases and licences, and what is on hold; `rights L3` shows one, `new` adds."""

import re

from bot.rights_ledger import ledger_of, line_of
from handlers.cards._parts import actions, button, safe, section
from handlers.cards.rights import release_card, rights_list
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from handlers.views import release_form

_CODE = re.compile(r"^[Ll]0*(\d{1,9})$")


async def run(call: Call, house: House) -> Answer:
    """List them, show one, or open the form of a new one."""
    word = call.text.strip()
    if word.lower() == "new":
        return await _new(call, house)
    if not word:
        return rights_list(await ledger_of(house.studio, call.actor, call.channel_id))
    code = _CODE.match(word)
    if code is None:
        said = f"There is no `rights {safe(word[:40])}`."
        return f"{said} There are `rights`, `rights new` and `rights L3`."
    ledger, line = await line_of(house.studio, call.actor, call.channel_id, int(code[1]))
    return release_card(line, may_decide=ledger.may_decide)


async def _new(call: Call, house: House) -> Answer:
    """Open the form, or, where a mention cannot, offer a button that does and reads the thread."""
    if call.trigger_id:
        desk = await release_form.begun(house, call.actor, call.channel_id)
        await house.room.open_view(call.trigger_id, release_form.empty(desk))
        return None
    where = f"{call.channel_id}:{call.thread_ts or ''}"
    return [
        section("A mention cannot open a form, but this button can. It offers the thread's files."),
        actions(button("Record a release", "release_new", where, style="primary")),
    ]
