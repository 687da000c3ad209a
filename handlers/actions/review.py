"""Approve, Retake and Reject, for the team and for the client, and what else a take offers."""

from bot.errors import NotNow
from bot.history import setup_told
from bot.opinions import note_press
from bot.ports import RoomBusy, RoomClosed
from bot.review import Press, decide, may_decide
from bot.sheets import sheet_of
from handlers.actions.orders import elsewhere
from handlers.cards._parts import Json, picture, section
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import decision_form
from storage.models import Stage, Take, Verdict

Answer = str | list[Json] | None


async def approve(press: ButtonPress, house: House) -> None:
    """Approve for the team."""
    await _decide(press, house, Verdict.APPROVE, Stage.TEAM)


async def client_approve(press: ButtonPress, house: House) -> None:
    """Approve for the client."""
    await _decide(press, house, Verdict.APPROVE, Stage.CLIENT)


async def _decide(press: ButtonPress, house: House, verdict: Verdict, stage: Stage) -> None:
    decision = Press(press.value, verdict, stage, press.key)
    await decide(house.studio, press.actor, decision)


async def retake(press: ButtonPress, house: House) -> Answer:
    """Ask for the reason of a retake."""
    return await _ask(press, house, Verdict.RETAKE, Stage.TEAM)


async def reject(press: ButtonPress, house: House) -> Answer:
    """Ask for the reason of a rejection."""
    return await _ask(press, house, Verdict.REJECT, Stage.TEAM)


async def client_retake(press: ButtonPress, house: House) -> Answer:
    """Ask the client what should change."""
    return await _ask(press, house, Verdict.RETAKE, Stage.CLIENT)


async def client_reject(press: ButtonPress, house: House) -> Answer:
    """Ask the client for the reason of a rejection."""
    return await _ask(press, house, Verdict.REJECT, Stage.CLIENT)


async def _ask(press: ButtonPress, house: House, verdict: Verdict, stage: Stage) -> Answer:
    take = await may_decide(
        house.studio, press.actor, Press(press.value, verdict, stage, press.key)
    )
    await house.room.open_view(press.trigger_id, decision_form.empty(take, verdict, stage=stage))
    return None


async def _show_sheet(press: ButtonPress, house: House, take: Take) -> None:
    """Hand the sheet to Slack and show it; the first time takes longer than Slack waits."""
    where = press.channel_id, press.actor.user_id
    try:
        file_id = await sheet_of(house.studio, take)
    except (NotNow, RoomBusy, RoomClosed) as why:
        await house.room.whisper(*where, str(why), thread_ts=press.thread_ts)
        return
    shown = [picture(file_id, f"Twelve frames of {take.code}, evenly spread")]
    await house.room.whisper_blocks(*where, shown, thread_ts=press.thread_ts)


async def more(press: ButtonPress, house: House) -> Answer:
    """Do what was chosen in the take's menu."""
    choice, _, take_id = press.value.partition(":")
    chosen = press.model_copy(update={"value": take_id})
    if choice == "approve":
        return await _ask(chosen, house, Verdict.APPROVE, Stage.TEAM)
    if choice == "withdraw":
        return await _decide(chosen, house, Verdict.WITHDRAW, Stage.TEAM)
    if choice == "elsewhere":
        await elsewhere(chosen, house)
        return None
    take = await note_press(house.studio, press.actor, take_id, button=choice, key=press.key)
    if take is None:
        return "This take is not in our records any more."
    if choice == "sheet":
        house.later(_show_sheet(press, house, take))
        return None
    return [section(await setup_told(house.studio, take))]
