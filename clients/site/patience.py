"""Time for what takes long: where answers have a limit (STATEMENT_TIMEOUT), some statements need a higher one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import DEFAULT_DB_ALIAS, connections, transaction

# Seconds for one statement.
EXPORT = 600
REPORT = 600
FIGURES = 300
MERGE = 60


def longer_statements(seconds: float, using: str = DEFAULT_DB_ALIAS) -> AbstractContextManager[None]:
    """Inside a transaction: its statements may take so long. Changes nothing where there is no limit anyway."""
    allow = getattr(connections[using], "statements_may_take", None)
    return allow(seconds) if allow else nullcontext()


@contextmanager
def longer_reading(seconds: float, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """The same for what only reads and needs no transaction but for this; none where there is no limit."""
    if not hasattr(connections[using], "statements_may_take"):
        yield
        return
    with transaction.atomic(using), longer_statements(seconds, using):
        yield
