"""Forbidden addresses are refused however they are written, and what is allowed beside them."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehttp.address import is_public, parse
from safehttp.door import Door
from safehttp.errors import ForbiddenError
from tests.safehttp.attacks import CLOSED, LEADING, WRITTEN


def _never_dial(address: tuple[str, int], seconds: float) -> NoReturn:
    pytest.fail(f"the door dialled {address}")


def _never_resolve(host: str, port: int, **_: object) -> NoReturn:
    pytest.fail(f"the door resolved {host}")


@pytest.mark.parametrize(("url", "code", "reason"), WRITTEN)
def test_forbidden_address_is_refused_before_anything_is_resolved_or_dialled(
    url: str, code: str, reason: str
) -> None:
    door = Door(user_agent="test", resolve=_never_resolve, dial=_never_dial)
    with pytest.raises(ForbiddenError) as refused:
        door.get(url)
    assert refused.value.code == code, reason


def test_table_of_forbidden_addresses_has_no_line_twice() -> None:
    assert len({url for url, _, _ in WRITTEN}) == len(WRITTEN) >= 80


@pytest.mark.parametrize(("host", "addresses", "reason"), LEADING)
def test_name_that_leads_to_a_forbidden_address_is_refused_before_a_connection(
    host: str, addresses: list[str], reason: str
) -> None:
    def resolve(asked: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        assert asked == host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    door = Door(user_agent="test", resolve=resolve, dial=_never_dial)
    with pytest.raises(ForbiddenError) as refused:
        door.get(f"http://{host}/")
    assert refused.value.code == "door.address", reason


@pytest.mark.parametrize("network", CLOSED)
def test_special_range_is_closed_from_its_first_to_its_last_address(network: str) -> None:
    first, last = ip_network(network)[0], ip_network(network)[-1]
    assert not is_public(first)
    assert not is_public(last)


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.17",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:2800:220:1::1",
        "2a00:1450::1",
        "::ffff:93.184.216.34",
        "64:ff9b::93.184.216.34",
    ],
)
def test_public_address_is_allowed_up_to_the_edge_of_each_range(address: str) -> None:
    assert is_public(ip_address(address))


PRIVATE = st.one_of(
    *(
        st.integers(int(IPv4Address(first)), int(IPv4Address(last))).map(IPv4Address)
        for first, last in [
            ("0.0.0.0", "0.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("169.254.0.0", "169.254.255.255"),
            ("172.16.0.0", "172.31.255.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("224.0.0.0", "255.255.255.255"),
        ]
    )
)


def _notations(address: IPv4Address) -> list[str]:
    """What resolvers somewhere read as that address."""
    number, parts = int(address), [*address.packed]
    return [
        str(address),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(map(hex, parts)),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"[::ffff:{address}]",
        f"[64:ff9b::{address}]",
        f"[{IPv6Address(0x2002 << 112 | number << 80)}]",
        f"[::{address}]",
    ]


@given(PRIVATE)
def test_private_address_is_refused_in_every_notation(address: IPv4Address) -> None:
    door = Door(user_agent="test", resolve=_never_resolve, dial=_never_dial)
    for notation in _notations(address):
        with pytest.raises(ForbiddenError):
            door.get(f"http://{notation}/")


@given(st.text() | st.text().map(lambda text: f"http://{text}"))
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        target = parse(text)
    except ForbiddenError:
        return
    assert parse(target.url) == target
    assert target.host.isascii()


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("HTTP://Public.Example:80", "public.example", "/"),
        (" https://public.example:8443/a b?q=ü#part ", "public.example:8443", "/a%20b?q=%C3%BC"),
        ("http://bücher.example/", "xn--bcher-kva.example", "/"),
        ("http://public.example:/a", "public.example", "/a"),
        ("http://under_score.example/", "under_score.example", "/"),
        ("http://[2606:2800:220:1::1]:8080/", "[2606:2800:220:1::1]:8080", "/"),
        ("http://public.example/a@b:c", "public.example", "/a@b:c"),
    ],
)
def test_plain_address_is_sent_as_it_is_meant(url: str, authority: str, path: str) -> None:
    target = parse(url)
    assert (target.authority, target.path) == (authority, path)
    assert "#" not in target.url
