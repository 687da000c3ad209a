"""What Runway says of an account: its credit, and what its tier allows for each model."""

from collections.abc import Collection, Iterator

from pydantic import BaseModel, Field

from ._answer import Balance
from ._base import Finding

_SHOWN = 8


class _Allowed(BaseModel):
    at_once: int | None = Field(None, alias="maxConcurrentGenerations")
    a_day: int | None = Field(None, alias="maxDailyGenerations")


class _Tier(BaseModel):
    a_month: int | None = Field(None, alias="maxMonthlyCreditSpend")
    models: dict[str, _Allowed] = {}


class _Made(BaseModel):
    today: int = Field(0, alias="dailyGenerations")


class _Usage(BaseModel):
    models: dict[str, _Made] = {}


class Account(BaseModel):
    """The answer to `GET /v1/organization`."""

    credit: int = Field(alias="creditBalance")
    tier: _Tier
    usage: _Usage = _Usage()

    @property
    def balance(self) -> Balance:
        """What is left; a credit is a cent."""
        return Balance(cents=self.credit, text=f"{self.credit:,} credits")

    def findings(self, *, model: str, offered: Collection[str]) -> list[Finding]:
        """Tell the operator how the account is; `model` is the default one of those `offered`."""
        return [
            Finding("key", is_ok=True, told="Runway accepts the key."),
            self._credit(),
            *self._limits(model),
            *self._missing(offered),
        ]

    def _credit(self) -> Finding:
        if self.credit <= 0:
            text = "No credit is left. A producer adds some in Runway's console."
            return Finding("credit", is_ok=False, told=text)
        text = f"{self.credit:,} credits are left, ${self.credit / 100:,.2f}."
        if self.tier.a_month is not None:
            text += f" At most {self.tier.a_month:,} can be bought a month."
        return Finding("credit", is_ok=True, told=text)

    def _limits(self, model: str) -> Iterator[Finding]:
        allowed = self.tier.models.get(model)
        if allowed is not None:
            at_once = "any number" if allowed.at_once is None else f"{allowed.at_once}"
            a_day = "any number" if allowed.a_day is None else f"{allowed.a_day}"
            text = f"{model}: {at_once} at once, {a_day} a day, {self._today(model)} made today."
            yield Finding("limits", is_ok=True, told=text)
        if spent := [name for name in self.tier.models if self._is_spent(name)]:
            text = f"Used up for today: {_named(spent)}. Runway takes more tomorrow."
            yield Finding("limits", is_ok=False, told=text)

    def _missing(self, offered: Collection[str]) -> Iterator[Finding]:
        if missing := sorted(set(offered) - set(self.tier.models)):
            text = f"This account's tier does not name {_named(missing)}; orders may be refused."
            yield Finding("models", is_ok=False, told=text)

    def _today(self, model: str) -> int:
        made = self.usage.models.get(model)
        return 0 if made is None else made.today

    def _is_spent(self, model: str) -> bool:
        most = self.tier.models[model].a_day
        return most is not None and self._today(model) >= most


def _named(models: list[str]) -> str:
    more = len(models) - _SHOWN
    return ", ".join(models[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
