"""What the API's lists can be narrowed by and ordered by."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from clients.models import Client, Order
from clients.querysets import LONGEST_SEARCH, MOST_WORDS
from stages.features import is_active

LARGEST_ID = 2**63 - 1
# A text of at most MOST_WORDS words. What is quoted counts as one word, and what nobody types is left out here.
WORD = r"""[^\s,"'\x00-\x1f\x7f-\x9f]+"""
WORDS = f"^[ ,]*({WORD}([ ,]+{WORD}){{0,{MOST_WORDS - 1}}})?[ ,]*$"
UNKNOWN_STATUS = f"%(value)s is not a status. Known are: {', '.join(Order.Status.values)}."


class StatusFilter(django_filters.ChoiceFilter):
    """One of the known statuses; anything else is an error (400) that lists them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=Order.Status.choices, error_messages={"invalid_choice": UNKNOWN_STATUS}, **kwargs
        )


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_ID})
class IdFilter(django_filters.Filter):
    """A row's id; anything that cannot be one is an error (400)."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class ClientFilter(django_filters.FilterSet):
    """`status`: clients with at least one order of that status. `active`: clients with unfinished orders."""

    status = StatusFilter(method="with_order_of_status")
    active = django_filters.BooleanFilter(method="only_active")

    class Meta:
        model = Client
        fields: list[str] = []

    def with_order_of_status(self, clients: QuerySet[Client], name: str, status: str) -> QuerySet[Client]:
        # Exists, not a join: a join would repeat the client for each order and multiply its totals.
        return clients.filter(Exists(Order.objects.filter(client=OuterRef("pk"), status=status)))

    def only_active(self, clients: Any, name: str, active: bool) -> QuerySet[Client]:
        """Milestone 12; while it is off the parameter is not known and changes nothing."""
        if not is_active("active-clients", self.request):
            return clients
        if active:
            return clients.active()
        # Not "outside of the active ones": PostgreSQL would make the whole list of those first.
        return clients.exclude(Exists(Order.objects.unfinished().filter(client=OuterRef("pk"))))


class OrderFilter(django_filters.FilterSet):
    """`status` and `client` (its id)."""

    status = StatusFilter()
    client = IdFilter(field_name="client_id")

    class Meta:
        model = Order
        fields: list[str] = []


class AskedFilters(DjangoFilterBackend):
    """Makes no form to read the filters from where the address asks for nothing: that is a tenth of such a page."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if not request.query_params:
            return queryset
        found: QuerySet = super().filter_queryset(request, queryset, view)
        return found


class TextSearch(SearchFilter):
    """DRF's search, of at most eight words: each is a condition of its own, and a hundred cost seconds. More are a 400.

    What no stored text can contain finds nobody instead of being an error: a NUL byte, a text longer than any.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        text = request.query_params.get(self.search_param, "")
        if "\x00" in text:
            return queryset.none()
        if (count := len(self.get_search_terms(request))) > MOST_WORDS:
            message = f"At most {MOST_WORDS} words can be searched for; these are {count}."
            raise ValidationError({self.search_param: [message]})
        if len(text) > LONGEST_SEARCH:
            return queryset.none()
        found: QuerySet = super().filter_queryset(request, queryset, view)
        return found

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The description names the limit too: what it permits is never refused."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        return [{**one, "schema": {**one["schema"], "pattern": WORDS}} for one in parameters]


class StableOrdering(OrderingFilter):
    """Ordering with the id as the last word, so that equal rows never change places between two pages."""

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> list[str]:
        ordering = list(super().get_ordering(request, queryset, view) or [])
        descending = bool(ordering) and ordering[-1].startswith("-")
        return [*ordering, "-id" if descending else "id"]
