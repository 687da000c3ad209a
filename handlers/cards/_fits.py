"""As many blocks as Slack takes in one message: it counts their JSON, and refuses what is over."""

import json
from collections.abc import Iterable

from handlers.cards._parts import Json

_MOST = 11_000
"""Characters of blocks in a message, with room for a heading and what is below them."""


def fitting(blocks: Iterable[Json], *, most: int) -> list[Json]:
    """Give the first blocks that a message holds beside a heading and buttons, `most` at most."""
    room, kept = _MOST, list[Json]()
    for block in blocks:
        room -= len(json.dumps(block, ensure_ascii=False))
        if room < 0 or len(kept) == most:
            break
        kept.append(block)
    return kept
