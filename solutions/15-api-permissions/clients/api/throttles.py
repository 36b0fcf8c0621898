"""A plain solution of milestone 15, DRF permissions & throttling."""

from typing import Any

from rest_framework.request import Request


class GuestThrottle(CountingThrottle):
    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if request.user.is_authenticated:
            return None
        return f"guest:{self.get_ident(request)}"


class UserThrottle(CountingThrottle):
    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        return f"user:{request.user.pk}"
