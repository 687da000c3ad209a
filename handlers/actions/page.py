"""The buttons of a sequence's page: as a file, for the team or for the client."""

from bot.page_desk import may_have
from handlers._page_files import post_page
from handlers.house import House
from handlers.payloads import ButtonPress


async def html(press: ButtonPress, house: House) -> str:
    """Post it as one HTML file."""
    return await _post(press, house, "html")


async def pdf(press: ButtonPress, house: House) -> str:
    """Post it as PDF."""
    return await _post(press, house, "pdf")


async def for_client(press: ButtonPress, house: House) -> str:
    """Post it as PDF without what is internal, here: whoever asked hands it on."""
    return await _post(press, house, "pdf", for_client=True)


async def _post(press: ButtonPress, house: House, kind: str, *, for_client: bool = False) -> str:
    wanted = await may_have(house.studio, press.actor, press.value, for_client=for_client)
    post_page(house, press, wanted, kind)
    return f"The page of {wanted.sequence.code} is being made. It will be posted here."
