"""A take from every engine, and the form that orders it, against the vendors' sandbox."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from engines import Mode, Offer
from storage.files import sha256_of
from storage.models import Take, TakeState
from tests.databases import sqlite_copy
from tests.factories import a_picture
from tests.stage import elements
from tests.stories._engines import Engines, blocks_of, choices, engines_opened, prompt_in, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
VEO = "google_veo/veo-3.1-generate-001"
PURPOSE = "Mira decides to leave."
EVERY = (
    "comfyui", "firefly", "google_omni", "google_omni_cloud", "google_veo", "luma",
    "luma_dream_machine", "openai_videos", "runway",
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(
    sqlite_ready: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Engines]:
    folder = tmp_path_factory.mktemp("engines")
    async with engines_opened(sqlite_copy(sqlite_ready, folder), folder) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(shared: Engines) -> AsyncIterator[Engines]:
    yield shared
    shared.slack.state.modals.clear()


def first_of(stage: Engines, name: str) -> str:
    model = stage.studio.engines[name].models()[0]
    return f"{name}/{model}" if model else name


async def looked_for(stage: Engines, block_id: str, words: str) -> None:
    """Type into a menu of the open form, where other scenes' references made it one of those."""
    if blocks_of(stage.form())[block_id]["element"]["type"].endswith("external_select"):
        await stage.slack.suggest(block_id, words, user="jonas")


async def sent_off(stage: Engines, **values: Any) -> Take:
    """Send the open form; give the take that it ordered."""
    before = {take.id for take in await stage.takes()}
    seen = await stage.sent(**values)
    assert seen.is_closed, seen.errors
    [take] = [take for take in await stage.takes() if take.id not in before]
    return take


def instance_of(stage: Engines) -> dict[str, Any]:
    """Give what Veo was last asked to show."""
    [*_, placed] = stage.placed("google_veo")
    [instance] = placed.order.request["instances"]
    return instance


def inline(data: bytes) -> dict[str, str]:
    """Give a picture as it goes along with an order."""
    return {"bytesBase64Encoded": b64encode(data).decode(), "mimeType": "image/jpeg"}


def plain_offer(stage: Engines, name: str) -> Offer:
    return stage.studio.engines[name].caps().modes[Mode.TEXT_TO_VIDEO]


@pytest.mark.parametrize("name", EVERY)
async def test_an_order_comes_back_as_a_take_with_its_card(stage: Engines, name: str) -> None:
    scene, engine = await stage.scene(), stage.studio.engines[name]
    before = len(stage.sandbox.ledger)
    done = await stage.ended(await stage.order(scene, first_of(stage, name)))
    assert done.state is TakeState.WAITING, done.problem
    [*_, placed] = stage.sandbox.ledger
    assert len(stage.sandbox.ledger) == before + 1
    assert PURPOSE in json.dumps(placed.order.request) + placed.order.prompt
    assert done.sha256 is not None
    kept = await stage.studio.files.bring(done.sha256, stage.studio.settings.data / "again")
    assert sha256_of(kept) == done.sha256
    card = await stage.card(done, engine.label, engine.models()[0], done.sha256[:8])
    assert {"take_approve", "take_retake", "take_reject"} <= elements(card)
    assert json.loads(done.answer), "The engine's last word is kept."


async def test_nobody_calls_a_take_free_whose_price_nobody_knows(stage: Engines) -> None:
    done = await stage.ended(await stage.order(await stage.scene(), first_of(stage, "firefly")))
    assert done.estimate_cents is None
    await stage.card(done, "price unknown")


@pytest.mark.parametrize("name", EVERY)
async def test_the_form_offers_what_the_engine_can_do_and_nothing_else(
    stage: Engines, name: str
) -> None:
    engine, offer = stage.studio.engines[name], plain_offer(stage, name)
    form = await stage.ordering(await stage.scene(), first_of(stage, name))
    fields = blocks_of(form)
    caps = engine.caps()
    if len(caps.modes) > 1:
        assert choices(form, "mode") == [mode.value for mode in Mode if mode in caps.modes]
    assert ("negative" in fields, "seed" in fields, "audio" in fields) == (
        offer.negative, offer.seed, offer.audio,
    )  # fmt: skip
    assert choices(form, "ratio") == list(offer.ratios)
    assert set(choices(form, "resolution")) <= set(offer.resolutions)
    assert offer.lengths is not None
    if offer.lengths.only:
        assert choices(form, "seconds") == [f"{each:g}" for each in offer.lengths.only]
    else:
        assert fields["seconds"]["hint"]["text"] == f"{offer.lengths}."
    assert not {"first", "last", "source", "references"} & set(fields)


