"""Every address of the project, read from the resolver, so that a new page is asked as well."""

import re
from collections.abc import Iterable, Iterator

from django.urls import get_resolver

# The part of an address that stands for a value.
HOLE = re.compile(r"<[^>]+>|\(\?P<\w+>[^)]*\)")


def addresses(patterns: Iterable | None = None, before: str = "/") -> Iterator[str]:
    """As they stand in the URLconf, such as `/clients/<int:pk>/`."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern).strip("^$")
        if hasattr(entry, "url_patterns"):
            yield from addresses(entry.url_patterns, route)
        else:
            yield route
