"""What the checks of the monthly report share: orders of one autumn, and a look at what came of them."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import time_machine
from model_bakery import baker

from clients.models import Client, MonthlyReport, Order, ReportDelivery
from tests.sentences import listed

REPORTS = "/reports/"
OCTOBER = date(2026, 10, 1)
BOSS = "boss@mail.com"
# The title and the amount of each order of `some_orders` that came in in October.
OCTOBERS = {"Desk": "10.50", "Lamp": "4.00", "Pen": "1.25"}


def order(client: Client, amount: str, moment: datetime, **fields: str) -> Order:
    with time_machine.travel(moment, tick=False):
        return baker.make(Order, client=client, amount=Decimal(amount), **fields)


def some_orders() -> list[Order]:
    """Two of Bea's and one of Ada's in October, and one on either side of it."""
    bea = baker.make(Client, name="Bea", email="bea@mail.com")
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    return [
        order(bea, "10.50", datetime(2026, 10, 3, 9, tzinfo=UTC), title="Desk", status="NEW"),
        order(ada, "4.00", datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), title="Lamp", status="DONE"),
        order(bea, "1.25", datetime(2026, 10, 1, tzinfo=UTC), title="Pen", status="DONE"),
        order(bea, "99.00", datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), title="September"),
        order(ada, "88.00", datetime(2026, 11, 1, tzinfo=UTC), title="November"),
    ]


def assert_octobers_orders(content: bytes | str, *, where: str) -> None:
    """Of `some_orders` those of October stand in this CSV, each on one line with its amount, and no other one.

    In which columns, under which heading and in which order is not looked at.
    """
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    for title, amount in OCTOBERS.items():
        lines = [line for line in text.splitlines() if title in line]
        assert len(lines) == 1 and amount in lines[0], (  # noqa: PT018  # one sentence says both
            f"{where} the order “{title}” of October for {amount} stands on these lines: {listed(lines, 'none')}; one "
            "line with this amount was expected."
        )
    others = [amount for amount in ("99.00", "88.00") if amount in text]
    assert not others, (
        f"{where} there are orders of other months, for {listed(others)}; only October's were expected."
    )


def content_of(report: MonthlyReport) -> bytes:
    return Path(report.file.path).read_bytes()


def rows_of(report: MonthlyReport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content_of(report).decode("utf-8-sig"))))


def files_in(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.rglob("*") if found.is_file())


def state_of(delivery: ReportDelivery) -> tuple[str, int, str]:
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts, delivery.last_error