async def test_price_and_losses_are_said_before_the_order(stage: Engines) -> None:
    scene = await stage.scene()
    await stage.a_reference(scene, "Mira", a_picture())
    form = await stage.ordering(scene, "runway/gen4.5")
    assert "Runway: about *$0.24* for 2 s (prices of " in told(form)
    assert "1 s become 2 s: Runway makes 2 to 10" in told(form)
    assert "Mira does not go along: Runway takes no reference here." in told(form)
    form = await stage.changed("engine", "google_omni/gemini-omni-1.2-flash")
    assert "Google Omni: nobody knows the price beforehand" in told(form)


async def test_what_was_typed_survives_another_engine(stage: Engines) -> None:
    await stage.ordering(await stage.scene(), "runway/gen4.5")
    stage.typed("seed", "77")
    stage.typed("family", "rooftops")
    stage.typed("seconds", "8")
    form = await stage.changed("engine", VEO)
    fields = blocks_of(form)
    assert fields["seed"]["element"]["initial_value"] == "77"
    assert fields["family"]["element"]["initial_value"] == "rooftops"
    assert fields["seconds"]["element"]["initial_option"]["value"] == "8"


async def test_a_prompt_written_by_hand_is_kept_and_a_compiled_one_is_compiled_anew(
    stage: Engines,
) -> None:
    scene = await stage.scene(must_not_show="crowds")
    form = await stage.ordering(scene, "runway/gen4.5")
    assert prompt_in(form).endswith("Never show: crowds")
    form = await stage.changed("engine", VEO)
    assert "crowds" not in prompt_in(form)
    assert blocks_of(form)["negative"]["element"]["initial_value"] == "crowds"
    stage.typed("prompt", "A boat, by my own hand.")
    form = await stage.changed("engine", "runway/gen4.5")
    assert prompt_in(form) == "A boat, by my own hand."
    form = await stage.changed("engine", "google_omni/gemini-omni-1.2-flash")
    assert prompt_in(form) == "A boat, by my own hand."


async def test_an_emoji_counts_twice_where_the_engine_counts_utf_16(stage: Engines) -> None:
    await stage.ordering(await stage.scene(), "runway/gen4.5")
    most = plain_offer(stage, "runway").prompt_most
    assert most == 1000
    errors = await stage.refused(prompt="⛵🌊" * 334)
    assert errors == {
        "prompt": "At most 1,000 UTF-16 units fit here, of which an emoji takes two; "
        "this has 1,002."
    }
    seen = await stage.sent(prompt="🌊" * 500)
    assert seen.is_closed, seen.errors
    await stage.ended((await stage.takes())[-1])


async def test_a_length_that_the_engine_lacks_is_refused_at_its_field(stage: Engines) -> None:
    await stage.ordering(await stage.scene(), "runway/gen4.5")
    errors = await stage.refused(seconds="11")
    assert errors == {"seconds": "Clips here are 2 to 10 whole seconds long, not 11."}


@pytest.mark.parametrize("field", ["ratio", "resolution"])
async def test_a_format_from_a_form_that_is_out_of_date_is_refused_at_its_field(
    stage: Engines, field: str
) -> None:
    await stage.ordering(await stage.scene(), VEO)
    gone = {"text": {"type": "plain_text", "text": "2:1"}, "value": "2:1"}
    stage.typed(field, gone, kind="selected_option")
    errors = await stage.refused()
    assert list(errors) == [field]
    assert errors[field].startswith("2:1 is not offered here. Choose ")


async def test_more_references_than_the_engine_takes_are_refused_at_their_field(
    stage: Engines,
) -> None:
    scene = await stage.scene()
    made = [
        await stage.a_reference(scene, f"Look {number}", a_picture((64, 8 * number)))
        for number in range(1, 5)
    ]
    form = await stage.ordering(scene, VEO)
    element = blocks_of(form)["references"]["element"]
    assert element["max_selected_items"] == len(element["initial_options"]) == 3
    assert "Look 4 does not go along: Google Veo takes 3 references." in told(form)
    await looked_for(stage, "references", "look")
    errors = await stage.refused(references=[each.id for each in made])
    assert errors == {"references": "Look 4 does not go along: Google Veo takes 3 references."}


