"""Which addresses a webhook may reach.

Who may enter a URL could otherwise make this server ask its own network: the database's admin page, the cloud's
metadata service. A name is resolved once, what it resolves to is checked, and exactly that is connected to: a second
look-up could answer something else (DNS rebinding).
"""

import ipaddress
import socket
from dataclasses import dataclass

import httpx
from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Carries an IPv4 address in its last 32 bits (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Of no use to a webhook, though Python takes some of their addresses for public: a translator's own prefix, which may
# carry an IPv4 address in any place (RFC 8215), protocol assignments (RFC 6890) and documentation (RFC 9637).
NEVER = tuple(map(ipaddress.ip_network, ("64:ff9b:1::/48", "192.0.0.0/24", "3fff::/20")))
LARGEST_PORT = 65_535


class AddressRefusedError(Exception):
    """The URL leads where no webhook may go; the message says why."""


@dataclass(frozen=True)
class Target:
    """The checked address to connect to, and the names to use there."""

    url: httpx.URL
    host: str
    server_name: str


def target_of(text: str, *, turn: int = 0) -> Target:
    """Where a delivery to this URL connects to; `turn` goes through the addresses of a name that has several.

    Raises AddressRefusedError, and OSError for a name that does not resolve.
    """
    url = parsed(text)
    name = url.raw_host.decode("ascii")
    found = lookup(name, url.port or (443 if url.scheme == "https" else 80))
    if not settings.WEBHOOK_ALLOW_PRIVATE:
        for address in found:
            if not is_public(address):
                raise AddressRefusedError(f"{address} is not a public address.")
    connect_to = found[turn % len(found)]
    return Target(url.copy_with(host=str(connect_to)), url.netloc.decode("ascii"), name)


def parsed(text: str) -> httpx.URL:
    """Raises AddressRefusedError for anything but http and https, and for a URL that carries a password."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise AddressRefusedError("This is no URL.") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise AddressRefusedError("Only http and https URLs are called.")
    if url.userinfo:
        raise AddressRefusedError("A URL with a user name or password is not called.")
    if url.port is not None and not 1 <= url.port <= LARGEST_PORT:
        raise AddressRefusedError(f"{url.port} is no port: the largest is {LARGEST_PORT}.")
    return url


def lookup(name: str, port: int) -> list[Address]:
    """The addresses of a name, or of an address written as one, in any of the forms a connection would take."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return list(dict.fromkeys(addresses))


def is_public(address: Address) -> bool:
    """Whether it belongs to the internet at large: neither private, loopback, link-local, multicast nor reserved."""
    if isinstance(address, ipaddress.IPv6Address) and (inner := embedded(address)):
        return is_public(inner)
    if any(address in network for network in NEVER):
        return False
    if address.is_multicast or address.is_reserved or getattr(address, "is_site_local", False):
        return False
    return address.is_global


def embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
