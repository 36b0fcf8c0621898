"""Whose wrong passwords are counted together, and how many of them are too many.

django-axes locks one name at one address. That leaves one password tried against many names: a second limit counts all
names of an address. It is much higher, because a whole office may share an address, and one forgetful colleague, whose
name is locked after five, must not lock out the rest.
"""

import ipaddress
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from clients.site.proxies import client_address


class NameAndAddressLock(AxesDatabaseHandler):
    """Refuses a login while the name at this address, or the address itself, has failed too often."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        locked: bool = super().is_locked(request, credentials)
        return locked or failures_of_address(request) >= settings.LOGIN_FAILURES_PER_ADDRESS


def failures_of_address(request: Any) -> int:
    """The wrong passwords of all names from this address; a login that succeeds takes back those of its own name."""
    attempts = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gte=get_cool_off_threshold(request)
    )
    return attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0


def counted_address(request: HttpRequest) -> str | None:
    """The visitor's address; of an IPv6 one its network of /64, which a single visitor has all to himself."""
    visitor = client_address(request)
    if ":" not in visitor:
        return visitor or None
    return str(ipaddress.IPv6Network((visitor, 64), strict=False).network_address)
