from decimal import Decimal

from django.db.models import Count, Sum

from clients.crud import listing
from clients.models import Client
from clients.querysets import ClientQuerySet
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method


def summed_one_by_one(clients):
    shown = list(clients)
    for client in shown:
        client.orders_count = client.orders.count()
        client.orders_total = sum((order.amount for order in client.orders.all()), Decimal(0))
        client.latest_orders = client.orders.newest_first()[:1]
    return shown


def summed_over_the_filter(clients):
    """The totals are annotated on the very query that was joined for the filter."""
    unfinished = Client.objects.filter(orders__status__in=["NEW", "IN_PROGRESS", "DONE"])
    ids = [client.pk for client in clients]
    joined = unfinished.filter(pk__in=ids).filter(orders__amount__gte=0)
    return list(joined.with_order_totals().with_latest_orders().newest_first())


def without_zero(self):
    return self.annotate(orders_count=Count("orders"), orders_total=Sum("orders__amount"))


MISTAKES = [
    Mistake(
        "query-for-each-row",
        "Every row of the list asks for its own orders.",
        "test_the_number_of_queries_does_not_grow_with_the_clients",
        lambda: everywhere(listing.with_totals, summed_one_by_one),
    ),
    Mistake(
        "multiplied-by-a-join",
        "A second join over the orders multiplies count and sum.",
        "test_the_list_has_the_number_of_orders_and_their_total",
        lambda: everywhere(listing.with_totals, summed_over_the_filter),
    ),
    Mistake(
        "nothing-instead-of-zero",
        "A client without orders has no total at all: SUM of no rows is NULL.",
        "test_a_client_without_orders_shows_zero_not_nothing",
        method(ClientQuerySet, "with_order_totals", without_zero),
    ),
]
