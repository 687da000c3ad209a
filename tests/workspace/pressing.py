"""What people do with the app's own surfaces: commands, shortcuts, buttons, menus."""

from typing import Any, cast

from tests.workspace import forms, modals, payloads
from tests.workspace.blocks import elements_of
from tests.workspace.delivery import Outcome
from tests.workspace.errors import SlackError
from tests.workspace.grants import ResponseUrl
from tests.workspace.records import Channel, Json, Member, Message, View
from tests.workspace.responses import respond
from tests.workspace.seen import Seen, Watch
from tests.workspace.suggestions import least_typed, options_in
from tests.workspace.talking import Talking
from tests.workspace.typing_rules import as_command

WAIT = 0.5
_BUTTONS = {"button", "workflow_button", "icon_button"}
_WITHIN = ("container", "view", "channel", "message")


class Pressing(Talking):
    """Interactions; Slack never repeats one, so a lost answer is what the person sees."""

    async def command(
        self,
        command: str,
        text: str = "",
        *,
        user: str,
        channel: str,
        thread_ts: str | None = None,
        wait: float = WAIT,
    ) -> Seen:
        """Type a slash command."""
        member, room = self.person(user), self.room(channel)
        declared = self.hub.state.app.commands.get(command)
        if refusal := self._command_refusal(command, member, room, thread_ts):
            return Seen(ok=False, error=refusal)
        should_escape = declared is not None and declared.should_escape
        typed = as_command(self.hub.state, text, should_escape=should_escape)
        body = payloads.command_body(self.hub, room, member.id, command=command, text=typed)
        with Watch(self.hub, member.id) as watch:
            outcome = await self.hub.delivery.ask("slash_commands", body)
            seen = Seen().note(outcome)
            self._answer_at_once(outcome, member, room, seen)
            return await watch.tell(seen, wait=wait)

    async def shortcut(
        self,
        callback_id: str,
        *,
        user: str,
        channel: str | None = None,
        ts: str | None = None,
        wait: float = WAIT,
    ) -> Seen:
        """Use a shortcut: on a message if one is named, else a global one."""
        member = self.person(user)
        if self.hub.state.is_external(member.id):
            return Seen(ok=False, error="This app's shortcuts are not available to you.")
        if callback_id not in self.hub.state.app.shortcuts:
            return Seen(ok=False, error=f"There is no shortcut {callback_id}.")
        if channel is not None and ts is not None:
            message = self.message_at(ts, channel)
            body = payloads.message_shortcut_body(self.hub, callback_id, message, member.id)
        else:
            body = payloads.shortcut_body(self.hub, callback_id, member.id)
        return await self._interact(body, member, wait)

    async def press(  # noqa: PLR0913 - each is one way to point at an element
        self,
        action_id: str,
        *,
        user: str,
        channel: str | None = None,
        ts: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        wait: float = WAIT,
    ) -> Seen:
        """Press a button or pick in a menu: in a message, else in a view, else in what is open.

        `value` is what to pick; among several buttons of one action id it says which.
        """
        member = self.person(user)
        if ts is not None and channel is not None:
            message = self.message_at(ts, channel)
            self._may_see(member, message)
            element = _find(_surfaces(message), action_id, block_id, value)
            offered = self.hub.offered.get((message.ts, member.id), {})
            element = forms.with_offered(element, offered, element["block_id"])
            body = self._pressed_in_message(message, member, element, value)
        else:
            view = self._view(member, view_id)
            element = _find(cast("list[Json]", view.view["blocks"]), action_id, block_id, value)
            element = forms.with_offered(element, view.offered, element["block_id"])
            body = self._pressed_in_view(view, element, value)
        return await self._interact(body, member, wait)

    async def suggest(
        self,
        action_id: str,
        typed: str,
        *,
        user: str,
        channel: str | None = None,
        ts: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
    ) -> Seen:
        """Type into an external select and see what the app offers, in `options`.

        `action_id` may also be the id of the select's block. What was offered can be picked
        afterwards by its value or text; with too little typed, the app is not even asked.
        """
        member = self.person(user)
        if ts is not None and channel is not None:
            message = self.message_at(ts, channel)
            self._may_see(member, message)
            element = _menu(_surfaces(message), action_id, block_id)
            body = payloads.press_body(self.hub, message, member.id, action={})
            offered = self.hub.offered.setdefault((message.ts, member.id), {})
        else:
            view = self._view(member, view_id)
            element = _menu(cast("list[Json]", view.view["blocks"]), action_id, block_id)
            body = payloads.view_press_body(self.hub, view, action={})
            offered = view.offered
        if len(typed) < least_typed(element):
            return Seen()
        within = {key: body[key] for key in _WITHIN if key in body}
        asked = payloads.suggestion_body(
            self.hub, member.id, element=element, typed=typed, within=within
        )
        seen = await self._offered(asked)
        listed = offered.setdefault((element["block_id"], element["action_id"]), [])
        listed += [one for one in seen.options if one not in listed]
        return seen

    async def _offered(self, asked: Json) -> Seen:
        outcome = await self.hub.delivery.ask("interactive", asked)
        seen = Seen().note(outcome)
        if not outcome.is_acknowledged:
            return seen
        try:
            seen.options = options_in(outcome.payload)
        except SlackError as refusal:
            # Slack's client says no more than that it could not load them; what was wrong is ours.
            seen.ok, seen.error = False, "options_not_loaded"
            seen.errors = {str(asked["block_id"]): _complaint(refusal)}
        seen.option_groups = outcome.payload.get("option_groups") or []
        return seen

    async def _interact(self, body: Json, member: Member, wait: float) -> Seen:
        with Watch(self.hub, member.id) as watch:
            outcome = await self.hub.delivery.ask("interactive", body)
            return await watch.tell(Seen().note(outcome), wait=wait)

    def _command_refusal(
        self, command: str, member: Member, room: Channel, thread_ts: str | None
    ) -> str | None:
        """Return what Slack itself answers before the app hears anything."""
        if thread_ts is not None:
            return f"{command} is not supported in threads. Sorry!"
        state = self.hub.state
        if state.is_external(member.id) or command not in state.app.commands:
            return f"{command} is not a valid command."
        if member.id not in room.member_ids:
            return "not_in_channel"
        return None

    def _answer_at_once(self, outcome: Outcome, member: Member, room: Channel, seen: Seen) -> None:
        """Show what the acknowledgement itself said."""
        if not outcome.payload.get("text") and not outcome.payload.get("blocks"):
            return
        url = ResponseUrl("", member.id, room.id, None, self.hub.state.now)
        try:
            respond(self.hub, url, outcome.payload)
        except SlackError as refusal:
            seen.ok, seen.error = False, refusal.code

    def _pressed_in_message(
        self, message: Message, member: Member, element: Json, value: Any
    ) -> Json:
        action = self._action(element, value)
        if element["type"] not in _BUTTONS | {"overflow"}:
            picked = self.hub.selections.setdefault((message.ts, member.id), {})
            entry = forms.entered(element, value)
            picked.setdefault(element["block_id"], {})[element["action_id"]] = entry
        in_attachment = element.get("in_attachment", False)
        return payloads.press_body(
            self.hub, message, member.id, action=action, in_attachment=in_attachment
        )

    def _pressed_in_view(self, view: View, element: Json, value: Any) -> Json:
        if element["type"] not in _BUTTONS | {"overflow"}:
            entry = forms.entered(element, value)
            view.values.setdefault(element["block_id"], {})[element["action_id"]] = entry
        return payloads.view_press_body(self.hub, view, action=self._action(element, value))

    def _action(self, element: Json, value: Any) -> Json:
        told = {key: element[key] for key in ("type", "action_id", "block_id")}
        told["action_ts"] = self.hub.state.next_ts()
        if element["type"] in _BUTTONS:
            kept = ("text", "value", "style", "url", "confirm")
            return told | {key: element[key] for key in kept if key in element}
        if element["type"] == "feedback_buttons":
            return told | _feedback(element, value)
        return told | forms.entered(element, value)

    def _view(self, member: Member, view_id: str | None) -> View:
        state = self.hub.state
        view = modals.top_modal(self.hub, member.id) or state.homes.get(member.id)
        if view_id is not None:
            view = state.views.get(view_id)
        if view is None or view.user_id != member.id:
            raise SlackError("view_not_found")
        return view

    def _may_see(self, member: Member, message: Message) -> None:
        room = self.hub.state.channels[message.channel_id]
        if member.id not in room.member_ids:
            raise SlackError("not_in_channel")
        if message.ephemeral_to not in {None, member.id}:
            raise SlackError("message_not_found")


