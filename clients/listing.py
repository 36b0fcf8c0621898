"""What the list of clients shows for a request: the same for the function views and the class-based ones."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest

from clients.models import Client
from clients.pagination import PER_PAGE, ClientPaginator
from stages.features import is_active

# What the plain list shows at most while milestone 4 is off.
PLAIN_LIST_CAP = 100


def search_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip() if is_active("search-pagination", request) else ""


def listed_clients(request: HttpRequest) -> QuerySet[Client]:
    """Every client the request asks for, newest first, not yet cut to a page."""
    return Client.objects.newest_first().search(search_text(request))


def page_of(queryset: QuerySet[Client], request: HttpRequest) -> Page | None:
    """Milestone 4: the page asked for; None while it is off."""
    if not is_active("search-pagination", request):
        return None
    return ClientPaginator(queryset, PER_PAGE).get_page(request.GET.get("page"))


def list_context(queryset: QuerySet[Client], page: Page | None, request: HttpRequest) -> dict[str, Any]:
    """The context of clients/client_list.html."""
    rows = list(page.object_list) if page is not None else list(queryset[: PLAIN_LIST_CAP + 1])
    q = search_text(request)
    return {
        "clients": rows if page is not None else rows[:PLAIN_LIST_CAP],
        "page_obj": page,
        "q": q,
        "active_only": False,
        "query_string": urlencode({"q": q} if q else {}),
        "capped": page is None and len(rows) > PLAIN_LIST_CAP,
    }
