"""Refuse to connect to addresses that no stranger should make this program reach: private, local, metadata, reserved.

The guard sits where sockets are made, so it sees what is really connected to: literal addresses, what a name resolved
to at that moment, and every redirect alike.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""What ``getaddrinfo`` returns; the last part begins with the address as text."""
SocketFactory = Callable[[AddressInfo], socket.socket]

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")
"""Where people run their own services; what *allow_private* opens. Link-local stays shut: metadata lives there."""

# Not global, whatever the running Python's table of special ranges says: some of these came after it was written.
_RESERVED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's metadata and wire server, a public address
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata among them
        "192.88.99.0/24",  # the retired 6to4 relay
        "198.18.0.0/15",  # benchmarks
        "::/96",  # IPv4-compatible, retired
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "100::/64",  # discard
        "2001::/23",  # protocol assignments, Teredo among them
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local, retired
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class RefusedAddress(RuntimeError):  # noqa: N818 - reads as what it says
    """A connection was refused before it was made; *address* is where it would have gone.

    A RuntimeError, because the connector tries a host's next address after one, yet hands it through unchanged when
    all are refused; that needs the text to be the same for all.
    """

    def __init__(self, address: str) -> None:
        super().__init__("a private, local or reserved address is refused")
        self.address = address


def allowed(address: str, networks: Sequence[str] = ()) -> bool:
    """Say whether a numeric address may be connected to: it is public, or in one of *networks* (CIDR).

    An IPv6 address that stands for an IPv4 one (mapped, NAT64) is judged as that; one that tunnels to IPv4 (6to4,
    Teredo) must pass with both.
    """
    return _judged(address, tuple(networks))


@lru_cache(maxsize=4096)
def _judged(address: str, networks: tuple[str, ...]) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    ip = _translated(ip) or ip
    opened = _parsed(networks)
    return _open(ip, opened) and (_within(ip, opened) or all(_open(end, opened) for end in _tunnel_ends(ip)))


def guarded_socket_factory(networks: Sequence[str] = (), *, allow_private: bool = False) -> SocketFactory:
    """Return a socket factory for clients that let theirs be made, which raises :class:`RefusedAddress`.

    *networks* are opened besides the public ones; *allow_private* opens :data:`PRIVATE`. Raises ValueError when one
    of *networks* is no CIDR range.
    """
    opened = (*networks, *(PRIVATE if allow_private else ()))
    _parsed(opened)

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, target = info
        address = str(target[0])
        if not allowed(address, opened):
            raise RefusedAddress(address)
        return socket.socket(family, kind, protocol)

    return make


@lru_cache(maxsize=64)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in networks)


def _open(ip: Address, opened: Iterable[Network]) -> bool:
    return _within(ip, opened) or _public(ip)


def _within(ip: Address, networks: Iterable[Network]) -> bool:
    return any(ip in network for network in networks)


def _public(ip: Address) -> bool:
    special = ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    return ip.is_global and not special and not _within(ip, _RESERVED)


def _translated(ip: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that stands behind a mapped or NAT64 one, as networks with IPv6 alone use."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped


def _tunnel_ends(ip: Address) -> Sequence[Address]:
    """Return the IPv4 addresses that a tunnel would read out of an IPv6 one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ()
    return [*([ip.sixtofour] if ip.sixtofour else ()), *(ip.teredo or ())]
