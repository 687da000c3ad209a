"""The Web API methods that the app uses, one file a family."""

from tests.workspace.webapi import (
    apps,
    auth,
    canvases,
    chat,
    conversations,
    files,
    reactions,
    users,
    views,
)
from tests.workspace.webapi._call import METHODS
from tests.workspace.webapi._door import answer

__all__ = [
    "METHODS",
    "answer",
    "apps",
    "auth",
    "canvases",
    "chat",
    "conversations",
    "files",
    "reactions",
    "users",
    "views",
]
