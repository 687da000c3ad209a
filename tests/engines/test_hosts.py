"""Which addresses are opened: property by property, and by every odd form that was found."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from engines import Broken
from engines._hosts import InsideError, PublicOnly, lies_on, outside


@pytest.mark.parametrize(
    "url", ["https://adobe.io/v3", "https://firefly-epo1.adobe.io/v3", "https://X.ADOBE.IO:443/"]
)
def test_an_address_on_a_host_or_below_it_may_see_the_key(url: str) -> None:
    assert lies_on(url, ("adobe.io",))


@pytest.mark.parametrize(
    "url",
    [
        "http://firefly.adobe.io/v3",
        "https://evil.example/.adobe.io",
        "https://evil.example?.adobe.io/v3",
        "https://evil.example#.adobe.io/v3",
        "https://firefly.adobe.io:x@evil.example/v3",
        "https://key@firefly.adobe.io/v3",
        "https://notadobe.io/v3",
        "https://adobe.io.evil.example/v3",
        "https://[adobe.io/v3",
        "",
    ],
)
def test_an_address_that_only_looks_so_may_not(url: str) -> None:
    assert not lies_on(url, ("adobe.io",))


A_LABEL = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9_])?", fullmatch=True)
A_NAME = (
    st.lists(A_LABEL, min_size=2, max_size=4)
    .map(".".join)
    .filter(lambda name: not name.replace(".", "").isdigit())
)
ANY_V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
ANY_V6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)
INSIDE_V4 = st.sampled_from(
    ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
     "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"]
).flatmap(lambda net: st.ip_addresses(network=net))  # fmt: skip
INSIDE_V6 = st.sampled_from(
    ["::1/128", "fc00::/7", "fe80::/10", "ff00::/8", "2001:db8::/32"]
).flatmap(lambda net: st.ip_addresses(network=net))


def is_let_out(url: str, **more: Any) -> bool:
    """Whether an address is opened; whatever else is raised is a fault of ours."""
    try:
        outside(url, **more)
    except Broken:
        return False
    return True


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_sentence(text: str) -> None:
    is_let_out(text)
    is_let_out(f"https://{text}")
    is_let_out(f"https://{text}/x", hosts=("good.example",), trusted="http://127.0.0.1:80")


@given(st.text(alphabet="https:/\\@[]%.#?0123456789abcdef\t\n ex。\uff11", max_size=40))
def test_all_who_read_an_address_find_the_host_that_was_checked(text: str) -> None:
    """Two readers that see two hosts in one address are how a check is led past."""
    url = f"https://{text}"
    if is_let_out(url):
        seen = URL(url, encoded=True)
        assert seen.raw_host == urlsplit(url).hostname
        assert seen.user is None
        assert not set(seen.raw_host or "") & set("/\\@#? \t\n")


@given(A_NAME, st.integers(1, 65535))
def test_a_name_on_the_internet_is_opened_at_any_port(name: str, port: int) -> None:
    assert is_let_out(f"https://{name}:{port}/take.mp4?sig=1#x")
    assert not is_let_out(f"http://{name}:{port}/take.mp4")


@given(A_NAME, st.sampled_from(["user", "user:pass", ":pass", "", "good.example"]))
def test_an_address_that_brings_a_user_is_not_opened(name: str, user: str) -> None:
    assert not is_let_out(f"https://{user}@{name}/")
    assert not is_let_out(f"https://{user}@{name}/", trusted=f"https://{name}")


@given(A_NAME)
def test_a_host_must_be_one_of_those_named_or_below_one(name: str) -> None:
    hosts = ("good.example",)
    assert is_let_out(f"https://{name}.good.example/", hosts=hosts)
    assert is_let_out("https://GOOD.example/", hosts=hosts)
    assert not is_let_out(f"https://{name}/", hosts=hosts)
    assert not is_let_out(f"https://good.example.{name}/", hosts=hosts)
    assert not is_let_out(f"https://{name}good.example/", hosts=hosts)
    assert not is_let_out("https://good.example./", hosts=hosts)


@given(INSIDE_V4)
def test_no_form_of_an_inside_ipv4_address_is_opened(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [
        str(address),
        str(number),
        f"[::ffff:{address}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[{ipaddress.IPv6Address((0x2002 << 112) | (number << 80))}]",
        f"{number >> 24}.{number & 0xFFFFFF}",
    ]
    for form in forms:
        assert not is_let_out(f"https://{form}/"), form
        assert not is_let_out(f"https://{form}:8443/x"), form


@given(INSIDE_V6)
def test_no_inside_ipv6_address_is_opened(address: ipaddress.IPv6Address) -> None:
    assert not is_let_out(f"https://[{address}]/")
    assert not is_let_out(f"https://[{address.exploded}]/")
    assert not is_let_out(f"https://[{address}%25eth0]/")


@given(st.one_of(ANY_V4, ANY_V6))
def test_an_address_is_opened_only_if_the_registries_call_it_global(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    shown = f"[{address}]" if address.version == 6 else str(address)
    if is_let_out(f"https://{shown}/"):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize("url", [
    "https://bücher.example/", "https://\uff41dobe.io/", "https://127。0。0。1/", "https://\uff11\uff12\uff17.0.0.1/",
    "https://exa mple.com/", "https://x:0/", "https://x:65536/", "https://x:-1/", "https:///x",
    "https://", "https:x", "https://[::1", "https://a]b/", "https://x\\@good.example/",
])  # fmt: skip
def test_an_address_with_an_odd_host_is_not_opened(url: str) -> None:
    assert not is_let_out(url)


def test_a_name_in_punycode_is_a_name_like_any_other() -> None:
    assert is_let_out("https://xn--bcher-kva.example/take.mp4")


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://127.0.0.1:8188/view", True),
        ("HTTP://127.0.0.1:8188", True),
        ("http://127.0.0.1:8189/view", False),
        ("https://127.0.0.1:8188/view", False),
        ("http://127.0.0.1.:8188/view", False),
        ("http://127.1:8188/view", False),
        ("http://localhost:8188/view", False),
        ("http://user@127.0.0.1:8188/view", False),
    ],
)
def test_the_operators_own_address_is_opened_and_none_that_is_merely_like_it(
    url: str, *, is_own: bool
) -> None:
    assert is_let_out(url, trusted="http://127.0.0.1:8188/api") is is_own


NAMES = ["localhost", "LOCALHOST", "127.0.0.1.", "127.1", "0x7f.1", "0177.0.0.1", "2130706433",
         "\uff11\uff12\uff17.0.0.1", "", ".", "a..b", "a" * 64 + ".example", "\0", "ä" * 64,
         "::1"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_no_name_that_leads_inside_is_resolved(name: str) -> None:
    with pytest.raises(OSError, match=r"."):
        await PublicOnly().resolve(name, 443)


async def test_a_name_that_leads_inside_is_told_from_one_that_is_not_known() -> None:
    with pytest.raises(InsideError):
        await PublicOnly().resolve("localhost", 443)
    with pytest.raises(OSError, match="no name of a host") as told:
        await PublicOnly().resolve("a..b", 443)
    assert not isinstance(told.value, InsideError)
