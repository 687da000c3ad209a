"""What people do with an open modal: fill it in, submit it, close it."""

from copy import copy
from typing import Any, cast

from tests.workspace import forms, modals, payloads
from tests.workspace.blocks import elements_of
from tests.workspace.delivery import Outcome
from tests.workspace.errors import SlackError
from tests.workspace.pressing import WAIT, Pressing
from tests.workspace.records import Json, Member, View
from tests.workspace.seen import Seen, Watch

REQUIRED = "Please complete this required field."
TROUBLE = "We had some trouble connecting. Try again?"


class Submitting(Pressing):
    """Modals, from the side of whoever looks at them."""

    async def submit(
        self,
        values: Json | None = None,
        *,
        user: str,
        view_id: str | None = None,
        wait: float = WAIT,
    ) -> Seen:
        """Fill in the open modal and send it.

        `values` names fields by label, action id or block id; a block id may also hold a dict by
        action id. What is not named keeps what it had.
        """
        member = self.person(user)
        view = self._view(member, view_id)
        refused = fill(view, values or {})
        if refused:
            view.errors = refused
            return Seen(ok=False, errors=refused, view=view.view, error="invalid_input")
        urls = self._response_urls(view, member)
        body = payloads.submission_body(self.hub, view, values=view.values, response_urls=urls)
        with Watch(self.hub, member.id) as watch:
            outcome = await self.hub.delivery.ask("interactive", body)
            seen = Seen().note(outcome)
            self._obey(view, outcome, seen)
            return await watch.tell(seen, wait=wait if outcome.is_acknowledged else 0)

    async def close(
        self, *, user: str, view_id: str | None = None, clear: bool = False, wait: float = 0.0
    ) -> Seen:
        """Close the open modal, or with `clear` all of the stack."""
        member = self.person(user)
        view = self._view(member, view_id)
        is_cleared = clear or bool(view.view.get("clear_on_close"))
        body = payloads.closed_body(self.hub, view, is_cleared=is_cleared)
        if is_cleared:
            modals.close_all(self.hub, member.id)
        else:
            modals.close_view(self.hub, view)
        if not view.view.get("notify_on_close"):
            return Seen(is_closed=True)
        seen = await self._interact(body, member, wait)
        seen.is_closed = True
        return seen

    def _obey(self, view: View, outcome: Outcome, seen: Seen) -> None:
        """Do what the acknowledgement of a submission says."""
        if not outcome.is_acknowledged:
            seen.error = TROUBLE
            return
        try:
            self._act_on(view, outcome.payload)
        except SlackError as refusal:
            seen.ok, seen.error = False, TROUBLE
            view.errors = {"": refusal.code}

    def _act_on(self, view: View, answer: Json) -> None:
        match answer.get("response_action"):
            case "errors":
                view.errors = self._errors_at_inputs(view, answer.get("errors", {}))
                change = {"kind": "view.updated", "view_id": view.id, "user_id": view.user_id}
                self.hub.state.publish(change)
            case "update":
                modals.update_view(self.hub, view, answer.get("view"))
            case "push":
                modals.push_modal(self.hub, view.user_id, answer.get("view"))
            case "clear":
                modals.close_all(self.hub, view.user_id)
            case _:
                modals.close_view(self.hub, view)

    def _errors_at_inputs(self, view: View, errors: dict[str, str]) -> dict[str, str]:
        """Slack shows errors only at input blocks, and fails if none of them is one."""
        blocks = cast("list[Json]", view.view["blocks"])
        inputs = {block["block_id"] for block in blocks if block["type"] == "input"}
        shown = {block_id: text for block_id, text in errors.items() if block_id in inputs}
        if not shown:
            raise SlackError("no_such_input_block")
        return shown

    def _response_urls(self, view: View, member: Member) -> list[Json]:
        """Return an URL for each conversation picker that asked for one."""
        urls: list[Json] = []
        for block in cast("list[Json]", view.view["blocks"]):
            for element in elements_of(block):
                if element.get("response_url_enabled"):
                    urls += self._url_for(view, member, block, element)
        return urls

    def _url_for(self, view: View, member: Member, block: Json, element: Json) -> list[Json]:
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        entry = view.values[block["block_id"]][element["action_id"]]
        channel_id = entry.get("selected_conversation") or entry.get("selected_channel")
        if not channel_id:
            return []
        key = self.hub.grants.response_url(member.id, channel_id)
        team_id = self.hub.state.app.team_id
        url = f"{self.hub.origin}/commands/{team_id}/{key}"
        return [{"channel_id": channel_id, "response_url": url} | ids]


def fill(view: View, values: Json) -> dict[str, str]:
    """Enter the values; returns the sentences that Slack's client shows by block id."""
    unused: Json = {name: copy(value) for name, value in values.items()}
    refused: dict[str, str] = {}
    for block in cast("list[Json]", view.view["blocks"]):
        for element in elements_of(block):
            if element["action_id"] in view.values.get(block["block_id"], {}):
                refused |= _fill_one(view, block, element, unused)
    if unused:
        raise LookupError(f"The modal has no field {', '.join(map(str, unused))}.")
    return refused


def _fill_one(view: View, block: Json, element: Json, unused: Json) -> dict[str, str]:
    entries = view.values[block["block_id"]]
    for name in _names(block, element):
        if name in unused:
            known = forms.with_offered(element, view.offered, block["block_id"])
            entries[element["action_id"]] = _enter(known, unused, name)
            break
    entry = entries[element["action_id"]]
    if block["type"] != "input":
        return {}
    if forms.is_empty(entry):
        return {} if block.get("optional") else {block["block_id"]: REQUIRED}
    refusal = forms.refusal_of(element, entry)
    return {block["block_id"]: refusal} if refusal else {}


def _names(block: Json, element: Json) -> list[str]:
    label = cast("Json", block.get("label") or {})
    return [block["block_id"], element["action_id"], str(label.get("text", ""))]


def _enter(element: Json, unused: Json, name: str) -> Json:
    value: Any = unused[name]
    if isinstance(value, dict) and element["action_id"] in value:
        nested = cast("Json", value)
        value = nested.pop(element["action_id"])
        if not nested:
            del unused[name]
    else:
        del unused[name]
    return forms.entered(element, value)
