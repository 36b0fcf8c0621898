"""The dashboard's figures about orders.

All of them group the whole table: seconds for five million orders, which is why stored_figures.py keeps them.
An order counts in the month it came in, whatever its status.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from clients.models import Client, Order

MONTHS = 24
LARGEST = 5
# The width of the picture of all statuses; each has its share of it.
BAR_WIDTH = 1000
NOTHING = Decimal(0)


@dataclass(frozen=True)
class MonthFigures:
    """`start` is the month's first day."""

    start: date
    count: int
    total: Decimal


@dataclass(frozen=True)
class StatusFigures:
    """`left` and `width` say where its piece of the bar lies, of BAR_WIDTH."""

    status: str
    label: str
    count: int
    total: Decimal
    left: int
    width: int


@dataclass(frozen=True)
class ClientFigures:
    """One of the largest clients. Only the id: the name may change while the figures are kept."""

    client_id: int
    count: int
    total: Decimal


@dataclass(frozen=True)
class OrderFigures:
    """`months` runs from the oldest to the one of `taken_at`; `last_month_by_now` is the last month up to the same day
    and time, so that a month that has just begun is not compared with a whole one.
    """

    taken_at: datetime
    months: tuple[MonthFigures, ...]
    last_month_by_now: Decimal
    statuses: tuple[StatusFigures, ...]
    largest: tuple[ClientFigures, ...]

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.taken_at

    @property
    def this_month(self) -> MonthFigures:
        return self.months[-1]

    @property
    def last_month(self) -> MonthFigures:
        return self.months[-2]

    @property
    def change(self) -> int | None:
        """This month against the last up to the same day, in per cent; None where there was nothing to compare with."""
        if not self.last_month_by_now:
            return None
        return round(100 * (self.this_month.total / self.last_month_by_now - 1))

    @property
    def open_count(self) -> int:
        return sum(share.count for share in self.statuses if share.status != Order.Status.DONE)

    @property
    def orders_count(self) -> int:
        return sum(share.count for share in self.statuses)


def take_figures() -> OrderFigures:
    """Four queries, each over all orders or over the months shown."""
    now = timezone.localtime()
    return OrderFigures(
        taken_at=now,
        months=by_month(now),
        last_month_by_now=last_month_by(now),
        statuses=by_status(),
        largest=largest(),
    )


def by_month(now: datetime) -> tuple[MonthFigures, ...]:
    """The last MONTHS months, those without orders included."""
    starts = month_starts(now)
    grouped = (
        Order.objects.filter(created_at__gte=starts[0], created_at__lte=now)
        .annotate(month=TruncMonth("created_at"))
        .values("month")
        .annotate(count=Count("*"), total=Sum("amount"))
        .order_by()
    )
    found = {group["month"].date(): (group["count"], group["total"]) for group in grouped}
    return tuple(MonthFigures(start.date(), *found.get(start.date(), (0, NOTHING))) for start in starts)


def month_starts(now: datetime) -> list[datetime]:
    """The first moments of the last MONTHS months, oldest first, in the zone of `now`."""
    this = now.year * 12 + now.month - 1
    midnight = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return [
        midnight.replace(year=number // 12, month=number % 12 + 1)
        for number in range(this - MONTHS + 1, this + 1)
    ]


def last_month_by(now: datetime) -> Decimal:
    """The revenue of last month up to the same day and time of day, or to its end where it is shorter."""
    *_, start, end = month_starts(now)
    until = min(start + (now - end), end)
    found = Order.objects.filter(created_at__gte=start, created_at__lt=until).aggregate(total=Sum("amount"))
    return found["total"] or NOTHING


def by_status() -> tuple[StatusFigures, ...]:
    """Every status in the order it is gone through, also one that no order has."""
    grouped = Order.objects.values("status").annotate(count=Count("*"), total=Sum("amount")).order_by()
    found = {group["status"]: (group["count"], group["total"]) for group in grouped}
    every = sum(count for count, _ in found.values()) or 1
    shares, before = [], 0
    for status in Order.Status:
        count, total = found.get(status, (0, NOTHING))
        left, before = before, before + count
        edges = BAR_WIDTH * left // every, BAR_WIDTH * before // every
        shares.append(StatusFigures(status, status.label, count, total, edges[0], edges[1] - edges[0]))
    return tuple(shares)


def largest() -> tuple[ClientFigures, ...]:
    """The clients with the highest totals. Counts rows, not ids: a covering index answers that alone (PostgreSQL)."""
    grouped = (
        Order.objects.values("client_id")
        .annotate(count=Count("*"), sum=Sum("amount"))
        .order_by("-sum", "client_id")[:LARGEST]
    )
    return tuple(ClientFigures(group["client_id"], group["count"], group["sum"]) for group in grouped)


def with_names(figures: tuple[ClientFigures, ...]) -> list[tuple[Client, ClientFigures]]:
    """These clients as they are now, beside their figures; one that is gone in the meantime is left out."""
    clients = Client.objects.in_bulk([entry.client_id for entry in figures])
    return [(clients[entry.client_id], entry) for entry in figures if entry.client_id in clients]
