"""A scene in each engine's words: who is seen, which frame is first, and what is never shown."""

from datetime import UTC, datetime

from bot.fitting import Pick
from bot.intent import ground_of
from bot.rulebook import EMPTY
from bot.wording import Worded, worded
from engines import Caps, Mode, RefRole
from engines.google_omni import GoogleOmni
from engines.google_veo import GoogleVeo
from engines.luma import Luma
from engines.runway import Runway
from storage.models import Scene, Shot

SCENE = Scene(
    workspace_id="T1", production_id="P1", sequence_id="S1", number=10, title="Rooftop opener",
    purpose="Mira decides to leave.", feeling="relief, a little fear", must_carry="the red coat",
    must_not_show="logos, crowds", channel_id="C1", opened_by="U1",
    opened_at=datetime(2026, 11, 22, tzinfo=UTC),
    constraints="brand: the sky is never grey\nrights: music is cleared\nsafety: no open edges.",
)  # fmt: skip
SHOT = Shot(
    workspace_id="T1", scene_id="1", number=10, action="Mira turns from the edge and walks off.",
    framing="Medium shot, low angle.", camera="slow push in",
)  # fmt: skip
MIRA = Pick(RefRole.REFERENCE, "1", "Mira", "ab" * 32, tag="mira")
ROOF = Pick(RefRole.REFERENCE, "2", "the roof", "cd" * 32, tag="the_roof")
DAWN = Pick(RefRole.FIRST, "3", "Dawn", "ef" * 32, tag="dawn")


def said(caps: Caps, mode: Mode, *picks: Pick, scene: Scene = SCENE, shot: Shot = SHOT) -> Worded:
    return worded(ground_of(scene, (), EMPTY), shot, caps.modes[mode], picks)


def runway(model: str) -> Caps:
    return Runway({"RUNWAY_API_KEY": "key"}).caps(model)


def omni() -> Caps:
    return GoogleOmni({"GOOGLE_OMNI_API_KEY": "key"}).caps()


def test_a_scene_is_told_from_the_action_to_what_is_never_shown() -> None:
    assert said(Luma({"LUMA_API_KEY": "key"}).caps(), Mode.TEXT_TO_VIDEO).prompt == (
        "Mira turns from the edge and walks off.\n"
        "Medium shot, low angle.\n"
        "Camera: slow push in\n"
        "Mood: relief, a little fear\n"
        "Must be seen: the red coat\n"
        "Observe: the sky is never grey. no open edges.\n"
        "Never show: logos, crowds"
    )


def test_rights_are_for_people_and_not_for_engines() -> None:
    assert "music" not in said(runway("gen4.5"), Mode.TEXT_TO_VIDEO).prompt


def test_what_a_person_has_to_confirm_is_no_word_for_an_engine() -> None:
    scene = SCENE.model_copy(update={"constraints": "[ask] Safety: the stunt is cleared"})
    assert "stunt" not in said(runway("gen4.5"), Mode.TEXT_TO_VIDEO, scene=scene).prompt


def test_what_is_never_shown_goes_into_the_negative_prompt_where_there_is_one() -> None:
    veo = GoogleVeo({"GOOGLE_VEO_PROJECT": "p"}).caps()
    words = said(veo, Mode.TEXT_TO_VIDEO)
    assert words.negative == "logos, crowds"
    assert "logos" not in words.prompt


def test_omni_calls_the_first_frame_by_its_mark_before_the_action() -> None:
    words = said(omni(), Mode.IMAGE_TO_VIDEO, DAWN)
    assert words.prompt.startswith("<FIRST_FRAME> Mira turns from the edge")


def test_omni_counts_its_references_from_nought_and_says_who_they_are() -> None:
    lines = said(omni(), Mode.REFERENCE_TO_VIDEO, MIRA, ROOF).prompt.splitlines()
    assert "<IMAGE_REF_0> is Mira." in lines
    assert "<IMAGE_REF_1> is the roof." in lines


def test_runway_stills_call_references_by_their_tags() -> None:
    lines = said(runway("gen4_image"), Mode.TEXT_TO_IMAGE, MIRA, ROOF).prompt.splitlines()
    assert lines[4:6] == ["@mira is Mira.", "@the_roof is the roof."]


def test_some_of_runways_models_count_their_references_from_one() -> None:
    words = said(runway("grok_imagine_1_5"), Mode.REFERENCE_TO_VIDEO, MIRA, ROOF)
    assert "[Image 2] is the roof." in words.prompt


def test_where_prompts_cannot_name_a_reference_they_say_what_the_pictures_show() -> None:
    veo = GoogleVeo({"GOOGLE_VEO_PROJECT": "p"}).caps()
    words = said(veo, Mode.REFERENCE_TO_VIDEO, MIRA, ROOF)
    assert "The reference pictures show Mira and the roof." in words.prompt


def test_a_scene_of_one_sentence_is_that_sentence() -> None:
    scene = SCENE.model_copy(update=dict.fromkeys(_EMPTY, ""))
    shot = Shot(workspace_id="T1", scene_id="1", number=10)
    words = said(omni(), Mode.TEXT_TO_VIDEO, scene=scene, shot=shot)
    assert words == Worded("Mira decides to leave.", "")


_EMPTY = ("feeling", "must_carry", "must_not_show", "constraints")
