"""The form for a digest's time, time zone, weekday and rhythm."""

import json

from bot.digest_preferences import Times, set_times
from bot.errors import BadForm
from handlers.cards._parts import Json, plain
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import choice, modal, text
from storage.models import Subscription

CALLBACK = "digest_form"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RHYTHMS = {"both": (True, True), "daily": (True, False), "weekly": (False, True)}
_SHOWN = [("Every day, and for the week", "both"), ("Every day", "daily"), ("Weekly", "weekly")]


def filled(reader: Subscription, channel_id: str) -> Json:
    """Make the form with what is set; what was saved is told in `channel_id`."""
    blocks = [
        _time("at", "Time", f"{reader.hour:02}:{reader.minute:02}"),
        text("zone", "Time zone", reader.zone, most=60,
             hint="The day and the week that a digest tells end at midnight there."),
        choice("rhythm", "How often", _SHOWN, value=_rhythm(reader)),
        choice("weekday", "Day of the weekly digest",
               [(day, str(number)) for number, day in enumerate(_DAYS)], value=str(reader.weekday)),
    ]  # fmt: skip
    meta = json.dumps({"subscription": reader.id, "channel": channel_id})
    return modal(CALLBACK, "Digest", blocks, submit="Save", private_metadata=meta)


def _rhythm(reader: Subscription) -> str:
    standing = (reader.daily, reader.weekly)
    return next((name for name, wanted in _RHYTHMS.items() if wanted == standing), "both")


def _time(block_id: str, label: str, value: str) -> Json:
    element: Json = {"type": "timepicker", "action_id": "value", "initial_time": value}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


async def send(sent: Submission, house: House) -> None:
    """Save it, and say to whoever sent it what holds now."""
    meta = json.loads(sent.meta)
    hour, minute = _clock(sent.text("at"))
    daily, weekly = _RHYTHMS[sent.text("rhythm") or "both"]
    times = Times(
        hour=hour,
        minute=minute,
        zone=sent.text("zone"),
        weekday=int(sent.text("weekday") or 0),
        daily=daily,
        weekly=weekly,
    )
    saved = await set_times(house.studio, sent.actor, meta["subscription"], times, key=sent.key)
    where = meta["channel"] or sent.actor.user_id
    house.later(house.room.whisper(where, sent.actor.user_id, saved, thread_ts=None))


def _clock(typed: str) -> tuple[int, int]:
    hour, _, minute = typed.partition(":")
    if not (hour.isdigit() and minute.isdigit()):
        raise BadForm({"at": "Choose a time, such as 09:00."})
    return int(hour), int(minute)
