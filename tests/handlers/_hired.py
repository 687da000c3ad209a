"""Every engine there is, hired at the sandbox's addresses, and desks to lay orders on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.budget import Purse
from bot.desks import Desk
from bot.fitting import Order, Pick
from bot.gates import Gate
from bot.governed import Governed
from bot.intent import ground_of
from bot.rights import standing_of
from bot.rulebook import EMPTY
from bot.setups import plan_for
from bot.views import TakeView
from bot.wording import worded
from engines import Engine, Mode, RefKind, RefRole
from storage.models import (
    FileForm,
    Production,
    Reference,
    ReferenceFile,
    ReferenceStatus,
    ReferenceVersion,
    Scene,
    Setup,
    Shot,
    Take,
    TakeState,
)
from storage.references import Asset

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
WIDE = "Wärme & <Licht> auf dem Dach über Lissabon, "
"""Words with everything that must be escaped or counts more than once."""
OWNED = {"id": "a", "workspace_id": "T0STUDIO001", "production_id": "p", "scene_id": "s"}


@dataclass(frozen=True)
class Terms:
    """What engines are told when they are hired."""

    engine_work: Path
    engine_variables: Mapping[str, str]


def everything(engines: Mapping[str, Engine]) -> Iterator[tuple[str, str, Mode]]:
    """Name every kind of work of every model of every engine."""
    for name, engine in engines.items():
        for model in engine.models():
            yield from ((name, model, mode) for mode in engine.caps(model).modes)


def a_production() -> Production:
    return Production(
        id="p", workspace_id="T0STUDIO001", name="Aurora launch", channel_id="C", opened_by="U",
        opened_at=NOW,
    )  # fmt: skip


def a_scene(words: str = WIDE) -> Scene:
    return Scene(
        **OWNED | {"id": "s"}, sequence_id="q", number=990, title=(words * 9)[:150],
        purpose=words * 60, change=words * 60, feeling=words * 60, must_carry=words * 60,
        must_not_show=words * 60, constraints=words * 60, channel_id="C", opened_by="U",
        opened_at=NOW,
    )  # fmt: skip


def a_shot(*, seconds: float = 5, ratio: str = "16:9") -> Shot:
    return Shot(
        id="h", workspace_id="T0STUDIO001", scene_id="s", number=990, action=WIDE * 30,
        framing=WIDE, camera=WIDE, seconds=seconds, ratio=ratio,
    )  # fmt: skip


def a_take(number: int = 1, **values: object) -> Take:
    known: dict[str, object] = {
        **OWNED, "id": f"{number:024}", "shot_id": "h", "setup_id": "b", "number": number,
        "engine": "runway", "ordered_by": "U0MAYA00001", "ordered_at": NOW,
    }  # fmt: skip
    return Take.model_validate(known | values)


def a_desk(
    engine: Engine,
    order: Order,
    *,
    pictures: int = 0,
    films: int = 0,
    title: str = WIDE,
    cents: int | None = 36,
    purse: Purse | None = None,
) -> Desk:
    """Lay an order out, with so many pictures and earlier takes to choose from."""
    scene, shot = a_scene(), a_shot(seconds=order.seconds, ratio=order.ratio)
    references = [_reference(number, title) for number in range(pictures)]
    sources = [_source(number, still=number % 2 == 0) for number in range(1, films + 1)]
    picks = tuple(
        Pick(RefRole.REFERENCE, each.reference.id, title, "0" * 64, RefKind.IMAGE, size=900)
        for each in references
    )
    plan = plan_for(engine, order, picks)
    ground = ground_of(scene, (), EMPTY)
    words = worded(ground, shot, plan.offer, plan.fit.picks)
    return Desk(
        production=a_production(), scene=scene, shot=shot, shots=[shot], references=references,
        made=sources, purse=purse or Purse(0, None, None), ground=ground, waived=set(),
        may_waive=False, before=None, engine=engine, plan=plan, words=words, estimate_cents=cents,
        gate=Gate(),
    )  # fmt: skip


def _reference(number: int, title: str) -> Governed:
    known: dict[str, Any] = {"workspace_id": "T0STUDIO001"}
    reference = Reference(
        **known, id=f"r{number}", production_id="p", number=number, title=title,
        status=ReferenceStatus.APPROVED, proposed_by="U", proposed_at=NOW,
    )  # fmt: skip
    version = ReferenceVersion(
        **known, id=f"v{number}", reference_id=reference.id, number=1, made_by="U", made_at=NOW
    )
    file = ReferenceFile(
        **known, production_id="p", version_id=version.id, position=1, form=FileForm.PICTURE,
        sha256="0" * 64,
    )  # fmt: skip
    return Governed(Asset(reference, version, (file,)), standing_of(reference, (), NOW.date()))


def _source(number: int, *, still: bool) -> Take:
    return a_take(
        number, state=TakeState.WAITING, sha256="0" * 64, ready_at=NOW, still=still, seconds=5.0
    )


def a_view(take: Take, engine: Engine, model: str, **values: object) -> TakeView:
    """Give what a take's card is drawn from."""
    body = '{"seconds": 5, "ratio": "16:9", "seed": 4294967295}'
    setup = Setup(
        workspace_id="T0STUDIO001", sha256="0" * 64, body=body, engine=engine.name, model=model
    )
    known: dict[str, object] = {
        "production": a_production(), "scene": a_scene(), "shot": a_shot(), "take": take,
        "setup": setup, "decisions": [], "ground": ground_of(a_scene(), (), EMPTY),
        "engine_label": engine.label,
        "engine_console": engine.facts.console, "engine_credit": "<https://a.test|Powered by A>",
    }  # fmt: skip
    return TakeView(**known | values)  # pyright: ignore[reportArgumentType] - fields by their names
