"""What a person may pick from a select, and what is picked already."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from tests.workspace.records import Channel, Member

Json = dict[str, Any]

_INITIALS = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}


@dataclass(frozen=True)
class Choice:
    """One line of a select; `option` is Slack's own object as JSON, to be sent back as it came."""

    value: str
    words: str
    option: str = ""
    group: str = ""
    is_first: bool = False
    is_last: bool = False


def proposed(element: Json) -> Json:
    """Return what the app fills in, in the shape in which a person's own entry would come back."""
    return {name: element[key] for key, name in _INITIALS.items() if key in element}


def chosen(element: Json, typed: Json) -> list[str]:
    """List the values that are picked, whichever kind of element it is."""
    options: list[Json] = list(typed.get("selected_options") or [])
    if typed.get("selected_option"):
        options.append(typed["selected_option"])
    if options:
        return [str(one.get("value")) for one in options]
    kind = str(element["type"]).removeprefix("multi_").removesuffix("s_select")
    several = cast("list[str]", typed.get(f"selected_{kind}s") or [])
    single = cast("str | None", typed.get(f"selected_{kind}"))
    return [*several, *([single] if single else [])]


def of_people(people: Iterable[Member]) -> Iterator[Choice]:
    """Offer people by name."""
    return (Choice(one.id, one.real_name or one.name) for one in people)


def of_rooms(rooms: Iterable[Channel]) -> Iterator[Choice]:
    """Offer channels by name."""
    return (Choice(one.id, f"# {one.name}") for one in rooms)


def of_options(element: Json) -> Iterator[Choice]:
    """Offer what the app listed, in its groups."""
    for option in cast("list[Json]", element.get("options") or []):
        yield _choice(option)
    for group in cast("list[Json]", element.get("option_groups") or []):
        label = str(group["label"]["text"])
        last = len(group["options"]) - 1
        for index, option in enumerate(group["options"]):
            yield _choice(option, group=label, is_first=index == 0, is_last=index == last)


def _choice(
    option: Json, *, group: str = "", is_first: bool = False, is_last: bool = False
) -> Choice:
    words = str(option["text"]["text"])
    kept = json.dumps(option, ensure_ascii=False)
    return Choice(str(option["value"]), words, kept, group, is_first=is_first, is_last=is_last)
