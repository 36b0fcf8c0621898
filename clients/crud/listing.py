"""What the list of clients shows for a request: the same for the function views and the class-based ones."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest

from clients.models import Client
from clients.querysets import MOST_WORDS, ClientQuerySet
from clients.search.beside import origin_of_links, page_beside
from clients.search.large_tables import LargeTablePaginator
from clients.search.pages import page_of
from stages.features import is_active

# What the plain list shows at most while milestone 4 is off.
PLAIN_LIST_CAP = 100


def search_text(request: HttpRequest) -> str:
    return first_words(asked_text(request))


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip() if is_active("search-pagination", request) else ""


def first_words(text: str) -> str:
    """The text up to its eighth word, as it was written: what contains all of it contains this too."""
    words = list(islice(re.finditer(r"\S+", text), MOST_WORDS))
    return text[: words[-1].end()] if words else ""


def active_only(request: HttpRequest) -> bool:
    """Milestone 12: whether only clients with unfinished orders are asked for."""
    return request.GET.get("active") == "1" and is_active("active-clients", request)


def listed_clients(request: HttpRequest) -> ClientQuerySet:
    """Every client the request asks for, newest first, not yet cut to a page."""
    clients = Client.objects.newest_first()
    if text := search_text(request):
        clients = clients.search(text)
    if active_only(request):
        clients = clients.active()
    return clients


def page_asked_for(clients: ClientQuerySet, request: HttpRequest) -> Page | None:
    """The page of the list; None while milestone 4 is off."""
    return page_shown(clients, request) if is_active("search-pagination", request) else None


def page_shown(clients: ClientQuerySet, request: HttpRequest) -> Page:
    """The page with the number asked for, found beside the one that a link comes from where it can be."""
    if beside := page_beside(clients, request.GET):
        return beside
    return page_of(clients, request.GET.get("page"), LargeTablePaginator)


def with_totals(clients: Iterable[Client]) -> list[Client]:
    """The clients of one page with `orders_count`, `orders_total` and `latest_orders`.

    Only these clients are grouped: totals for a whole table that is cut to a page afterwards cost seconds.
    """
    ids = [client.pk for client in clients]
    return list(Client.objects.filter(pk__in=ids).with_order_totals().with_latest_orders().newest_first())


def query_string(request: HttpRequest) -> str:
    """The parameters that links to the same clients keep."""
    parameters = {"q": search_text(request), "active": "1" if active_only(request) else ""}
    return urlencode({name: value for name, value in parameters.items() if value})


def page_query_string(page: Page | None, request: HttpRequest) -> str:
    """The same for the links to other pages, with where they come from."""
    origin = origin_of_links(page)
    return "&".join(filter(None, [query_string(request), f"from={origin}" if origin else ""]))


def list_context(queryset: QuerySet[Client], page: Page | None, request: HttpRequest) -> dict[str, Any]:
    """The context of clients/client_list.html."""
    rows = list(queryset[: PLAIN_LIST_CAP + 1]) if page is None else list(page.object_list)
    clients = rows[:PLAIN_LIST_CAP]
    return {
        "clients": with_totals(clients) if is_active("order-totals", request) else clients,
        "page_obj": page,
        "q": search_text(request),
        "q_was_cut": search_text(request) != asked_text(request),
        "active_only": active_only(request),
        "query_string": query_string(request),
        "page_query_string": page_query_string(page, request),
        "capped": len(rows) > PLAIN_LIST_CAP,
    }
