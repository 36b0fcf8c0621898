"""Milestone 4: ten a page, at a million rows as quickly as at ten."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet

PER_PAGE = 10
# Counting costs time for every row counted: past this many an estimate, or "more than", does as well.
COUNT_LIMIT = 10_000


class ClientPaginator(Paginator):
    """A paginator that never counts a large table, and says so: `count_exact` is False for an estimate.

    A page is read with one row more than it shows; whether there is a next page is thus known, not computed from a
    count. A page number that is past the end lands on the last page, one that is no number on the first.
    """

    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        return self._counted[0]

    @cached_property
    def count_exact(self) -> bool:
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        estimate = estimated_rows(self.object_list)
        if estimate > COUNT_LIMIT:
            return estimate, False
        found = self.object_list.order_by()[: COUNT_LIMIT + 1].count()
        return (COUNT_LIMIT, False) if found > COUNT_LIMIT else (found, True)

    def get_page(self, number: Any) -> Page:
        """The page asked for, or the nearest that exists."""
        page = self.page(self.asked_number(number))
        if page.object_list or page.number == 1:
            return page
        self._counted = (self.object_list.order_by().count(), True)
        self.__dict__.update(count=self._counted[0], count_exact=True)
        self.__dict__.pop("num_pages", None)
        return self.page(self.num_pages)

    def page(self, number: int | str) -> Page:
        number = int(number)
        bottom = (number - 1) * self.per_page
        rows = list(self.object_list[bottom : bottom + self.per_page + 1])
        return PeekedPage(rows[: self.per_page], number, self, more=len(rows) > self.per_page)

    def asked_number(self, number: Any) -> int:
        """A whole number from 1 up to what a database's OFFSET can hold; 1 for anything else."""
        try:
            asked = int(str(number))
        except ValueError:
            return 1
        return asked if 0 < asked <= 1_000_000_000 else (1 if asked < 1 else self.num_pages)


class PeekedPage(Page):
    """A page that knows whether another follows, because one row of it was read along."""

    def __init__(
        self, object_list: Sequence[Any], number: int, paginator: ClientPaginator, *, more: bool
    ) -> None:
        super().__init__(object_list, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        return self.more

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1


def estimated_rows(queryset: QuerySet) -> int:
    """PostgreSQL's own estimate for a whole table; 0 where there is none: another database, a filter, no ANALYZE yet."""
    connection = connections[queryset.db]
    if connection.vendor != "postgresql" or queryset.query.has_filters() or queryset.query.is_empty():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [queryset.model._meta.db_table]
        )
        return max(cursor.fetchone()[0], 0)
