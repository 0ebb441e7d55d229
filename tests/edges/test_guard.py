"""Which addresses may be connected to."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.edges.guard import RefusedAddress, allowed, guarded_socket_factory


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.255.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
        ),
        *("192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.88.99.1", "168.63.129.16"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "::7f00:1", "localhost", "", "2130706433", "0x7f.1"),
    ],
)
def test_private_and_special_addresses_are_refused(address: str) -> None:
    """In every notation and inside every tunnel; what is no numeric address is refused too."""
    assert not allowed(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    """Mapped and translated ones count as what they stand for."""
    assert allowed(address)


def test_an_opened_range_is_allowed_and_no_more() -> None:
    """The operator opens what is meant."""
    assert allowed("10.1.2.3", ("10.1.0.0/16",))
    assert not allowed("10.2.2.3", ("10.1.0.0/16",))
    assert not allowed("2002:7f00:1::", ("10.0.0.0/8",))
    with pytest.raises(ValueError, match="nonsense"):
        guarded_socket_factory(("nonsense",))


@given(
    st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="169.254.0.0/16")
    | st.ip_addresses(network="fc00::/7")
)
def test_no_private_address_slips_through(address: object) -> None:
    """Neither as it is nor mapped into IPv6."""
    assert not allowed(str(address))
    if "." in str(address):
        assert not allowed(f"::ffff:{address}")


def test_allow_private_keeps_metadata_shut() -> None:
    """An operator's own network opens; link-local addresses stay refused."""
    make = guarded_socket_factory(allow_private=True)
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))).close()
    with pytest.raises(RefusedAddress) as caught:
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("169.254.169.254", 80)))
    assert caught.value.address == "169.254.169.254"
