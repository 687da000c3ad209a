"""What somebody fills in about a scene, and what is wrong with it."""

from dataclasses import dataclass, field, fields

from bot.constraint_lines import read
from bot.ports import SharedFile
from storage.models import Scene, Sequence, Shot

LONGEST = 3000
"""Slack's limit for a text input; ours too, so that a form can always be opened again."""
KEPT = (
    "title", "purpose", "change", "feeling", "must_carry", "must_not_show", "constraints",
    "overrides", "brief", "source_text", "source_link",
)  # fmt: skip
CHANGEABLE = KEPT[:-2]
"""What can be corrected about a scene; its source stays as it was read."""
PLANNED = ("action", "framing", "camera", "seconds", "ratio")
_SHOWN = 3
RATIOS = ("16:9", "9:16", "1:1", "4:5", "4:3", "21:9", "2.39:1")


@dataclass(frozen=True)
class SceneForm:
    """What somebody filled in to open a scene."""

    title: str
    purpose: str
    change: str = ""
    feeling: str = ""
    must_carry: str = ""
    must_not_show: str = ""
    constraints: str = ""
    overrides: str = ""
    """Why it departs from what its sequence and production say."""
    sequence: str = ""
    """Its code; empty for the production's first."""
    brief: str = ""
    action: str = ""
    framing: str = ""
    camera: str = ""
    seconds: float = 5
    ratio: str = "16:9"
    source_text: str = ""
    source_link: str = ""
    thread_ts: str | None = None
    files: tuple[SharedFile, ...] = field(default=())


def problems_in(form: SceneForm) -> dict[str, str]:
    """Give a sentence for each field that cannot be taken as it is."""
    problems: dict[str, str] = {}
    if not form.purpose.strip():
        problems["purpose"] = "Write what this scene is for. No intent, no order."
    if not form.title.strip():
        problems["title"] = "Give the scene a title."
    if len(form.title) > 150:  # noqa: PLR2004 - a header block holds 150 characters
        problems["title"] = f"A title has at most 150 characters; this one has {len(form.title)}."
    if not 1 <= form.seconds <= 60:  # noqa: PLR2004 - what any engine of ours can make
        problems["seconds"] = "A shot is 1 to 60 seconds long."
    if form.ratio not in RATIOS:
        problems["ratio"] = f"Choose one of {', '.join(RATIOS)}."
    _, unread = read(form.constraints, "")
    if unread:
        problems["constraints"] = " ".join(unread[:_SHOWN])
    return problems | _overlong(form)


def _overlong(form: SceneForm) -> dict[str, str]:
    texts = {each.name: getattr(form, each.name) for each in fields(form)}
    return {
        name: f"At most {LONGEST:,} characters fit here; this has {len(text):,}."
        for name, text in texts.items()
        if isinstance(text, str) and name != "source_text" and len(text) > LONGEST
    }


def standing_form(scene: Scene, shot: Shot, sequence: Sequence) -> SceneForm:
    """Give a scene and its first shot as they were filled in."""
    written = {name: getattr(scene, name) for name in CHANGEABLE}
    return SceneForm(
        sequence=sequence.code, **written, **{name: getattr(shot, name) for name in PLANNED}
    )
