"""The same for SQLite: plain inserts in large batches. The functions are those of clients.demo.postgres."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from clients.demo.progress import Steps


def wait_for_others() -> None:
    """Nothing to do: the transaction has been the only writer from its beginning (transaction_mode IMMEDIATE)."""


def reserved_ids(table: str, count: int) -> int:
    """The first id after all that were ever given out; SQLite itself moves the sequence when the rows come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    return last[0] + 1 if last else 1


def insert(table: str, columns: Sequence[str], batches: Iterable[list[tuple[str, ...]]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    # Table and columns are constants of ours; the values are passed apart.
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for batch in batches:
            cursor.executemany(statement, batch)


@contextmanager
def set_aside(tables: list[str], rows: int, steps: Steps) -> Iterator[None]:
    """Keeps the indexes: SQLite builds one again no faster than it keeps it up."""
    yield


def settle(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
