"""`digest`: show this channel's digest; `on`, `off`, `weekly`, `pause`, `time`; `me`: your own."""

from bot.digest_preferences import Wish, rhythm, standing, subscribe
from bot.digests import preview
from handlers.cards._parts import context, safe, section
from handlers.cards.digest import digest_card
from handlers.commands._words import Answer, split
from handlers.house import House
from handlers.payloads import Call
from handlers.views import digest_form
from storage.models import Production, Subscription

_WISHES = {"on": Wish.ON, "off": Wish.OFF, "weekly": Wish.WEEKLY, "pause": Wish.PAUSE}


async def run(call: Call, house: House) -> Answer:
    """Show, or do what the next word says."""
    word, rest = split(call.text)
    personally = word == "me"
    wish = _WISHES.get((rest or "on") if personally else word)
    if wish:
        return await subscribe(
            house.studio, call.actor, call.channel_id, wish, personally=personally, key=call.key
        )
    if personally or word not in {"", "time"}:
        return (
            f"There is no `digest {call.text[:40]}`. There are `digest on`, `off`, `weekly`, "
            "`pause` and `time`, and `digest me` with the same for one of your own."
        )
    production, reader = await standing(house.studio, call.actor, call.channel_id)
    if word == "time" and reader and call.trigger_id:
        await house.room.open_view(call.trigger_id, digest_form.filled(reader, call.channel_id))
        return None
    return await _shown(house, production, reader)


async def _shown(house: House, production: Production, reader: Subscription | None) -> Answer:
    told = rhythm(reader) if reader else "This channel has no digest. `/scene digest on` starts it."
    head = section(f"*{safe(production.name)}*\n{told}")
    zone = reader.zone if reader else ""
    digest = await preview(house.studio, production, "daily", at=house.studio.clock(), zone=zone)
    if digest is None:
        return [head, context("There is nothing to tell about today yet, so nothing would come.")]
    blocks = digest_card(digest, subscription_id=reader.id if reader else "")
    return [head, context("Today so far:"), *blocks]
