"""Milestone 15 counts guests by address, and the login its wrong passwords: whatever a proxy says, it is one."""

import pytest
from django.test import RequestFactory

from clients.accounts.lockout import counted_address
from clients.site.proxies import client_address

pytestmark = pytest.mark.beyond("hostile")

PROXY = "10.0.0.1"


@pytest.fixture
def ask(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "fd00::/8"]

    def request(forwarded: str, address: str = PROXY):
        return RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)

    return request


@pytest.mark.parametrize(
    "forwarded, expected",
    [
        ("203.0.113.9:51234", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9:80, 10.0.0.2:80", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, [fd00::7]:80", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"),
    ],
)
def test_ports_brackets_and_zones_are_left_out(ask, forwarded, expected):
    assert client_address(ask(forwarded)) == expected


@pytest.mark.parametrize(
    "said", ["unknown", "_hidden", "999.1.1.1", "1.1.1.1:x", "[]:80", "9" * 300, "", "\x00"]
)
def test_a_proxy_that_names_nobody_counts_itself_and_believes_nothing_further_left(ask, said):
    """What stands left of it is the visitor's own writing."""
    assert client_address(ask(f"198.51.100.7, {said}")) == PROXY


def test_a_visitor_by_ipv6_is_counted_by_the_network_that_is_all_theirs(ask):
    counted = {counted_address(ask(f"2001:db8:1:2:{part}::7")) for part in ("a", "b")}

    assert counted == {"2001:db8:1:2::"}
    assert counted_address(ask("2001:db8:1:3::7")) == "2001:db8:1:3::"
    assert counted_address(ask("203.0.113.9")) == "203.0.113.9"


def test_a_local_socket_has_no_address(ask):
    assert counted_address(ask("203.0.113.9", address="")) is None
