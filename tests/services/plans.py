"""How PostgreSQL means to answer a query: which indexes it goes by, and which tables it reads from end to end."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from clients.api.filters import ClientFilter
from clients.models import Client, Order
from clients.search.beside import after, before
from tests.sentences import listed

CLIENTS, ORDERS_EACH = 5_000, 4

# One order in eight is unfinished, and each client's four come one after the other, a minute apart.
ROWS = f"""
    INSERT INTO clients_client (name, email, phone, avatar, vip, created_at, updated_at)
    SELECT md5(n::text) || ' Limited', md5((n * 7)::text) || '@mail.com', '', '', false,
           '2026-01-01 00:00Z'::timestamptz + n * interval '1 minute', now()
    FROM generate_series(1, {CLIENTS}) n;

    INSERT INTO clients_order (client_id, title, amount, status, created_at)
    SELECT client.id, 'Order ' || n, n,
           CASE WHEN (client.id + n) % 8 = 0 THEN 'NEW' ELSE 'DONE' END, client.created_at + n * interval '1 minute'
    FROM clients_client client, generate_series(1, {ORDERS_EACH}) n;
"""


def fill() -> None:
    """A few thousand rows, and what the planner wants to know of them. VACUUM works outside of transactions only."""
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"
    empty()
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        cursor.execute("VACUUM (ANALYZE) clients_client, clients_order")


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE clients_client, clients_order RESTART IDENTITY CASCADE")


def steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan, the outermost first."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from steps_of(inner)


def plan_of(rows: QuerySet) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(rows.explain(format="json"))[0]["Plan"]
    return plan


def plan_of_sql(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT json) {sql}")
        plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
    return plan


def assert_answered_by(rows: QuerySet, *indexes: str) -> None:
    """PostgreSQL answers this from these indexes, and reads neither all clients nor all orders."""
    plan = plan_of(rows)
    used = sorted({step["Index Name"] for step in steps_of(plan) if "Index Name" in step})
    whole = sorted({step["Relation Name"] for step in steps_of(plan) if step["Node Type"] == "Seq Scan"})
    assert set(indexes) <= set(used) and not whole, (  # noqa: PT018  # one sentence says both
        f"PostgreSQL would answer this by {listed(used, 'no index')} and read {listed(whole, 'no table')} from end to "
        f"end; by {listed(indexes)} was expected, and no table from end to end. The query: {rows.query}"
    )


# What is asked, and the indexes that are there for it.
MEANT_AT_SCALE = {
    "a page of the list": (lambda: Client.objects.newest_first()[:11], ["client_newest_first"]),
    "the page after one that lies far behind": (
        lambda: after(Client.objects.newest_first(), Client.objects.newest_first()[2_500])[:11],
        ["client_newest_first"],
    ),
    "the page before one that lies far behind": (
        lambda: before(Client.objects.newest_first(), Client.objects.newest_first()[2_500])[:10],
        ["client_newest_first"],
    ),
    "a page of the active clients": (
        lambda: Client.objects.newest_first().active()[:11],
        ["order_unfinished_status", "client_newest_first"],
    ),
    # The count stops at its limit, which is a small part of the table as it is of a large one.
    "the number of clients with a new order": (
        lambda: ClientFilter({"status": "NEW"}).qs.order_by()[:101],
        ["order_unfinished_status"],
    ),
    "a search": (
        lambda: Client.objects.newest_first().search("LoveLace")[:11],
        ["client_name_trigrams", "client_email_trigrams"],
    ),
    "the totals of a page": (
        lambda: Client.objects.filter(pk__in=range(100, 110)).with_order_totals(),
        ["order_totals"],
    ),
    "a page of one client's orders": (
        lambda: Order.objects.filter(client=100).newest_first()[:21],
        ["order_client_newest"],
    ),
    "a page of everybody's orders": (lambda: Order.objects.newest_first()[:11], ["order_newest_first"]),
    "a page of the orders of one status": (
        lambda: Order.objects.filter(status="NEW").newest_first()[:11],
        ["order_status_newest"],
    ),
}
