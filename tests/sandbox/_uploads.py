"""Files that were sent to a vendor ahead of an order."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Upload:
    """One file. `data` is None until its bytes have come."""

    vendor: str
    id: str
    name: str
    mime: str
    data: bytes | None = None
    created_at: float = field(default_factory=time.time)
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    """Whatever else the vendor's file wants to remember."""


class Uploads:
    """All uploads of all vendors."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Upload] = {}

    def add(self, upload: Upload) -> Upload:
        """Keep an upload under its vendor and id."""
        self._kept[upload.vendor, upload.id] = upload
        return upload

    def get(self, vendor: str, upload_id: str) -> Upload | None:
        """Find an upload."""
        return self._kept.get((vendor, upload_id))

    def drop(self, vendor: str, upload_id: str) -> bool:
        """Delete an upload; False where there was none."""
        return self._kept.pop((vendor, upload_id), None) is not None

    def of(self, vendor: str) -> list[Upload]:
        """Return a vendor's uploads, oldest first."""
        return [upload for upload in self._kept.values() if upload.vendor == vendor]
