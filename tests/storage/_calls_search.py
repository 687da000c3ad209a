"""What another workspace might ask of the index of what people wrote."""

from storage import search
from storage.models import Scene
from storage.search import Wanted
from tests.storage._world import THEIRS, Call

CALLS: dict[str, Call] = {
    "search.find": lambda s, w: search.find(s, w.production, Wanted(("mira",)), limit=9),
    "search.records": lambda s, w: search.records(s, Scene, THEIRS, {w.scene.id}),
    "search.posted": lambda s, w: search.posted(s, THEIRS, {w.take.id}),
    "search.version_notes": lambda s, w: search.version_notes(s, THEIRS, {w.reference.id}),
    "search.called": lambda s, _: search.called(s, THEIRS, "one"),
}
NOTHING: dict[str, object] = {"search.find": [], "search.records": {}}
