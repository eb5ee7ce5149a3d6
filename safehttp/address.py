"""Which addresses the door may ask: how they are written, and where they may lead.

One parser reads an address, and what it read is what is resolved, checked and connected to.
Ranges: IANA's special-purpose registries (RFC 6890 and later), multicast, and the metadata
services of cloud providers. `ipaddress.is_global` is wrong for some of them up to Python 3.13.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx2

from safehttp.errors import ForbiddenError

Address = IPv4Address | IPv6Address

#: Ports that public sites use; any other needs an exception by exact address and port.
PORTS = frozenset({80, 443, 8080, 8443})

#: The longest address that is read, in characters.
LONGEST = 8192

_DEFAULT_PORTS = {"http": 80, "https": 443}

_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+]|[^\[\]:@%\\\s]+)(?::(?P<port>[0-9]{0,5}))?")

_NAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")

#: A host whose last part is a number is an IPv4 address to some resolver (WHATWG URL, 3.5).
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.*$", re.IGNORECASE)

_CLOSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by providers; Alibaba's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's metadata service
        "169.254.0.0/16",  # link-local; metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

#: The one part of IPv6 that is handed out; everything else is special.
_OPEN_6 = IPv6Network("2000::/3")

_CLOSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

#: IPv4-mapped, and NAT64, by which networks with IPv6 alone reach IPv4: what counts is inside.
_WRAPPED = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


@dataclass(frozen=True, slots=True)
class Target:
    """One address to ask, taken apart once.

    `url` is its canonical form without a fragment; `host` is lower-case ASCII without brackets;
    `authority` goes into the Host header; `path` is sent as it stands, with its query.
    """

    url: str
    scheme: str
    host: str
    port: int
    authority: str
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be equal for secrets to travel along (RFC 6454)."""
        return self.scheme, self.host, self.port


def parse(url: str) -> Target:
    """Take url apart. Raises ForbiddenError for anything that is no plain http(s) address."""
    text = url.strip()
    scheme, _, rest = text.partition(":")
    if scheme.lower() not in _DEFAULT_PORTS:
        raise ForbiddenError("door.scheme", "not an http or https address")
    if len(text) > LONGEST or not rest.startswith("//"):
        raise ForbiddenError("door.malformed", "not a web address")
    authority = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    if "@" in authority:
        raise ForbiddenError("door.credentials", "a name or password stands in the address")
    _check_authority(authority)
    try:
        parsed = httpx2.URL(text).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise ForbiddenError("door.malformed", "not a web address") from error
    host = parsed.raw_host.decode("ascii")
    _check_host(host)
    return Target(
        url=str(parsed),
        scheme=parsed.scheme,
        host=host,
        port=parsed.port or _DEFAULT_PORTS[parsed.scheme],
        authority=parsed.netloc.decode("ascii"),
        path=parsed.raw_path.decode("ascii"),
    )


def literal(host: str) -> Address | None:
    """The address that a checked host spells; None for a name."""
    return ip_address(host) if ":" in host or _ENDS_IN_NUMBER.search(host) else None


def is_public(address: Address) -> bool:
    """Whether address belongs to the public internet, however it is wrapped."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if not any(address in network for network in _WRAPPED):
            return address in _OPEN_6 and not any(address in network for network in _CLOSED_6)
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return not any(address in network for network in _CLOSED_4)


def _check_authority(authority: str) -> None:
    """Refuse what parsers read in more than one way."""
    match = _AUTHORITY.fullmatch(authority)
    if match is None or (match["port"] and not 1 <= int(match["port"]) <= 65535):
        raise ForbiddenError("door.malformed", "host and port can't be read")
    _check_number(match["host"])


def _check_host(host: str) -> None:
    """Refuse names that are none, after an international name has become ASCII."""
    _check_number(host)
    if ":" not in host and not _NAME.fullmatch(host):
        raise ForbiddenError("door.malformed", "no host name")


def _check_number(host: str) -> None:
    """Refuse numbers in any notation but the plain one: octal, hexadecimal, short, whole."""
    if not _ENDS_IN_NUMBER.search(host):
        return
    try:
        IPv4Address(host)
    except ValueError as error:
        raise ForbiddenError("door.address", f"{host} spells an address oddly") from error
