"""Milestone 0, and what a load balancer asks."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok` as long as the process answers; asks no database, so that it stays true when that is down."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Each dependency with "ok" or "unreachable"; 503 when one of them is unreachable."""
    states = {name: state_of(ask) for name, ask in DEPENDENCIES.items()}
    return JsonResponse(states, status=200 if set(states.values()) == {"ok"} else 503)


def state_of(ask: Callable[[], None]) -> str:
    try:
        ask()
    except (
        Exception
    ):  # whatever a driver raises means the same here: not ready; details would tell strangers too much
        return "unreachable"
    return "ok"


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_cache() -> None:
    """There and back: a cache that forgives its server's absence answers, but keeps nothing."""
    cache.set("health", "ok", timeout=10)
    if cache.get("health") != "ok":
        raise ConnectionError("the cache keeps nothing")


DEPENDENCIES: dict[str, Callable[[], None]] = {"database": ask_database, "cache": ask_cache}
