"""`page SQ010`: show a sequence's page, kept current in the channel; `html`, `pdf`, `client`."""

from bot.page_desk import Desk, ask_for
from bot.page_files import Wanted, gathered
from bot.page_keeper import keep
from handlers._page_files import post_page
from handlers.cards.page import page_card
from handlers.commands._words import Answer
from handlers.house import House
from handlers.payloads import Call
from storage import pages

_KINDS = ("html", "pdf", "client")


async def run(call: Call, house: House) -> Answer:
    """Make the page if there is none; show where it is, or post it as a file."""
    words = call.text.split()
    kinds = [each.lower() for each in words if each.lower() in _KINDS]
    code = " ".join(each for each in words if each.lower() not in _KINDS)
    desk = await ask_for(
        house.studio, call.actor, code,
        channel_id=call.channel_id, thread_ts=call.thread_ts, key=call.key,
    )  # fmt: skip
    if kinds:
        wanted = Wanted(desk.production, desk.sequence, for_client="client" in kinds)
        post_page(house, call, wanted, "html" if "html" in kinds else "pdf")
        return "The page is being made. It will be posted here."
    house.later(_shown(call, house, desk))
    return None


async def _shown(call: Call, house: House, desk: Desk) -> None:
    """Bring it up to date first, so that what is linked to is there."""
    studio, page = house.studio, desk.page
    await keep(studio, page)
    async with studio.db.read() as session:
        page = await pages.get(session, page.workspace_id, page.id) or page
    view = await gathered(studio, Wanted(desk.production, desk.sequence))
    link = str(page.sections.get("link", ""))
    if page.canvas_id and not link:
        link = await house.room.canvases.link_to(page.canvas_id)
    elif page.message_ts:
        link = await house.room.link_to(page.channel_id, page.message_ts)
    blocks = page_card(view, page, link)
    where = call.channel_id, call.actor.user_id
    await house.room.whisper_blocks(*where, blocks, thread_ts=call.thread_ts)
