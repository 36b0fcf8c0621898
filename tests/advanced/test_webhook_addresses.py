"""Milestone 19, beyond: addresses that look public and are not, and ports that are none."""

import ipaddress

import pytest

from clients.webhooks.addresses import AddressRefusedError, is_public, parsed, target_of


@pytest.mark.parametrize(
    "address",
    [
        # Somebody's own NAT64 prefix: where in it the IPv4 address stands, only they know.
        "64:ff9b:1::808:808",
        "64:ff9b:1:a00:1:8:808:808",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.10",
        "192.0.0.255",
        "::ffff:192.0.0.9",
        "64:ff9b::192.0.0.9",
        "2002:c000:9::1",
        "3fff::1",
        "3fff:fff:ffff::1",
    ],
)
def test_networks_for_special_use_are_refused_as_a_whole(address, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert not is_public(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefusedError, match="is not a public address"):
        target_of(f"https://{host}/")


@pytest.mark.parametrize("address", ["64:ff9b::808:808", "192.0.1.1", "191.255.255.255", "2606:4700::1111"])
def test_their_neighbours_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("port", ["65536", "99999", "443443", "0", "-1"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(AddressRefusedError, match="is no port: the largest is 65535"):
        parsed(f"https://mail.com:{port}/")


@pytest.mark.parametrize("port", ["1", "443", "65535"])
def test_every_port_there_is_may_be_called(port):
    assert parsed(f"http://mail.com:{port}/").host == "mail.com"