async def test_veo_is_ordered_after_references_that_are_kept_here(stage: Engines) -> None:
    scene, data = await stage.scene(), a_picture((96, 54))
    mira = await stage.a_reference(scene, "Mira", data)
    form = await stage.ordering(scene, VEO)
    assert blocks_of(form)["mode"]["element"]["initial_option"]["value"] == "r2v"
    await looked_for(stage, "references", "mira")
    done = await stage.ended(await sent_off(stage, references=[mira.id]))
    assert done.state is TakeState.WAITING, done.problem
    assert instance_of(stage)["referenceImages"] == [
        {"image": inline(data), "referenceType": "ASSET"}
    ]


async def test_the_kind_of_work_that_was_chosen_is_kept_and_asks_for_its_first_frame(
    stage: Engines,
) -> None:
    scene = await stage.scene()
    ridge = await stage.a_reference(scene, "Ridge", a_picture((96, 57)))
    form = await stage.ordering(scene, "runway/gen4.5")
    assert "first" not in blocks_of(form)
    form = await stage.changed("mode", "i2v")
    fields = blocks_of(form)
    assert fields["mode"]["element"]["initial_option"]["value"] == "i2v"
    assert not fields["first"]["optional"]
    assert list(await stage.refused()) == ["first"]
    form = await stage.changed("ratio", "9:16")
    assert blocks_of(form)["mode"]["element"]["initial_option"]["value"] == "i2v"
    await looked_for(stage, "first", "ridge")
    await stage.ended(await sent_off(stage, first=ridge.id))
    [*_, placed] = stage.placed("runway")
    assert "promptImage" in placed.order.request


async def test_veo_is_ordered_between_frames_that_are_kept_here(stage: Engines) -> None:
    scene, frames = await stage.scene(), (a_picture((96, 55)), a_picture((96, 56)))
    first, last = [await stage.a_reference(scene, "Ridge", data) for data in frames]
    await stage.ordering(scene, VEO)
    await stage.changed("mode", "i2v")
    for name in ("first", "last"):
        await looked_for(stage, name, "ridge")
    done = await stage.ended(await sent_off(stage, first=first.id, last=last.id))
    assert done.state is TakeState.WAITING, done.problem
    told = instance_of(stage)
    assert (told["image"], told["lastFrame"]) == (inline(frames[0]), inline(frames[1]))


async def test_a_picture_that_is_too_large_is_refused_at_its_field(stage: Engines) -> None:
    scene = await stage.scene()
    made = await stage.a_reference(scene, "Ridge", a_picture() + bytes(15_000_000))
    await stage.ordering(scene, "firefly/video1_standard")
    await stage.changed("mode", "i2v")
    await looked_for(stage, "first", "ridge")
    errors = await stage.refused(first=made.id)
    assert errors == {
        "first": "Ridge does not go along: Firefly takes files of at most 15 MB, "
        "and this one has 15.0 MB."
    }


async def test_a_picture_without_a_public_address_is_refused_where_the_engine_fetches_it_itself(
    stage: Engines,
) -> None:
    scene = await stage.scene()
    made = await stage.a_reference(scene, "Ridge", a_picture())
    await stage.ordering(scene, "luma_dream_machine/ray-2")
    form = await stage.changed("mode", "i2v")
    await looked_for(stage, "first", "ridge")
    errors = await stage.refused(first=made.id)
    assert errors == {
        "first": "Ridge does not go along: Luma Dream Machine fetches files by a public address, "
        "and this one has none."
    }
    assert "initial_option" not in blocks_of(form)["first"]["element"]


async def test_luma_extends_its_own_take_without_any_address(stage: Engines) -> None:
    scene = await stage.scene()
    made = await stage.ended(await stage.order(scene, "luma_dream_machine/ray-2"))
    await stage.ordering(scene, "luma_dream_machine/ray-2")
    form = await stage.changed("mode", "extend")
    assert choices(form, "source") == [f"take:{made.id}"]
    seen = await stage.sent(source=f"take:{made.id}")
    assert seen.is_closed, seen.errors
    await stage.ended((await stage.takes())[-1])
    [*_, placed] = stage.placed("luma_dream_machine")
    assert json.loads(made.handle)["id"] in json.dumps(placed.order.request)
