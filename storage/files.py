"""Files by their content: kept once under their SHA-256, never changed, in a folder or a bucket."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

from obstore import sign_async
from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, LocalStore, ObjectStore, S3Store, from_url

_CHUNK = 1 << 20
_TRIAL = ".trial"
_ADDRESS_LASTS = timedelta(hours=6)


class FilesRefused(Exception):  # noqa: N818 - reads as the sentence it is
    """The store does not take files; the text says why."""


def sha256_of(path: Path) -> str:
    """Hash a file; blocks, so call it in a thread."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


class Files:
    """Where bytes are kept. `where` is a folder, or a URL of S3, GCS or Azure."""

    def __init__(self, where: str) -> None:
        self._store: ObjectStore = (
            from_url(where) if "://" in where else LocalStore(where, mkdir=True)
        )

    async def keep(self, path: Path) -> str:
        """Keep a file and give its SHA-256; a file that is there already is left alone.

        Raises OSError or obstore's errors if there is no room or no right to write; nothing half
        written is ever found under a hash, because the store puts a name to it last.
        """
        sha256 = await asyncio.to_thread(sha256_of, path)
        if not await self.has(sha256):
            await self._store.put_async(_key(sha256), path)
        return sha256

    async def try_out(self) -> None:
        """Write a few bytes and remove them; raises FilesRefused if they are not taken."""
        try:
            await self._store.put_async(_TRIAL, b"circletake")
            await self._store.delete_async(_TRIAL)
        except (OSError, BaseError) as refused:
            raise FilesRefused(str(refused).partition("\n")[0]) from refused

    async def has(self, sha256: str) -> bool:
        """Say whether a file is kept."""
        try:
            await self._store.head_async(_key(sha256))
        except FileNotFoundError:
            return False
        return True

    @property
    def gives_addresses(self) -> bool:
        """Whether others can be given an address of a file: in a bucket, not in a folder."""
        return isinstance(self._store, S3Store | GCSStore | AzureStore)

    async def address(self, sha256: str) -> str:
        """Give a signed address at which anybody can fetch a file for some hours; "" for a folder.

        Engines that fetch references themselves need it.
        """
        if not isinstance(self._store, S3Store | GCSStore | AzureStore):
            return ""
        return await sign_async(self._store, "GET", _key(sha256), _ADDRESS_LASTS)

    async def size_of(self, sha256: str) -> int:
        """Give the size of a kept file in bytes. Raises FileNotFoundError if it is not kept."""
        return (await self._store.head_async(_key(sha256)))["size"]

    async def bring(self, sha256: str, path: Path) -> Path:
        """Copy a kept file to a local path, checking its hash on the way.

        Raises FileNotFoundError if it is not kept, ValueError if its bytes are not what they were.
        """
        digest = hashlib.sha256()
        answer = await self._store.get_async(_key(sha256))
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as file:
            async for chunk in answer.stream(min_chunk_size=_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != sha256:
            part.unlink()
            raise ValueError(f"The kept file {sha256} has been changed.")
        part.replace(path)
        return path
