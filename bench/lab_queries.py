"""The traps of the milestones as pairs of queries that answer the same: as most of us write it first, as it ships."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Sum

from bench.plans import undone
from clients.caching import SECONDS, generation
from clients.crud.listing import with_totals
from clients.exports.copy import TOTALS
from clients.live.events import order_frames
from clients.models import Client, Order
from clients.reports.months import bounds, this_month


@dataclass(frozen=True)
class Lab:
    """`naive` and `shipped` ask the same question; `says` is what to see in the two plans.

    `everywhere` is False for SQL that SQLite does not know.
    """

    page: str
    says: str
    naive: Callable[[], object]
    shipped: Callable[[], object]
    everywhere: bool = True

    def answers(self) -> tuple[object, object]:
        """What both say; what they write is rolled back."""
        return undone(self.naive), undone(self.shipped)


def last_page_naive() -> object:
    total = Client.objects.count()
    return list(Client.objects.newest_first()[total - 10 : total])


def last_page_shipped() -> object:
    return list(Client.objects.newest_first().reverse()[:10])[::-1]


def totals_naive() -> object:
    clients = Client.objects.newest_first().with_order_totals()[:10]
    return [(client.pk, client.orders_total) for client in clients]


def totals_shipped() -> object:
    page = [client.pk for client in Client.objects.newest_first()[:10]]
    clients = Client.objects.filter(pk__in=page).with_order_totals().newest_first()
    return [(client.pk, client.orders_total) for client in clients]


def active_naive() -> object:
    unfinished = Order.objects.exclude(status="DONE")
    return list(Client.objects.filter(orders__in=unfinished).distinct().newest_first()[:10])


def active_shipped() -> object:
    return list(Client.objects.active().newest_first()[:10])


def counted_naive() -> object:
    found = Client.objects.filter(orders__status="NEW").distinct()
    return min(found.count(), 5_001)


def counted_shipped() -> object:
    found = Client.objects.filter(Exists(Order.objects.filter(client=OuterRef("pk"), status="NEW")))
    return found[:5_001].count()


def export_naive() -> object:
    clients = Client.objects.newest_first().with_order_totals()
    return list(clients.values_list("pk", "orders_count", "orders_total"))


def export_shipped() -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT clients.id, orders_count, COALESCE(orders_total, 0)
                FROM clients_client clients {TOTALS}
                ORDER BY clients.created_at DESC, clients.id DESC"""
        )
        return cursor.fetchall()


def cached_naive() -> object:
    clients = with_totals(Client.objects.newest_first()[:10])
    return [(client.pk, client.orders_total) for client in clients]


def cached_shipped() -> object:
    return cache.get_or_set(f"lab:{generation()}", cached_naive, SECONDS)


def merged_naive() -> object:
    merge, keep = Client.objects.order_by("pk")[:2]
    for order in merge.orders.all():
        order.client = keep
        order.save()
    return keep.orders.count()


def merged_shipped() -> object:
    merge, keep = Client.objects.order_by("pk")[:2]
    merge.orders.update(client=keep)
    return keep.orders.count()


def month_naive() -> object:
    month = this_month()
    orders = Order.objects.filter(created_at__year=month.year, created_at__month=month.month)
    return orders.aggregate(Count("pk"), Sum("amount"))


def month_shipped() -> object:
    start, end = bounds(this_month())
    orders = Order.objects.filter(created_at__gte=start, created_at__lt=end)
    return orders.aggregate(Count("pk"), Sum("amount"))


def told_naive() -> object:
    newest = Order.objects.order_by("-pk")[:20]
    return sorted((order.pk, order.client.name, order.client.orders.count()) for order in newest)


def told_shipped() -> object:
    newest = Order.objects.order_by("-pk").values_list("pk", flat=True)[:20]
    frames = order_frames(newest)
    return [(one["id"], one["client"]["name"], one["client"]["orders_count"]) for one in frames]


LABS = (
    Lab(
        "04-search-pagination",
        "The last of 100,000 pages. To know where it begins all clients are counted, and an `OFFSET` reads every row "
        "before it and throws it away; read from the other end, the same ten rows are the first.",
        last_page_naive,
        last_page_shipped,
    ),
    Lab(
        "09-order-totals",
        "One page with totals. The naive query groups the orders of every client before `LIMIT` takes ten of them; the "
        "shipped one finds the ten clients first.",
        totals_naive,
        totals_shipped,
    ),
    Lab(
        "12-active-clients",
        "One page of the active clients. A join repeats a client for each unfinished order; `DISTINCT` sorts by every "
        "column to take the repeated rows away; `EXISTS` stops at a client's first order and needs one index.",
        active_naive,
        active_shipped,
    ),
    Lab(
        "14-read-only-api",
        "How many clients `?status=NEW` finds. The naive count sees all of them; the shipped one stops past 5,000, "
        "and indexes answer it alone.",
        counted_naive,
        counted_shipped,
    ),
    Lab(
        "13-csv-export",
        "Every client with the number and the sum of their orders. The naive query joins first, groups what it has "
        "joined and sorts that, all before its first row; the shipped one takes the clients in their order from one "
        "index, looks up the orders of each in another that holds all it needs, and its first row is there at once.",
        export_naive,
        export_shipped,
        everywhere=False,
    ),
    Lab(
        "16-list-cache",
        "The ten rows of the list once more. From the cache, one query is left: whether the cache has been told of "
        "every change (`clients.caching.caught_up`). Its table is empty but for outages.",
        cached_naive,
        cached_shipped,
    ),
    Lab(
        "17-merge-clients",
        "The orders of one client go to another. Saved one by one, each order costs several queries; one `UPDATE` "
        "moves all of them, however many. The first client of a larger office has more orders, so both lines rise.",
        merged_naive,
        merged_shipped,
    ),
    Lab(
        "18-monthly-report",
        "The number and the sum of this month's orders. “The month is 11” is computed for each order of the year; "
        "from one moment to another is a piece of an index.",
        month_naive,
        month_shipped,
    ),
    Lab(
        "19-live-orders",
        "What is told of twenty new orders. The naive loop asks for the client of each order and then for their "
        "count; the shipped one asks twice, however many orders there are.",
        told_naive,
        told_shipped,
    ),
)
