from django import forms
from rest_framework.filters import OrderingFilter

from clients.api.filters import ClientFilter, StableOrdering, StatusFilter
from clients.api.permissions import ReadAllWriteStaff
from clients.api.serializers import ClientSerializer
from clients.api.views import ClientViewSet
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method

to_representation = ClientSerializer.to_representation


def counted_one_by_one(self, instance):
    return {**to_representation(self, instance), "orders_count": instance.orders.count()}


any_text = property(lambda self: forms.CharField(required=False))

MISTAKES = [
    Mistake(
        "query-for-each-client",
        "The serializer counts the orders of each client by itself.",
        "test_the_number_of_queries_does_not_grow",
        method(ClientSerializer, "to_representation", counted_one_by_one),
    ),
    Mistake(
        "once-for-each-order",
        "The filter by status joins, so a client comes as often as it has such orders.",
        "test_clients_are_filtered_by_the_status_of_their_orders_each_once",
        method(
            ClientFilter,
            "with_order_of_status",
            lambda self, clients, name, status: clients.filter(orders__status=status),
        ),
    ),
    Mistake(
        "unknown-status-finds-nobody",
        "An unknown status is no error but an empty list.",
        "test_an_unknown_status_is_an_error",
        method(StatusFilter, "field", any_text),
    ),
    Mistake(
        "open-to-writes",
        "A ModelViewSet without any permission: a guest may create and delete.",
        "test_a_guest_changes_nothing",
        method(ReadAllWriteStaff, "has_permission", lambda self, request, view: True),
    ),
    Mistake(
        "no-search-by-email",
        "The search looks at names only.",
        "test_clients_are_found_by_name_and_email",
        method(ClientViewSet, "search_fields", ["name"]),
    ),
    Mistake(
        "equal-rows-move",
        "The ordering ends with what was asked for: rows that are equal in it stand anywhere, twice or not at all.",
        "test_rows_that_are_equal_never_change_places_between_pages",
        method(StableOrdering, "get_ordering", OrderingFilter.get_ordering),
    ),
]
