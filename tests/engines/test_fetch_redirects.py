"""Where a fetch is sent on to: three times at most, never inside, and never with the key."""

import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from yarl import URL

from engines import Broken, EngineError, Output
from engines._fetch import fetched
from engines._wire import Wire

from .fetching import FILM, fetch, is_kept, nothing_in
from .toy import KEY, Answering, Heard, saying, serving, toy_at


def leading(*, hops: int) -> Answering:
    """Send a client from `/0` to `/1` and so on, then give the film."""

    async def answer(request: web.Request) -> web.StreamResponse:
        number = int(request.path.strip("/") or 0)
        if number < hops:
            return web.Response(status=302, headers={"location": f"/{number + 1}"})
        return web.Response(body=FILM)

    return answer


async def test_three_redirects_are_followed(tmp_path: Path) -> None:
    async with serving(leading(hops=3)) as server:
        assert is_kept(await fetch(server.url, tmp_path / "take.mp4"))
    assert [request.path for request in server.requests] == ["/", "/1", "/2", "/3"]
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}


async def test_a_fourth_redirect_is_not(tmp_path: Path) -> None:
    async with serving(leading(hops=4)) as server:
        with pytest.raises(Broken, match="from one address to the next"):
            await fetch(server.url, tmp_path / "take.mp4")
    assert len(server.requests) == 4


INSIDE = [
    "https://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://localhost/",
    "http://example.com/take.mp4",
    "file:///etc/passwd",
    "ftp://example.com/",
    "https://user:pass@example.com/",
    "https://[::1",
    "//169.254.169.254/x",
    "",
]


@pytest.mark.parametrize("target", INSIDE)
async def test_a_redirect_never_leads_inside(tmp_path: Path, target: str) -> None:
    async with serving(saying(302, Location=target)) as server:
        with pytest.raises(Broken) as told:
            await fetch(server.url, tmp_path / "take.mp4")
    assert str(told.value).endswith(".")
    assert nothing_in(tmp_path)


@pytest.mark.parametrize("target", INSIDE)
async def test_an_output_never_lies_inside(tmp_path: Path, target: str) -> None:
    with pytest.raises(Broken):
        await fetch(target, tmp_path / "take.mp4", base="https://toy.example")
    assert nothing_in(tmp_path)


async def test_a_redirect_to_another_port_of_the_house_asks_nobody_there(tmp_path: Path) -> None:
    async with (
        serving(saying(200, FILM)) as other,
        serving(saying(302, Location=f"{other.url}/x")) as server,
    ):
        with pytest.raises(Broken):
            await fetch(server.url, tmp_path / "take.mp4")
    assert other.requests == []


@pytest.fixture
async def server() -> AsyncIterator[Heard]:
    async with serving(saying(200, FILM)) as server:
        yield server


@pytest.mark.parametrize("needs_auth", [True, False])
async def test_the_key_opens_only_what_needs_it(
    server: Heard, tmp_path: Path, *, needs_auth: bool
) -> None:
    toy = toy_at(server.url)
    output = Output(url=f"{server.url}/take.mp4", needs_auth=needs_auth)
    await toy.download(output, tmp_path / "take.mp4")
    await toy.close()
    assert ("authorization" in server.requests[0].headers) is needs_auth


async def test_the_key_is_not_shown_to_the_host_of_a_file(tmp_path: Path) -> None:
    toy = toy_at("http://127.0.0.1:9")
    output = Output(url="https://cdn.example/take.mp4", needs_auth=True)
    with pytest.raises(EngineError, match="must not see our key"):
        await toy.download(output, tmp_path / "take.mp4")
    await toy.close()


class _Home(AbstractResolver):
    """Every name leads to loopback: the internet of one test."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        told = {"hostname": host, "host": "127.0.0.1", "port": port, "family": family}
        return [ResolveResult(**told, proto=0, flags=socket.AI_NUMERICHOST)]  # pyright: ignore[reportArgumentType]  a table of kinds

    async def close(self) -> None:
        """Hold nothing."""


def _to_home(tls: ssl.SSLContext) -> TCPConnector:
    return TCPConnector(resolver=_Home(), ssl=tls)


def _certificate(folder: Path) -> Path:
    """Make a certificate for `cdn.example`, good for a day, and its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    start = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251  TLS asks the real clock
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("cdn.example")]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "cdn.pem"
    path.write_bytes(pem + made.public_bytes(Encoding.PEM))
    return path


async def test_the_key_does_not_follow_the_clip_to_the_host_where_it_lies(tmp_path: Path) -> None:
    pem = _certificate(tmp_path)
    ours = ssl.create_default_context(cafile=pem)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(pem)
    async with serving(saying(200, FILM), tls=theirs) as cdn:
        port = URL(cdn.url).port
        film = f"https://cdn.example:{port}/take.mp4?sig=1"
        async with serving(saying(302, Location=film)) as server:
            wire = Wire("Toy", server.url, connector=lambda _: _to_home(ours))
            key = {"authorization": f"Bearer {KEY}", "x-api-key": KEY}
            clip, path = Output(url=f"{server.url}/content"), tmp_path / "take.mp4"
            stored = await fetched(wire, clip, path, key=key, hosts=("cdn.example",))
            await wire.close()
    assert is_kept(stored)
    assert server.requests[0].headers["x-api-key"] == KEY
    assert KEY not in str(cdn.requests[0].headers)
