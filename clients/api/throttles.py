"""Milestone 15: how many requests a guest and a user may make.

DRF's own throttles read a list of times, look at it and write it back: requests that come at once read the same list
and slip through together. Here every request counts up one number in one step, shared by all processes through Redis.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from clients.proxies import client_address
from stages.features import is_active


class CountingThrottle(SimpleRateThrottle):
    """At most `num_requests` in each window of `duration` seconds for each guest's address or user."""

    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)
        if key is None or not is_active("api-permissions", request):
            return True
        return self.count_up(key) <= self.num_requests

    def count_up(self, key: str) -> int:
        """The requests of this window, this one included; counted in this process alone while Redis is away."""
        key = f"{key}:{int(time.time() // self.duration)}"
        try:
            return self._count_in(caches["default"], key)
        except ValueError:
            return self._count_in(caches["process"], key)

    def _count_in(self, cache: BaseCache, key: str) -> int:
        cache.add(key, 0, timeout=2 * self.duration)
        return cache.incr(key)

    def wait(self) -> float:
        """Seconds until the next window begins: the Retry-After header."""
        return self.duration - time.time() % self.duration


class GuestThrottle(CountingThrottle):
    scope = "anon"

    def get_rate(self) -> str:
        return settings.API_THROTTLE_ANON

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": client_address(request._request)}


class UserThrottle(CountingThrottle):
    scope = "user"

    def get_rate(self) -> str:
        return settings.API_THROTTLE_USER

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
