"""Who is asking, when the request came through a proxy."""

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest


def is_trusted(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` is one of our own proxies. A text that is no address never is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in ipaddress.ip_network(network) for network in networks)


def client_address(request: HttpRequest) -> str:
    """The visitor's address: walking back from us, the first one that is not a trusted proxy.

    Whatever the visitor writes into X-Forwarded-For himself stands further left and is never reached.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    while forwarded and is_trusted(address, settings.TRUSTED_PROXIES):
        address = forwarded.pop()
    return address
