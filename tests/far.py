"""Pages that lie far behind, with a few clients."""

from functools import partial

from clients.search.large_tables import counted_up_to

NEAR_ROWS = 10


def far_begins_soon(monkeypatch) -> None:
    """From the third page on a page is far behind, and what is there is too much to count.

    It is counted on every database: PostgreSQL's estimate of a test's table is of what the tests before left in it.
    """
    monkeypatch.setattr("clients.search.large_tables.COUNT_LIMIT", NEAR_ROWS)
    monkeypatch.setattr("clients.search.large_tables.estimated_rows", partial(counted_up_to, NEAR_ROWS))
