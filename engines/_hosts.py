"""Which hosts an address may lead to: never the inside of the network, whatever a server says."""

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from aiohttp import ClientConnectorDNSError, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from ._errors import Broken

_HOST = re.compile(r"[a-z0-9._:%-]+")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class InsideError(OSError):
    """A name exists and leads to nothing but the inside of the network."""


class PublicOnly(AbstractResolver):
    """Resolves names, and knows none that lead to a private, local or reserved address.

    It answers at the moment of connecting, so that a name that changes its mind gains nothing.
    """

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the public addresses of a name. Raises InsideError, or OSError if it has none."""
        try:
            found = await self._inner.resolve(host, port, family)
        except UnicodeError:
            raise OSError(f"{host} is no name of a host") from None
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise InsideError(f"{host} is not a public address")
        return public

    async def close(self) -> None:
        """Hold nothing."""
        await self._inner.close()


def leads_inside(lost: BaseException) -> bool:
    """Whether a connection was not made because its name leads inside the network."""
    return isinstance(lost, ClientConnectorDNSError) and isinstance(lost.os_error, InsideError)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large, also where it wraps another one."""
    try:
        told = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a number in a short form, which leads wherever the system thinks
        return False
    wrapped = _wrapped(told) if isinstance(told, ipaddress.IPv6Address) else []
    return all(each.is_global and not each.is_multicast for each in wrapped or [told])


def _wrapped(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Find the IPv4 addresses that a gateway would make of an IPv6 address."""
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return [each for each in inner if each is not None]


def lies_on(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is plain https at one of these hosts, or at a host below one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = parts.scheme == "https" and parts.username is None
    return is_plain and _is_below(parts.hostname or "", hosts)


def outside(url: str, *, hosts: tuple[str, ...] = (), trusted: str = "") -> None:
    """Check an address that a server gave us. Raises Broken with what is wrong with it.

    `hosts` are the endings that are allowed, all if empty; `trusted` is an address the operator
    chose, whose own host and scheme are always allowed.
    """
    parts = _parts_of(url)
    host = parts.hostname or ""
    if trusted and _house_of(parts) == _house_of(urlsplit(trusted)):
        return
    if parts.scheme != "https" or parts.username is not None or not host:
        raise Broken("The engine named an address that is not plain https.")
    if _is_number(host) and not is_public(host):
        raise Broken("The engine named an address inside the network; it is not opened.")
    if hosts and not _is_below(host, hosts):
        raise Broken(f"The engine named a host that is not one of its own: {host[:80]}.")


def _parts_of(url: str) -> SplitResult:
    """Read an address, if all who read it after us find the same host in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_clear = (URL(url, encoded=True).raw_host or "").lower() == host
        if is_clear and parts.port != 0 and _HOST.fullmatch(host):
            return parts
    except ValueError:
        pass
    raise Broken("The engine named an address that cannot be read.")


def _house_of(parts: SplitResult) -> tuple[object, ...]:
    return parts.scheme, parts.username, parts.password, parts.hostname, parts.port


def _is_below(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def _is_number(host: str) -> bool:
    """Whether aiohttp connects to a host without asking a resolver, such as to `127.1`."""
    return ":" in host or host.replace(".", "").isdigit()
