"""`note TEXT`: leave a note on the thread's scene; elsewhere, `note SC010 TEXT`."""

from bot.scenes import add_note, scene_meant
from handlers.commands._words import Answer, split
from handlers.house import House
from handlers.payloads import Call


async def run(call: Call, house: House) -> Answer:
    """Keep the note and say so."""
    code, text = ("", call.text) if call.thread_ts else split(call.text)
    async with house.studio.db.read() as session:
        scene = await scene_meant(
            session, call.actor.workspace_id, channel_id=call.channel_id,
            thread_ts=call.thread_ts, code=code,
        )  # fmt: skip
    await add_note(house.studio, call.actor, scene, text=text, key=call.key)
    return f"Noted on {scene.code}. `log` shows it."
