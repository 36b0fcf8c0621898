"""The traps of the milestones as pairs of queries that answer the same: as most of us write it first, as it ships."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from clients.models import Client, Order


@dataclass(frozen=True)
class Lab:
    """`naive` and `shipped` ask the same question; `says` is what to see in the two plans."""

    page: str
    says: str
    naive: Callable[[], object]
    shipped: Callable[[], object]


def last_page_naive() -> object:
    return list(Client.objects.newest_first()[999_990:1_000_000])


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
    return min(found.count(), 10_001)


def counted_shipped() -> object:
    found = Client.objects.filter(Exists(Order.objects.filter(client=OuterRef("pk"), status="NEW")))
    return found[:10_001].count()


LABS = (
    Lab(
        "04-search-pagination",
        "The last of 100,000 pages. An `OFFSET` reads every row before it and throws it away; read from the other end, "
        "the same ten rows are the first.",
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
        "How many clients `?status=NEW` finds. The naive count sees all of them; the shipped one stops past 10,000, "
        "and indexes answer it alone.",
        counted_naive,
        counted_shipped,
    ),
)
