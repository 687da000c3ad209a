"""What the buttons about rights do: a new release, one as it stands, its end, and a ruling."""

from bot.ports import RoomBusy, RoomClosed
from bot.releases import desk_of
from bot.rights_ledger import line_by_id
from bot.rulings import may_rule
from handlers.cards._parts import Json
from handlers.cards.rights import release_card
from handlers.house import House
from handlers.payloads import ButtonPress
from handlers.views import release_form, ruling_form


async def new(press: ButtonPress, house: House) -> None:
    """Open the form of a new release, with the files of the thread that was asked from."""
    channel_id, _, thread_ts = press.value.partition(":")
    meta = await release_form.begun(house, press.actor, channel_id)
    if not thread_ts:
        await house.room.open_view(press.trigger_id, release_form.empty(meta))
        return
    view_id = await house.room.open_view(press.trigger_id, release_form.loading())
    house.later(_read_into(house, meta, channel_id, thread_ts, view_id=view_id))


async def _read_into(
    house: House, meta: release_form.Meta, channel_id: str, thread_ts: str, *, view_id: str
) -> None:
    try:
        thread = await house.room.read_thread(channel_id, thread_ts)
    except (RoomBusy, RoomClosed) as why:
        await house.room.update_view(view_id, release_form.failed(str(why)))
        return
    await house.room.update_view(view_id, release_form.empty(meta, thread.files))


async def show(press: ButtonPress, house: House) -> list[Json]:
    """Show one release to whoever pressed."""
    ledger, line = await line_by_id(house.studio, press.actor, press.value)
    return release_card(line, may_decide=ledger.may_decide)


async def edit(press: ButtonPress, house: House) -> None:
    """Open the form of a release as it stands."""
    desk = await desk_of(house.studio, press.actor, press.value)
    await house.room.open_view(press.trigger_id, release_form.filled(desk))


async def revoke(press: ButtonPress, house: House) -> None:
    """Ask why a release is revoked."""
    desk = await desk_of(house.studio, press.actor, press.value)
    await house.room.open_view(press.trigger_id, release_form.revocation(desk))


async def decide(press: ButtonPress, house: House) -> None:
    """Open the form for what one cause holds."""
    view = await may_rule(house.studio, press.actor, press.value)
    channel_id = press.channel_id or press.actor.user_id
    await house.room.open_view(press.trigger_id, ruling_form.empty(view, channel_id))
