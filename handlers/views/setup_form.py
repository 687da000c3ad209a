"""The form that sets up a production: its name, the client's channel, the crew, the budget."""

import json

from bot.productions import CAST, ProductionForm, set_up
from handlers.cards._parts import Json, context
from handlers.house import House
from handlers.payloads import Submission
from handlers.views._inputs import channel, modal, people, text
from storage.models import Role

CALLBACK = "setup_form"
_MAY = {
    Role.PRODUCER: "Order, decide for the team, set up, hold rights.",
    Role.DIRECTOR: "Order and decide for the team.",
    Role.EDITOR: "Open scenes and order.",
    Role.CLIENT: "Decide for the client, beside everybody of the client's own workspace.",
}


def filled(standing: ProductionForm | None, channel_id: str) -> Json:
    """Make the form with what is set up already."""
    known = standing or ProductionForm("")
    blocks = [
        text("name", "Production", known.name, most=150, placeholder="Aurora launch film"),
        channel("client_channel", "Client channel", known.client_channel_id, optional=True,
                hint="A channel shared with the client. Without one, the team's approval counts."),
        *(people(role.value, f"{role.value.capitalize()}s", known.crew.get(role, set()),
                 optional=True, hint=_MAY[role]) for role in CAST),
        text("budget_soft", "Tell the team beyond", known.soft, most=24, optional=True,
             placeholder="1,500", hint="In dollars, spent and promised together. "
             "Said once in the thread of the order that goes over it."),
        text("budget_hard", "Order nothing beyond", known.hard, most=24, optional=True,
             placeholder="2,000", hint="In dollars. What is free can still be ordered."),
        context("Whoever sets a production up is its owner and may do all of this."),
    ]  # fmt: skip
    meta = json.dumps({"channel": channel_id})
    return modal(CALLBACK, "Production", blocks, submit="Save", private_metadata=meta)


async def send(sent: Submission, house: House) -> None:
    """Set the production up."""
    form = ProductionForm(
        name=sent.text("name"),
        client_channel_id=sent.text("client_channel") or None,
        crew={role: set(sent.ids(role.value)) for role in CAST},
        soft=sent.text("budget_soft"),
        hard=sent.text("budget_hard"),
    )
    where = json.loads(sent.meta)["channel"]
    await set_up(house.studio, sent.actor, form, channel_id=where, key=sent.key)
    told = f"*{form.name}* is set up. `/scene new` opens a scene."
    house.later(house.room.whisper(where, sent.actor.user_id, told, thread_ts=None))
