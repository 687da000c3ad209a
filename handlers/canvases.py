"""Canvases as the office's pages: what we ask of Slack's canvases, and nothing else does."""

from typing import Any

from bot.ports import RoomClosed
from bot.ports_canvas import CanvasGone, CanvasRefused
from handlers._calls import Calls
from handlers._canvas_plan import Probe, Step, blocks_of, pieces_of, planned
from handlers.payloads import Json

_GONE = frozenset({"canvas_not_found", "canvas_deleted", "file_not_found", "file_deleted"})
_FREE = "On Slack's free plan a channel has one canvas, and this channel's is taken."
_WHY = {
    "canvas_disabled_user_team": "Canvases are turned off in this workspace.",
    "free_team_canvas_tab_already_exists": _FREE,
    "free_teams_cannot_create_non_tabbed_canvases": _FREE,
    "free_teams_cannot_create_standalone_canvases": _FREE,
    "free_teams_cannot_edit_standalone_canvases": "Slack's free plan does not let us edit this.",
    "team_tier_cannot_create_channel_canvases": "This workspace's plan has no channel canvases.",
    "restricted_action": "This workspace does not let Circletake write canvases.",
    "slack_connect_canvas_sharing_blocked": "Canvases may not be shared in this channel.",
}


class _Unreadable(CanvasRefused):
    """Slack could not apply an edit: to this text, or to a block that is no longer there."""


class SlackCanvases:
    """Writes pages; see `bot.ports_canvas.Canvases` for what may be raised."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def create(self, channel_id: str, title: str, markdown: str) -> str:
        """Make a canvas that is a tab of the channel, beside the channel's own."""
        answer = await self._ask(
            "canvases_create",
            title=title,
            document_content=_content(markdown),
            channel_id=channel_id,
        )
        return answer["canvas_id"]

    async def update(self, canvas_id: str, before: str, after: str) -> bool:
        """Change the blocks that differ; write the page anew if one of them is not found."""
        steps = planned(before, after)
        # All are located before the first is changed: new words could be taken for old ones.
        places = None if steps is None else await self._located(canvas_id, steps)
        if steps is not None and places is not None:
            try:
                for step, ids in zip(steps, places, strict=True):
                    await self._take(canvas_id, step, ids)
            except _Unreadable:
                places = None
        if places is None:
            await self._write_anew(canvas_id, after)
        return places is None

    async def rename(self, canvas_id: str, title: str) -> None:
        """Give a canvas another title."""
        await self._edit(canvas_id, {"operation": "rename", "title_content": _content(title)})

    async def link_to(self, canvas_id: str) -> str:
        """Give a canvas's address; it is a file, too."""
        answer = await self._ask("files_info", file=canvas_id)
        return answer["file"]["permalink"]

    async def _located(self, canvas_id: str, steps: list[Step]) -> list[list[str]] | None:
        places: list[list[str]] = []
        for step in steps:
            found = [await self._find(canvas_id, probe) for probe in step.probes]
            ids = list(dict.fromkeys(each for each in found if each))
            if None in found or (step.is_one and len(ids) != 1):
                return None
            places.append(ids)
        given_way = [
            each for step, ids in zip(steps, places, strict=True) if not step.beside for each in ids
        ]
        return places if len(set(given_way)) == len(given_way) else None

    async def _find(self, canvas_id: str, probe: Probe) -> str | None:
        criteria: Json = {"contains_text": probe.words}
        if probe.in_headings:
            criteria["section_types"] = ["any_header"]
        answer = await self._ask("canvases_sections_lookup", canvas_id=canvas_id, criteria=criteria)
        found: list[Json] = answer["sections"]
        return found[probe.index]["id"] if len(found) == probe.count else None

    async def _take(self, canvas_id: str, step: Step, ids: list[str]) -> None:
        """Take one step; what is inserted has no id yet, so the rest goes around what has one."""
        if step.beside == "insert_after":
            for piece in reversed(step.markdown):
                await self._put(canvas_id, step.beside, piece, ids[0])
            return
        leading = step.markdown if step.beside else step.markdown[:-1]
        for piece in leading:
            await self._put(canvas_id, "insert_before", piece, ids[0])
        if step.beside:
            return
        if step.markdown:
            await self._put(canvas_id, "replace", step.markdown[-1], ids[0])
        for old in ids[1:] if step.markdown else ids:
            await self._edit(canvas_id, {"operation": "delete", "section_id": old})

    async def _write_anew(self, canvas_id: str, page: str) -> None:
        first, *others = pieces_of(blocks_of(page)) or ("",)
        await self._put(canvas_id, "replace", first)
        for piece in others:
            await self._put(canvas_id, "insert_at_end", piece)

    async def _put(
        self, canvas_id: str, operation: str, markdown: str, section_id: str = ""
    ) -> None:
        change: Json = {"operation": operation, "document_content": _content(markdown)}
        await self._edit(canvas_id, change | ({"section_id": section_id} if section_id else {}))

    async def _edit(self, canvas_id: str, change: Json) -> None:
        await self._ask("canvases_edit", canvas_id=canvas_id, changes=[change])

    async def _ask(self, method: str, **arguments: Any) -> Any:
        try:
            return await self._calls.ask(method, **arguments)
        except RoomClosed as refused:
            raise _named(refused) from refused


def _named(refused: RoomClosed) -> CanvasGone | CanvasRefused:
    """Name a refusal by Slack's own code, which `Calls` keeps as its cause."""
    answer: Any = getattr(refused.__cause__, "response", {})
    code: str = answer.get("error", "")
    if code in _GONE:
        return CanvasGone("This page's canvas has been removed in Slack.")
    if code in {"canvas_editing_failed", "canvas_creation_failed"}:
        return _Unreadable(f"Slack could not take this page: {answer.get('detail') or code}.")
    return CanvasRefused(_WHY.get(code, str(refused)))


def _content(markdown: str) -> Json:
    return {"type": "markdown", "markdown": markdown}
