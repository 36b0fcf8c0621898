"""SQLite reads Django's `contains` as `icontains`. In the tests it tells case apart there, as PostgreSQL does.

Otherwise a forgotten `i` passes every check on SQLite and is found out in production. `X MATCH Y` is SQLite's operator
for a function of one's own, `match(Y, X)`; Django uses it for nothing else.
"""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from clients.search.sqlite import regex_of

MINDING_CASE = dict.fromkeys(("contains", "startswith", "endswith"), "MATCH %s")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(regex_of(pattern, "\\"), re.DOTALL)


def matches(pattern: str | None, value: Any) -> bool | None:
    """LIKE that minds case; NULL for NULL."""
    if pattern is None or value is None:
        return None
    return compiled(str(pattern)).fullmatch(str(value)) is not None


def mind_case(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.operators = {**connection.operators, **MINDING_CASE}
        connection.connection.create_function("match", 2, matches, deterministic=True)
