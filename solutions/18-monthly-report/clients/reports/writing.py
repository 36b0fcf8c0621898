"""A plain solution of milestone 18, Async tasks."""

from collections.abc import Iterator
from datetime import date

from clients.models import Order
from clients.reports.months import bounds


def lines_of(month: date) -> Iterator[Line]:
    """The month's orders, client by client in the order of their names, each client's oldest first.

    The database sorts, so that the clients' totals need no more memory than one client's.
    """
    start, end = bounds(month)
    orders = Order.objects.filter(created_at__gte=start, created_at__lt=end)
    columns = ("pk", "created_at", "client_id", "client__name", "client__email", "title", "status", "amount")
    rows = orders.order_by("client__name", "client_id", "created_at", "pk").values_list(*columns)
    return (Line(*row) for row in rows.iterator(chunk_size=CHUNK))
