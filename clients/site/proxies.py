"""Who is asking, when the request came through a proxy."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

WITH_PORT: Final = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def address_in(text: str) -> Address | None:
    """The address in `203.0.113.9`, `203.0.113.9:5000`, `2001:db8::1` or `[2001:db8::1]:5000`; None in other texts."""
    bare = text.strip()
    if match := WITH_PORT.fullmatch(bare):
        bare = match["six"] or match["four"] or ""
    try:
        # A zone, as in fe80::1%eth0, means something on that machine only.
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_trusted(address: Address, networks: Iterable[str]) -> bool:
    """Whether `address` is one of our own proxies."""
    return any(address in ipaddress.ip_network(network) for network in networks)


def client_address(request: HttpRequest) -> str:
    """The visitor's address: walking back from us, the first one that is not a trusted proxy. Empty for a local socket.

    Whatever the visitor writes into X-Forwarded-For himself stands further left and is never reached. A proxy that
    says `unknown`, or anything else that is no address, ends the walk: its own address counts for all its visitors.
    """
    address = address_in(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while forwarded and address and is_trusted(address, settings.TRUSTED_PROXIES):
        said = address_in(forwarded.pop())
        if said is None:
            break
        address = said
    return str(address or "")
