"""A plain solution of milestone 16, Caching."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_page

from stages.features import active_slugs


def from_cache(
    view: Callable[..., HttpResponseBase], number: int, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The page as it is kept, or built and kept for SECONDS; `number` is the generation it belongs to."""
    cached = cache_page(SECONDS, key_prefix=key_prefix(request, number))(rendered(view))
    return cached(request, *args, **kwargs)


def may_be_cached(request: HttpRequest) -> bool:
    """Neither a part of a page for htmx nor a page that shows a message."""
    return not len(get_messages(request))


def key_prefix(request: HttpRequest, number: int) -> str:
    """One user, one set of milestones, one generation; what else the header shows of the user counts as well."""
    seen = repr([request.user.pk, *active_slugs(request)])
    return f"clients:{number}:{hashlib.sha256(seen.encode()).hexdigest()}"
