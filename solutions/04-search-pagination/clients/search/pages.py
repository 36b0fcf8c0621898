"""A plain solution of milestone 4, Search & pagination."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def page_of(rows: QuerySet, number: str | None, paginator: type[Paginator] = Paginator) -> Page:
    """The page with this number, ten rows on it.

    `get_page` answers with a page that exists: the first one for what is no number, the last one for a number that is
    too high. The CRM hands in a paginator that does not count a large table (large_tables.py); Django's own does too.
    """
    return paginator(rows, PER_PAGE).get_page(number)