def _surfaces(message: Message) -> list[Json]:
    attached = [
        block | {"in_attachment": True}
        for attachment in message.attachments
        for block in attachment.get("blocks", [])
    ]
    return [*message.blocks, *attached]


def _find(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> Json:
    """Return the element with its block's id, the one that has the value if there are several."""
    found = [
        element
        | {"block_id": block["block_id"], "in_attachment": block.get("in_attachment", False)}
        for block in blocks
        if block_id in {None, block["block_id"]}
        for element in elements_of(block)
        if element.get("action_id") == action_id
    ]
    exact = [element for element in found if element.get("value") == value]
    if not found:
        raise SlackError("action_not_found", action_id=action_id)
    return (exact or found)[0]


def _menu(blocks: list[Json], name: str, block_id: str | None) -> Json:
    """Return the external select of this action id or block id, with its block's id."""
    for block in blocks:
        for element in elements_of(block):
            is_meant = name in {element.get("action_id"), block["block_id"]}
            is_external = str(element["type"]).endswith("external_select")
            if is_external and is_meant and block_id in {None, block["block_id"]}:
                return element | {"block_id": block["block_id"]}
    raise SlackError("action_not_found", action_id=name)


def _complaint(refusal: SlackError) -> str:
    told = refusal.extra.get("response_metadata", {}).get("messages", [])
    return " ".join(cast("list[str]", told)) or refusal.code


def _feedback(element: Json, value: Any) -> Json:
    for name in ("positive_button", "negative_button"):
        if element[name].get("value") == value:
            return {"value": value, "text": element[name]["text"]}
    raise LookupError(f"{value!r} is neither of the two.")
