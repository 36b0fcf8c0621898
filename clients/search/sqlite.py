"""SQLite's LIKE ignores case in ASCII only; this replaces it, so that "анна" finds "Анна" there too.

SQLite calls the function `like(pattern, value, escape)` for every LIKE, and lets an application bring its own. All of
Django's `icontains`, `istartswith` and `iexact` are written as LIKE there, so admin, API and list search gain alike.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

WILDCARDS = {"%": ".*", "_": "."}


def regex_of(pattern: str, escape: str) -> str:
    """The regular expression that matches what the LIKE pattern matches."""
    parts, characters = [], iter(pattern)
    for character in characters:
        if character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append(WILDCARDS.get(character) or re.escape(character))
    return "".join(parts)


@lru_cache(maxsize=256)
def matcher(pattern: str, escape: str) -> Callable[[str], Any]:
    """A predicate for case-folded values; the common `%text%` is a plain substring test."""
    pattern = pattern.casefold()
    inside = pattern[1:-1]
    if len(pattern) >= 2 and pattern[0] == pattern[-1] == "%" and not set(inside) & {"%", "_", escape}:
        return lambda value: inside in value
    return re.compile(regex_of(pattern, escape), re.DOTALL).fullmatch


def unicode_like(pattern: str | None, value: Any, escape: str = "") -> bool | None:
    """LIKE as SQL means it (NULL for NULL), ignoring case in every alphabet."""
    if pattern is None or value is None:
        return None
    return bool(matcher(str(pattern), escape)(str(value).casefold()))


def use_unicode_like(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of `connection_created`: teaches a new SQLite connection our LIKE."""
    if connection.vendor == "sqlite":
        for arguments in (2, 3):
            connection.connection.create_function("like", arguments, unicode_like, deterministic=True)
