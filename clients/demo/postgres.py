"""Very many rows into PostgreSQL: COPY, with indexes and foreign keys built once at the end instead of row by row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from clients.demo.progress import Steps

# From here on, building an index again takes less time than keeping it up row by row.
WORTH_SETTING_ASIDE: Final = 50_000
# Any number will do, as long as nothing else of ours uses it.
LOCK_KEY: Final = 20_061_203

INDEXES: Final = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid
"""
FOREIGN_KEYS: Final = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
    ORDER BY oid
"""


def wait_for_others() -> None:
    """Until this transaction ends, a second load waits here instead of loading everything once more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")


def reserved_ids(table: str, count: int) -> int:
    """The first of `count` ids that nobody else gets: the sequence is moved past them."""
    sequence = "pg_get_serial_sequence(%(table)s, 'id')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval({sequence}, nextval({sequence}) + %(count)s - 1)",
            {"table": table, "count": max(count, 1)},
        )
        return cursor.fetchone()[0] - max(count, 1) + 1


def insert(table: str, columns: Sequence[str], batches: Iterable[list[tuple[str, ...]]]) -> None:
    """The rows must be free of tabs, line breaks and backslashes, which mean something in COPY's text format."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for batch in batches:
            copy.write("".join(["\t".join(row) + "\n" for row in batch]))


@contextmanager
def set_aside(tables: list[str], rows: int, steps: Steps) -> Iterator[None]:
    """Without secondary indexes and foreign keys inside, with exactly the same ones afterwards.

    Part of the transaction around: after a failure they are as they were.
    """
    if rows < WORTH_SETTING_ASIDE:
        yield
        return
    with connection.cursor() as cursor:
        pairs = removable(cursor, tables)
        for drop, _ in pairs:
            cursor.execute(drop)
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        with steps("Indexes", len(pairs)) as advance:
            for _, create in pairs:
                cursor.execute(create)
                advance(1)


def removable(cursor: CursorWrapper, tables: list[str]) -> list[tuple[str, str]]:
    """Statements that drop, and statements that make again: foreign keys last, when there are indexes to check them."""
    found: list[tuple[str, str]] = []
    for query in (INDEXES, FOREIGN_KEYS):
        cursor.execute(query, [tables])
        found += cursor.fetchall()
    return found


def settle(tables: list[str]) -> None:
    """Statistics for the planner; outside of a transaction also the map that index-only scans go by."""
    command = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"{command} {table}")
