"""The file as Python writes it, row by row from a flat iterator: for every database but PostgreSQL."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from clients.exports.cells import as_amount, as_flag, as_text, as_time, csv_bytes
from clients.models import Client, Order

ROWS_AT_ONCE = 500


def csv_rows(clients: QuerySet[Client]) -> Iterator[bytes]:
    """The clients' lines in their order, some hundred at a time; memory does not grow with their number."""
    found = with_totals_by_row(clients).iterator(chunk_size=ROWS_AT_ONCE)
    while batch := [cells(client) for client in islice(found, ROWS_AT_ONCE)]:
        yield csv_bytes(batch)


def with_totals_by_row(clients: QuerySet[Client]) -> QuerySet[Client]:
    """Each row's totals by a look-up of its own: the first row comes at once, and nothing is grouped in memory."""
    orders = Order.objects.filter(client=OuterRef("pk")).order_by().values("client")
    return clients.only("name", "email", "phone", "vip", "created_at").annotate(
        orders_count=Subquery(orders.annotate(found=Count("pk")).values("found")),
        orders_total=Subquery(orders.annotate(found=Sum("amount")).values("found")),
    )


def cells(client: Client) -> list[object]:
    return [
        as_text(client.name),
        as_text(client.email),
        as_text(client.phone),
        as_flag(client.vip),
        as_time(client.created_at),
        client.orders_count or 0,
        as_amount(client.orders_total or 0),
    ]
