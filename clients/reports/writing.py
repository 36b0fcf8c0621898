"""The CSV file of one month: the orders, then totals per client, then totals per status.

One file with three blocks, each under its own heading and column names, a blank line between them: a spreadsheet shows
it as one sheet, and nothing can get separated. All of it comes from a single pass over a single query, so every total
is the sum of exactly the lines above it, whatever is written to the database at that time, and no more than one chunk
of rows is in memory.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from django.utils import timezone

from clients.exports.cells import as_amount, as_text
from clients.models import Order
from clients.reports.months import bounds, month_name

CHUNK = 2_000
STATUSES = dict(Order.Status.choices)


class Line(NamedTuple):
    """One order as it is read."""

    pk: int
    created_at: datetime
    client_id: int
    client: str
    email: str
    title: str
    status: str
    amount: Decimal

    def cells(self) -> list[object]:
        """As it stands in the file: the time in the configured time zone, as spreadsheets read it."""
        created = f"{self.created_at.astimezone(timezone.get_default_timezone()):%Y-%m-%d %H:%M:%S}"
        status = STATUSES[self.status]
        return [self.pk, created, self.client, self.email, self.title, status, as_amount(self.amount)]


@dataclass
class Total:
    """How many orders and how much together."""

    orders: int = 0
    amount: Decimal = Decimal("0.00")

    def add(self, line: Line) -> None:
        self.orders += 1
        self.amount += line.amount

    def cells(self) -> tuple[str, str]:
        return str(self.orders), as_amount(self.amount)


@dataclass
class Totals:
    """The sums of the whole month."""

    all: Total = field(default_factory=Total)
    by_status: dict[str, Total] = field(
        default_factory=lambda: {status: Total() for status in Order.Status.values}
    )

    def add(self, line: Line) -> None:
        self.all.add(line)
        self.by_status[line.status].add(line)


def write_report(path: Path, month: date) -> Totals:
    """Writes the report of the month to `path`: UTF-8 with BOM, every field quoted, amounts with a point."""
    totals = Totals()
    with (
        path.open("w", encoding="utf-8-sig", newline="") as file,
        TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent) as aside,
    ):
        write_orders(file, aside, lines_of(month), month, totals)
        aside.seek(0)
        shutil.copyfileobj(aside, file)
        write_statuses(file, totals)
    return totals


def lines_of(month: date) -> Iterator[Line]:
    """The month's orders, client by client in the order of their names, each client's oldest first.

    The database sorts, so that the clients' totals need no more memory than one client's.
    """
    start, end = bounds(month)
    orders = Order.objects.filter(created_at__gte=start, created_at__lt=end)
    columns = ("pk", "created_at", "client_id", "client__name", "client__email", "title", "status", "amount")
    rows = orders.order_by("client__name", "client_id", "created_at", "pk").values_list(*columns)
    return (Line(*row) for row in rows.iterator(chunk_size=CHUNK))


def write_orders(file: IO[str], aside: IO[str], lines: Iterable[Line], month: date, totals: Totals) -> None:
    """Writes the first block to `file` and, in the same pass, the second one to `aside`."""
    write, write_client = row_writer(file), row_writer(aside)
    write([f"Orders of {month_name(month)}"])
    write(
        [
            "Order",
            f"Created ({timezone.get_default_timezone()})",
            "Client",
            "Email",
            "Title",
            "Status",
            "Amount",
        ]
    )
    aside.write("\n")
    write_client(["Totals per client"])
    write_client(["Client", "Email", "Orders", "Total"])
    for _, group in groupby(lines, key=lambda line: line.client_id):
        of_client = Total()
        for line in group:
            write(line.cells())
            of_client.add(line)
            totals.add(line)
        write_client([line.client, line.email, *of_client.cells()])


def write_statuses(file: IO[str], totals: Totals) -> None:
    """The third block, with the sum of everything in its last line."""
    write = row_writer(file)
    file.write("\n")
    write(["Totals per status"])
    write(["Status", "Orders", "Total"])
    for status, total in totals.by_status.items():
        write([STATUSES[status], *total.cells()])
    write(["All", *totals.all.cells()])


def row_writer(file: IO[str]) -> Callable[[Iterable[object]], object]:
    """A function that writes one row in which no cell is taken for a formula."""
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    return lambda cells: writer.writerow([as_text(str(cell)) for cell in cells])
