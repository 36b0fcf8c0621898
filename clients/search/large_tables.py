"""Beyond milestone 4: the same pages, at a million rows as quickly as at ten."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db import connections
from django.db.models import QuerySet

# Counting costs time for every row counted: past this many of a whole table an estimate, or "more than", does as well.
COUNT_LIMIT = 10_000
# The same for what was searched for, where many more rows are looked at than are counted.
MATCH_LIMIT = 5_000
# The words before a count that is not exact.
ESTIMATED, STOPPED = "about", "more than"
# An estimate lags behind its table by a tenth or so: past twice as many rows there are none.
SURELY_BEYOND = 2
# More pages than any table has; far below what a database's OFFSET can hold.
LARGEST_PAGE = 1_000_000_000


class Count(NamedTuple):
    """A number of rows, and the word before it where it is not exact: ESTIMATED or STOPPED."""

    rows: int
    word: str = ""


class LargeTablePaginator(Paginator):
    """A paginator that never counts a large table, and says so: `count_word` is "" for an exact count only.

    A page is read with one row more than it shows, so whether another follows is known and not worked out from a
    count. `page` raises as Django's does; `get_page` lands on the first page for what is no number, and on the last
    one for a number that is out of range.
    """

    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        return self.counted.rows

    @property
    def count_word(self) -> str:
        return self.counted.word

    @property
    def count_exact(self) -> bool:
        return not self.counted.word

    @property
    def is_estimated(self) -> bool:
        return self.counted.word == ESTIMATED

    @cached_property
    def counted(self) -> Count:
        whole = is_whole_table(self.object_list)
        if whole and connections[self.object_list.db].vendor == "postgresql":
            return estimated_rows(self.object_list)
        return counted_up_to(COUNT_LIMIT if whole else MATCH_LIMIT, self.object_list)

    def page(self, number: Any) -> "PeekedPage":
        number = self.whole_number(number)
        bottom = (number - 1) * self.per_page
        if self.ends_before(bottom):
            raise EmptyPage("That page contains no results.")
        rows, more = self.rows_from(bottom)
        if not rows and number > 1:
            raise EmptyPage("That page contains no results.")
        if not more and not is_whole_table(self.object_list):
            # The end of what was searched for is in sight: to count would be to search once more.
            self.know_count(bottom + len(rows))
        return PeekedPage(rows, number, self, more=more)

    def rows_from(self, bottom: int) -> tuple[list[Any], bool]:
        """The rows of one page, and whether more follow.

        Of a page far behind the ids come first, which an index holds: the rows before it are counted off, not read.
        """
        wanted = slice(bottom, bottom + self.per_page + 1)
        if not is_far(bottom):
            rows = list(self.object_list[wanted])
            return rows[: self.per_page], len(rows) > self.per_page
        ids = list(self.object_list.values_list("pk", flat=True)[wanted])
        return list(self.object_list.filter(pk__in=ids[: self.per_page])), len(ids) > self.per_page

    def get_page(self, number: Any) -> "PeekedPage":
        try:
            return self.page(1 if number is None else number)
        except PageNotAnInteger:
            return self.page(1)
        except EmptyPage:
            return self.last_page()

    def ends_before(self, bottom: int) -> bool:
        """Whether a large table does. Near its estimated end it is counted; to look there would read all of it."""
        if not is_far(bottom) or bottom < self.count or not is_whole_table(self.object_list):
            return False
        if self.is_estimated and bottom > SURELY_BEYOND * self.count:
            return True
        self.count_all()
        return bottom >= self.count

    def count_all(self) -> int:
        total = self.object_list.order_by().count()
        self.know_count(total)
        return total

    def know_count(self, total: int) -> None:
        """What was counted or estimated before is forgotten."""
        self.__dict__.update(counted=Count(total), count=total)
        self.__dict__.pop("num_pages", None)

    def last_page(self) -> "PeekedPage":
        """Read from the other end: an OFFSET would read every row before it.

        Where the table is estimated, its last rows fill a page and the number of that is as near as the estimate:
        how many rows belong there only a count of all of them could say.
        """
        if self.is_estimated:
            left = self.per_page
        else:
            total = self.count if self.count_exact else self.count_all()
            left = total - (self.num_pages - 1) * self.per_page
        rows = list(self.object_list.reverse()[:left])
        return PeekedPage(rows[::-1], self.num_pages, self, more=False)

    @staticmethod
    def whole_number(number: Any) -> int:
        """A page number from 1 up. Raises PageNotAnInteger or EmptyPage."""
        try:
            asked = int(str(number))
        except ValueError as error:
            raise PageNotAnInteger("That page number is not an integer.") from error
        if not 1 <= asked <= LARGEST_PAGE:
            raise EmptyPage("That page number is out of range.")
        return asked


class PeekedPage(Page):
    """A page that knows whether another follows, because one row of it was read along."""

    paginator: LargeTablePaginator

    def __init__(
        self, object_list: Sequence[Any], number: int, paginator: LargeTablePaginator, *, more: bool
    ) -> None:
        super().__init__(object_list, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        return self.more

    def next_page_number(self) -> int:
        return self.number + 1

    def previous_page_number(self) -> int:
        return self.number - 1


def is_far(bottom: int) -> bool:
    """Whether so many rows come before a page that what is done to each of them is felt."""
    return bottom > COUNT_LIMIT


def is_whole_table(queryset: QuerySet) -> bool:
    return not queryset.query.where and not queryset.query.is_empty()


def counted_up_to(limit: int, queryset: QuerySet) -> Count:
    found = queryset.order_by()[: limit + 1].count()
    return Count(limit, STOPPED) if found > limit else Count(found)


def estimated_rows(queryset: QuerySet) -> Count:
    """PostgreSQL's own estimate of a large table, a real count of a small one. One query."""
    table = connections[queryset.db].ops.quote_name(queryset.model._meta.db_table)
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(
            f"""SELECT CASE WHEN reltuples > %(limit)s THEN reltuples::bigint
                       ELSE (SELECT COUNT(*) FROM (SELECT FROM {table} LIMIT %(limit)s + 1) counted) END
                FROM pg_class WHERE oid = %(table)s::regclass""",  # noqa: S608  # a table's name, quoted by Django
            {"limit": COUNT_LIMIT, "table": table},
        )
        found: int = cursor.fetchone()[0]
    if found <= COUNT_LIMIT:
        return Count(found)
    # one more than the limit: a table that was never analysed, and whose count stopped there
    return Count(COUNT_LIMIT, STOPPED) if found == COUNT_LIMIT + 1 else Count(found, ESTIMATED)
