"""Beyond milestone 4: the page before or after one that lies far behind, found beside it instead of by counting off.

The links of such a page say where they come from: its number and the ids of its first and last client.
"""

import re
from dataclasses import dataclass

from django.core.paginator import Page
from django.http import QueryDict

from clients.models import Client
from clients.querysets import ClientQuerySet
from clients.search.large_tables import LargeTablePaginator, PeekedPage, is_far
from clients.search.pages import PER_PAGE

# Numbers that fit into the database.
FROM = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True)
class Origin:
    """The page a link comes from: its number, its first and its last client."""

    number: int
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.number}-{self.first}-{self.last}"


def origin_of_links(page: Page | None) -> str:
    """What the links of a page say of it; nothing where its number is enough."""
    if not page or not is_far(page.number * PER_PAGE):
        return ""
    return str(Origin(page.number, page[0].pk, page[-1].pk))


def page_beside(clients: ClientQuerySet, asked: QueryDict) -> PeekedPage | None:
    """The page that is asked for by such a link; None where it has to be found by its number.

    `clients` are newest first. Somebody added meanwhile moves nobody to the next page.
    """
    found = FROM.fullmatch(asked.get("from", ""))
    if not found:
        return None
    origin, number = Origin(*map(int, found.groups())), asked.get("page")
    if number == str(origin.number + 1):
        return page_after(clients, origin)
    if origin.number > 1 and number == str(origin.number - 1):
        return page_before(clients, origin)
    return None


def page_after(clients: ClientQuerySet, origin: Origin) -> PeekedPage | None:
    last = Client.objects.filter(pk=origin.last).first()
    if last is None:
        return None
    rows = list(after(clients, last)[: PER_PAGE + 1])
    return as_page(rows[:PER_PAGE], clients, origin.number + 1, more=len(rows) > PER_PAGE)


def page_before(clients: ClientQuerySet, origin: Origin) -> PeekedPage | None:
    """Read backwards. Where fewer than a page are left, the pages have moved and the number counts."""
    first = Client.objects.filter(pk=origin.first).first()
    if first is None:
        return None
    rows = list(before(clients, first)[:PER_PAGE])
    return as_page(rows[::-1], clients, origin.number - 1, more=True) if len(rows) == PER_PAGE else None


def after(clients: ClientQuerySet, last: Client) -> ClientQuerySet:
    """Those that follow this one.

    Not "older, or as old and a lower id": PostgreSQL would not see where in its index to begin.
    """
    older = clients.filter(created_at__lte=last.created_at)
    return older.exclude(created_at=last.created_at, pk__gte=last.pk)


def before(clients: ClientQuerySet, first: Client) -> ClientQuerySet:
    """Those that come before this one, the nearest first."""
    newer = clients.filter(created_at__gte=first.created_at)
    return newer.exclude(created_at=first.created_at, pk__lte=first.pk).reverse()


def as_page(rows: list[Client], clients: ClientQuerySet, number: int, *, more: bool) -> PeekedPage | None:
    return PeekedPage(rows, number, LargeTablePaginator(clients, PER_PAGE), more=more) if rows else None
