"""Every way to write a forbidden address that we know of, and what is allowed beside it."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehttp.address import is_public, parse
from safehttp.door import Door
from safehttp.errors import ForbiddenError

#: Addresses that need no name to be refused: (address, code, reason).
WRITTEN = [
    ("http://127.0.0.1/", "door.address", "loopback"),
    ("http://127.255.255.254/", "door.address", "loopback, its other end"),
    ("http://127.0.0.1:8080/", "door.address", "loopback on a common port"),
    ("https://127.0.0.1/", "door.address", "loopback over TLS"),
    ("http://127.1/", "door.address", "short form of loopback"),
    ("http://127.0.1/", "door.address", "three parts"),
    ("http://0177.0.0.1/", "door.address", "octal"),
    ("http://0177.0.0.01/", "door.address", "octal twice"),
    ("http://00000177.0.0.1/", "door.address", "octal with many zeros"),
    ("http://127.0.0.01/", "door.address", "a leading zero"),
    ("http://0x7f.0.0.1/", "door.address", "hexadecimal part"),
    ("http://0x7f.1/", "door.address", "hexadecimal and short"),
    ("http://0x7f000001/", "door.address", "hexadecimal whole"),
    ("http://0X7F000001/", "door.address", "hexadecimal, capital"),
    ("http://0x7f.0x0.0x0.0x1/", "door.address", "hexadecimal everywhere"),
    ("http://0x/", "door.address", "an empty hexadecimal number is 0"),
    ("http://2130706433/", "door.address", "decimal whole"),
    ("http://017700000001/", "door.address", "octal whole"),
    ("http://4294967297/", "door.address", "overflow of 32 bits"),
    ("http://127.0.0.1./", "door.address", "a dot at the end"),
    ("http://127.1../", "door.address", "two dots at the end"),
    ("http://256.0.0.1/", "door.address", "a part too large"),
    ("http://1.2.3.4.5/", "door.address", "five parts"),
    ("http://0/", "door.address", "zero alone"),
    ("http://0.0.0.0/", "door.address", "this host"),
    ("http://0.1.2.3/", "door.address", "this network"),
    ("http://10.0.0.1/", "door.address", "private"),
    ("http://10.255.255.255/", "door.address", "private, its end"),
    ("http://172.16.0.1/", "door.address", "private"),
    ("http://172.31.255.255/", "door.address", "private, its end"),
    ("http://192.168.0.1/", "door.address", "private"),
    ("http://100.64.0.1/", "door.address", "shared by providers"),
    ("http://100.100.100.200/", "door.address", "metadata of Alibaba"),
    ("http://169.254.169.254/latest/meta-data/", "door.address", "metadata of most clouds"),
    ("http://169.254.170.2/", "door.address", "credentials of containers"),
    ("http://168.63.129.16/", "door.address", "Azure's own"),
    ("http://192.0.0.192/", "door.address", "metadata of Oracle"),
    ("http://192.0.0.1/", "door.address", "protocol assignments"),
    ("http://192.0.2.1/", "door.address", "documentation"),
    ("http://198.51.100.1/", "door.address", "documentation"),
    ("http://203.0.113.1/", "door.address", "documentation"),
    ("http://192.31.196.1/", "door.address", "AS112"),
    ("http://192.175.48.1/", "door.address", "AS112"),
    ("http://192.52.193.1/", "door.address", "AMT"),
    ("http://192.88.99.1/", "door.address", "6to4 relay"),
    ("http://198.18.0.1/", "door.address", "benchmarks"),
    ("http://198.19.255.255/", "door.address", "benchmarks, their end"),
    ("http://224.0.0.1/", "door.address", "multicast"),
    ("http://239.255.255.250/", "door.address", "multicast, discovery of devices"),
    ("http://240.0.0.1/", "door.address", "reserved"),
    ("http://255.255.255.255/", "door.address", "broadcast"),
    ("http://127。0。0。1/", "door.address", "ideographic dots"),
    ("http://[::1]/", "door.address", "IPv6 loopback"),
    ("http://[0:0:0:0:0:0:0:1]/", "door.address", "IPv6 loopback at length"),
    ("http://[::]/", "door.address", "IPv6 unspecified"),
    ("http://[::127.0.0.1]/", "door.address", "IPv4-compatible"),
    ("http://[::ffff:127.0.0.1]/", "door.address", "IPv4-mapped"),
    ("http://[::ffff:7f00:1]/", "door.address", "IPv4-mapped in hexadecimal"),
    ("http://[::FFFF:10.0.0.1]/", "door.address", "IPv4-mapped private"),
    ("http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "door.address", "IPv4-mapped metadata"),
    ("http://[::ffff:0:127.0.0.1]/", "door.address", "IPv4-translated"),
    ("http://[64:ff9b::127.0.0.1]/", "door.address", "NAT64 around loopback"),
    ("http://[64:ff9b::a9fe:a9fe]/", "door.address", "NAT64 around metadata"),
    ("http://[64:ff9b::10.0.0.1]/", "door.address", "NAT64 around private"),
    ("http://[64:ff9b:1::1]/", "door.address", "local NAT64"),
    ("http://[100::1]/", "door.address", "discard"),
    ("http://[2001::1]/", "door.address", "Teredo"),
    ("http://[2001:0:7f00:1::]/", "door.address", "Teredo server on loopback"),
    ("http://[2001:10::1]/", "door.address", "ORCHID"),
    ("http://[2001:20::1]/", "door.address", "ORCHIDv2"),
    ("http://[2001:db8::1]/", "door.address", "documentation"),
    ("http://[2002:7f00:1::]/", "door.address", "6to4 around loopback"),
    ("http://[2002:a9fe:a9fe::]/", "door.address", "6to4 around metadata"),
    ("http://[2620:4f:8000::1]/", "door.address", "AS112"),
    ("http://[3fff::1]/", "door.address", "documentation, the new range"),
    ("http://[4000::1]/", "door.address", "not handed out"),
    ("http://[5f00::1]/", "door.address", "segment routing"),
    ("http://[fc00::1]/", "door.address", "unique local"),
    ("http://[fd00:ec2::254]/", "door.address", "metadata of Amazon"),
    ("http://[fe80::1]/", "door.address", "link-local"),
    ("http://[fec0::1]/", "door.address", "site-local"),
    ("http://[ff02::1]/", "door.address", "multicast"),
    ("http://[fe80::5efe:127.0.0.1]/", "door.address", "ISATAP"),
    ("http://[fe80::1%25eth0]/", "door.malformed", "a zone of IPv6"),
    ("http://[fe80::1%eth0]/", "door.malformed", "a zone of IPv6, bare"),
    ("http://[::1/", "door.malformed", "bracket left open"),
    ("http://[::1]x/", "door.malformed", "something behind the bracket"),
    ("http://[127.0.0.1]/", "door.malformed", "IPv4 in brackets"),
    ("http://[v1.fe80::a]/", "door.malformed", "an address of a future version"),
    ("http://::1/", "door.malformed", "IPv6 without brackets"),
    ("http://127.0.0.1%00.example.org/", "door.malformed", "a hidden zero byte"),
    ("http://%31%32%37.0.0.1/", "door.malformed", "percent signs in the host"),
    ("http://１２７.０.０.１/", "door.malformed", "wide digits"),
    ("http://①②⑦.⓪.⓪.①/", "door.malformed", "circled digits"),
    ("http://ⓛocalhost/", "door.malformed", "a circled letter"),
    ("http://example.org\\@127.0.0.1/", "door.credentials", "a backslash before the at sign"),
    ("http://example.org\\.127.0.0.1/", "door.malformed", "a backslash in the host"),
    ("http://127.0.0.1\\.example.org/", "door.malformed", "a backslash behind an address"),
    ("http://public.example@127.0.0.1/", "door.credentials", "a name that looks like the host"),
    ("http://user:secret@public.example/", "door.credentials", "name and password"),
    ("http://@public.example/", "door.credentials", "an empty name"),
    ("http://:@public.example/", "door.credentials", "an empty name and password"),
    ("http://a@b@127.0.0.1/", "door.credentials", "two at signs"),
    ("http://public.example:22/", "door.port", "secure shell"),
    ("http://public.example:25/", "door.port", "mail"),
    ("http://public.example:6379/", "door.port", "Redis"),
    ("http://public.example:5432/", "door.port", "PostgreSQL"),
    ("https://public.example:8000/", "door.port", "a port without exception"),
    ("http://public.example:0/", "door.malformed", "port 0"),
    ("http://public.example:65536/", "door.malformed", "a port too large"),
    ("http://public.example:65616/", "door.malformed", "80 after an overflow"),
    ("http://public.example:-80/", "door.malformed", "a negative port"),
    ("http://public.example:+80/", "door.malformed", "a port with a sign"),
    ("http://public.example:8_0/", "door.malformed", "a port as Python writes it"),
    ("http://public.example:８０/", "door.malformed", "a port in wide digits"),
    ("http://public.example:80:80/", "door.malformed", "two ports"),
    ("http://public.example: 80/", "door.malformed", "a space before the port"),
    ("ftp://public.example/", "door.scheme", "another scheme"),
    ("file:///etc/passwd", "door.scheme", "a file"),
    ("gopher://127.0.0.1:70/_x", "door.scheme", "gopher"),
    ("dict://127.0.0.1:11211/stat", "door.scheme", "dict"),
    ("unix:///run/docker.sock", "door.scheme", "a unix socket"),
    ("http+unix://%2Frun%2Fdocker.sock/", "door.scheme", "a unix socket over HTTP"),
    ("data:text/calendar,BEGIN:VCALENDAR", "door.scheme", "data"),
    ("javascript:alert(1)", "door.scheme", "script"),
    ("webcal://public.example/", "door.scheme", "webcal is the caller's to translate"),
    ("ws://public.example/", "door.scheme", "a web socket"),
    ("//127.0.0.1/", "door.scheme", "no scheme"),
    ("127.0.0.1", "door.scheme", "no scheme, no slashes"),
    ("", "door.scheme", "nothing"),
    ("http:", "door.malformed", "a scheme alone"),
    ("http://", "door.malformed", "no host"),
    ("http:///path", "door.malformed", "no host but a path"),
    ("http:/127.0.0.1/", "door.malformed", "one slash"),
    ("http:127.0.0.1/", "door.malformed", "no slash"),
    ("http:\\\\127.0.0.1\\", "door.malformed", "backslashes for slashes"),
    ("http://?x", "door.malformed", "a query without host"),
    ("http://./", "door.malformed", "a dot alone"),
    ("http://a..b/", "door.malformed", "an empty part"),
    ("http://.example.org/", "door.malformed", "a dot in front"),
    ("http://exa mple.org/", "door.malformed", "a space in the host"),
    ("http://exam\tple.org/", "door.malformed", "a tab in the host"),
    ("http://public.example/\r\nHost: x", "door.malformed", "a second header in the path"),
    ("http://public.example/\x00", "door.malformed", "a zero byte"),
    ("http://public.example/\ud800", "door.malformed", "half a character"),
    ("http://\ud800.example/", "door.malformed", "half a character in the host"),
    ("http://xn--\u00e4.example/", "door.malformed", "an international name spelt twice"),
    ("http://" + "a" * 64 + ".example/", "door.malformed", "a part too long"),
    ("http://" + "a." * 127 + "example/", "door.malformed", "a name too long"),
    ("http://public.example/" + "a" * 9000, "door.malformed", "an address too long"),
]

#: Names and where they lead; one bad address among good ones is enough.
LEADING = [
    ("localhost", ["127.0.0.1"], "loopback"),
    ("localhost", ["::1"], "IPv6 loopback"),
    ("localhost.", ["127.0.0.1"], "with a dot at the end"),
    ("intranet", ["10.1.2.3"], "a name without a dot"),
    ("metadata.google.internal", ["169.254.169.254"], "metadata"),
    ("127.0.0.1.nip.example", ["127.0.0.1"], "a name that spells its address"),
    ("mixed.example", ["93.184.216.34", "10.0.0.1"], "a bad address behind a good one"),
    ("mixed.example", ["10.0.0.1", "93.184.216.34"], "a bad address before a good one"),
    ("mapped.example", ["::ffff:169.254.169.254"], "IPv4-mapped"),
    ("nat64.example", ["64:ff9b::10.0.0.1"], "NAT64"),
    ("6to4.example", ["2002:7f00:1::"], "6to4"),
    ("local.example", ["fe80::1%eth0"], "link-local with a zone"),
    ("zone.example", ["2606:2800:220:1::1%1"], "a public address with a zone"),
    ("zero.example", ["0.0.0.0"], "this host"),
    ("xn--bcher-kva.example", ["192.168.1.1"], "an international name"),
]


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
