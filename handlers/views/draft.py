"""A thread on its way into a scene's form, kept whole beside it."""

from dataclasses import asdict, replace
from typing import Any

from bot.briefs import Brief, read_brief
from bot.ports import SharedFile, Thread
from bot.scene_form import SceneForm

_PICTURES = 20
_CONSTRAINTS = ("rights", "disclosure", "brand", "safety")


def form_from(brief: Brief, thread: Thread) -> SceneForm:
    """Put what was read into the fields of the form."""
    constraints = "\n".join(
        f"{name.capitalize()}: {' '.join(getattr(brief, name).split())}"
        for name in _CONSTRAINTS
        if getattr(brief, name)
    )
    return SceneForm(
        title=brief.title[:150],
        purpose=brief.purpose,
        change=brief.change,
        feeling=brief.feeling,
        must_carry=brief.must_carry,
        must_not_show=brief.must_not_show,
        constraints=constraints[:3000],
        brief=brief.brief,
        action=brief.action,
        framing=brief.framing,
        camera=brief.camera,
        seconds=brief.seconds or 5,
        ratio=brief.ratio or "16:9",
        source_text=brief.source_text,
        source_link=thread.permalink,
        files=_pictures(thread)[:_PICTURES],
    )


def _pictures(thread: Thread) -> tuple[SharedFile, ...]:
    return tuple(file for file in thread.files if file.may_be_a_picture)


def _proposed(pictures: int, *, of: int) -> str:
    if of > pictures:
        return f"The first {pictures} of {of} pictures will be proposed; a scene takes no more."
    return f"{pictures} picture{'s' if pictures > 1 else ''} will be proposed."


def read(thread: Thread) -> tuple[SceneForm, str]:
    """Read a thread; give the form and a sentence on what is kept beside it."""
    brief = read_brief(thread.messages, names=thread.names)
    form = form_from(brief, thread)
    pictures = len(form.files)
    told = [f"Read from {len(thread.messages)} messages."]
    if pictures:
        told.append(_proposed(pictures, of=len(_pictures(thread))))
    if brief.overflowed:
        told.append(f"Too long for its field: {', '.join(brief.overflowed)}.")
    told.append("The whole thread is kept with the scene as its source.")
    return form, " ".join(told)


def body_of(form: SceneForm, thread_ts: str) -> dict[str, Any]:
    """Keep what the form itself cannot carry."""
    return {
        "source_text": form.source_text,
        "source_link": form.source_link,
        "thread_ts": thread_ts,
        "files": [asdict(file) for file in form.files],
    }


def form_of(form: SceneForm, body: dict[str, Any]) -> SceneForm:
    """Put what was kept back to what was sent."""
    return replace(
        form,
        source_text=body.get("source_text", ""),
        source_link=body.get("source_link", ""),
        thread_ts=body.get("thread_ts"),
        files=tuple(SharedFile(**file) for file in body.get("files", [])),
    )
