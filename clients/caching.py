"""Milestone 16: the list of clients, kept for a minute and forgotten at once when anything on it changes.

A generation number is part of every cached page's key. Whatever changes raises it, so that older pages are never
asked for again and expire by themselves. It is read before a page is built: a reader that takes long stores its page
under the generation it began with, and nobody sees it after a change.
"""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.views.decorators.cache import cache_control, cache_page

from clients.changes import Announcement
from clients.models import ForgetLater
from stages.features import active_slugs, is_active

SECONDS = 60
GENERATION = "clients:generation"
NOTES_AT_ONCE = 500


def forget_pages(announcement: Announcement) -> None:
    """Listener of `clients.changes`: no page that was built before now is shown again."""
    if not raise_generation():
        ForgetLater.objects.create()


def generation() -> int | None:
    """The number all cached pages carry; None while the cache cannot be reached or owes us a newer one."""
    return stored_generation() if caught_up() else None


def stored_generation() -> int | None:
    """The number in the cache; None while that cannot be reached.

    A number that was evicted comes back as the time in nanoseconds, which is above any that was counted up before,
    so that it never revives an old page.
    """
    found: int | None = cache.get(GENERATION)
    if found is None:
        # Not get_or_set, which would make up a number while the cache is away.
        cache.add(GENERATION, time.time_ns(), timeout=None)
        found = cache.get(GENERATION)
    return found


def raise_generation() -> bool:
    """Whether the cache could be told."""
    try:
        return stored_generation() is not None and bool(cache.incr(GENERATION))
    except ValueError:  # away, or evicted just now
        return False


def caught_up() -> bool:
    """Makes up for what could not be forgotten when it changed, in this process or in another; whether that worked.

    The database is asked each time, because nobody else can know: a process whose connection to the cache is broken
    cannot reach the others by way of the cache.
    """
    noted = list(ForgetLater.objects.values_list("pk", flat=True)[:NOTES_AT_ONCE])
    if not noted:
        return True
    if not raise_generation():
        return False
    ForgetLater.objects.filter(pk__in=noted).delete()
    return True


def cached_list(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`cache_page` for a page that shows who is logged in; stands below the login decorator.

    The page is stored for one user and one set of active milestones. A page that shows a message is not stored, nor
    is a part of a page asked for by htmx. The browser has to ask every time: its own copy could not be forgotten.
    """

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_active("list-cache", request) or not may_be_cached(request):
            return view(request, *args, **kwargs)
        number = generation()
        if number is None:
            return view(request, *args, **kwargs)
        return from_cache(view, number, request, *args, **kwargs)

    return cache_control(private=True, no_cache=True)(choose)


def from_cache(
    view: Callable[..., HttpResponseBase], number: int, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The page as it is kept, or built and kept for SECONDS; `number` is the generation it belongs to."""
    cached = cache_page(SECONDS, key_prefix=key_prefix(request, number))(rendered(view))
    return cached(request, *args, **kwargs)


def rendered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The same view with its page already rendered.

    A class-based view leaves that for later, and until then the header above, "private", would reach `cache_page`,
    which stores nothing that is private.
    """

    @wraps(view)
    def render_now(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return render_now


def may_be_cached(request: HttpRequest) -> bool:
    """Neither a part of a page for htmx nor a page that shows a message."""
    return "HX-Request" not in request.headers and not len(get_messages(request))


def key_prefix(request: HttpRequest, number: int) -> str:
    """One user, one set of milestones, one generation; what else the header shows of the user counts as well."""
    user = request.user
    seen = [user.pk, user.get_username(), user.is_staff, *active_slugs(request)]
    return f"clients:{number}:{hashlib.sha256(repr(seen).encode()).hexdigest()}"
