"""Milestone 15: how many requests a guest and a user may make.

DRF's own throttles read a list of times, look at it and write it back: requests that come at once read the same list
and slip through together. Here every request counts up one number in one step, shared by all processes through Redis.
"""

import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from clients.site.proxies import client_address
from stages.features import is_active

# One number for a whole window would let twice the limit through across its edge. So the window slides: it is counted
# in so many parts, and the latest ones count together, one more than cover it.
PARTS = 12


class CountingThrottle(SimpleRateThrottle):
    """At most `num_requests` within any `duration` seconds for each guest's address or user; refused ones are free."""

    num_requests: int
    duration: int
    # What this request has found: where it was counted, and the oldest part that counts.
    counted_in: tuple[BaseCache, str]
    oldest: int

    def allow_request(self, request: Request, view: Any) -> bool:
        if not is_active("api-permissions", request):
            return True
        key = self.get_cache_key(request, view)
        if key is None or self.count_up(key) <= self.num_requests:
            return True
        self.take_back()
        return False

    def count_up(self, key: str) -> int:
        """The requests of this window, this one included; counted in this process alone while Redis is away."""
        try:
            return self._count_window(caches["default"], key)
        except ValueError:
            return self._count_window(caches["process"], key)

    def _count_window(self, cache: BaseCache, key: str) -> int:
        part = int(time.time() / self.part_seconds)
        self.counted_in = cache, f"{key}:{part}"
        count = self._count_in(*self.counted_in)
        names = {f"{key}:{earlier}": earlier for earlier in range(part - PARTS, part)}
        found = {names[name]: number for name, number in cache.get_many(names).items() if number}
        self.oldest = min(found, default=part)
        return count + sum(found.values())

    def _count_in(self, cache: BaseCache, key: str) -> int:
        cache.add(key, 0, timeout=2 * self.duration)
        return cache.incr(key)

    def take_back(self) -> None:
        """A refused request does not count, or who goes on asking would never be let in again."""
        cache, key = self.counted_in
        with suppress(ValueError):
            cache.decr(key)

    @property
    def part_seconds(self) -> float:
        return self.duration / PARTS

    def wait(self) -> float:
        """Seconds until the oldest part counts no longer: the Retry-After header."""
        return (self.oldest + PARTS + 1) * self.part_seconds - time.time()


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
