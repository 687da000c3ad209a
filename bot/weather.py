"""Which engines are away, as this process sees it: pure bookkeeping, without a clock of its own."""

from dataclasses import dataclass, field


@dataclass
class _Trouble:
    """One engine's trouble: since when, and which productions heard of it."""

    since: float
    told: set[str] = field(default_factory=set[str])


class Weather:
    """Remembers trouble by engine; the records know what people were told."""

    def __init__(self) -> None:
        self._troubles: dict[str, _Trouble] = {}
        self._well: set[tuple[str, str]] = set()

    def bad(self, engine: str, production_id: str, *, now: float, patience: float) -> bool:
        """Note a failed look; say whether it is time to tell this production, which is so once."""
        trouble = self._troubles.setdefault(engine, _Trouble(now))
        if now - trouble.since < patience or production_id in trouble.told:
            return False
        trouble.told.add(production_id)
        return True

    def good(self, engine: str, production_id: str) -> bool:
        """Note a look that succeeded; say whether the records should be asked for an outage.

        That is so once in the life of a process, for one from before it, and after each trouble.
        """
        if self._troubles.pop(engine, None) is not None:
            self._well = {each for each in self._well if each[0] != engine}
        if (engine, production_id) in self._well:
            return False
        self._well.add((engine, production_id))
        return True
