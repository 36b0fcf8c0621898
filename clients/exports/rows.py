"""The file as Python writes it, row by row from a flat iterator: for every database but PostgreSQL."""

from collections.abc import Generator
from decimal import Decimal
from itertools import islice

from clients.exports.cells import as_amount, as_flag, as_text, as_time, csv_bytes
from clients.models import Client
from clients.querysets import ClientQuerySet

ROWS_AT_ONCE = 500


def csv_rows(clients: ClientQuerySet) -> Generator[bytes]:
    """The clients' lines in their order, some hundred at a time; memory does not grow with their number."""
    found = clients.with_order_totals_of_each_row().iterator(chunk_size=ROWS_AT_ONCE)
    while batch := [cells(client) for client in islice(found, ROWS_AT_ONCE)]:
        yield csv_bytes(batch)


def cells(client: Client) -> list[object]:
    return [
        as_text(client.name),
        as_text(client.email),
        as_text(client.phone),
        as_flag(client.vip),
        as_time(client.created_at),
        client.orders_count or 0,
        as_amount(client.orders_total or Decimal(0)),
    ]
