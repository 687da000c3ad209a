"""The contact sheet, handed to Slack the first time that somebody asks for it."""

from bot.errors import NotNow
from bot.gather import handed
from bot.studio import Studio
from storage import takes
from storage.models import Take


async def sheet_of(studio: Studio, take: Take) -> str:
    """Give the id of Slack's copy of a take's contact sheet."""
    if take.sheet_file_id:
        return take.sheet_file_id
    if take.still:
        raise NotNow("A still has no contact sheet: its card shows all of it.")
    if take.sheet_sha256 is None:
        raise NotNow("This take has no contact sheet: its file could not be read.")
    name, alt = f"{take.id}-sheet.jpg", "Twelve frames of the take"
    file_id = await handed(studio, take.sheet_sha256, name, alt=alt)
    async with studio.db.begin() as session:
        await takes.keep_sheet(session, take, file_id)
    return file_id
