"""Google's SDK with a service account whose tokens come from the sandbox."""

from pathlib import Path
from typing import Any, cast

from google import genai
from google.genai import types
from google.oauth2 import service_account

from tests.sandbox import Sandbox
from tests.sandbox._google_tokens import SCOPE


def credentials(key_file: Path) -> Any:
    """Read a key file as google-auth does."""
    read = cast("Any", service_account.Credentials).from_service_account_file
    return read(str(key_file), scopes=[SCOPE])


def vertex_client(sandbox: Sandbox, key_file: Path, location: str = "us-central1") -> genai.Client:
    """Make a client for Vertex that talks to the sandbox."""
    return genai.Client(
        vertexai=True,
        project="my-project",
        location=location,
        credentials=credentials(key_file),
        http_options=types.HttpOptions(base_url=sandbox.url("google_veo")),
    )
