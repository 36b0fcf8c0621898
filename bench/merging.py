"""Merging a client with very many orders, beside the plain SQL of the same: `python -m bench.merging ROUNDS`.

Each round is rolled back, so that the database stays as it was.
"""

import json
import sys
import time
from collections.abc import Callable

import django
from django.db import connection, transaction

ORDERS = 100_000


def pair() -> tuple[int, int]:
    """A client to keep and one with very many orders, made by SQL in the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO clients_client (name, email, phone, avatar, vip, created_at, updated_at)
               VALUES ('Keep', 'bench-keep@bench.example', '', '', FALSE, now(), now()),
                      ('Merge', 'bench-merge@bench.example', '1', '', FALSE, now(), now()) RETURNING id"""
        )
        keep, merge = (row[0] for row in cursor.fetchall())
        cursor.execute(
            """INSERT INTO clients_order (client_id, title, amount, status, created_at)
               SELECT %s, 'Order ' || n, n, 'NEW', now() - n * interval '1 minute' FROM generate_series(1, %s) n""",
            [merge, ORDERS],
        )
    return keep, merge


def plain_sql(keep: int, merge: int) -> None:
    """What has to happen at the least."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM clients_client WHERE id IN (%s, %s) ORDER BY id FOR UPDATE", [keep, merge]
        )
        cursor.execute("UPDATE clients_order SET client_id = %s WHERE client_id = %s", [keep, merge])
        cursor.execute("UPDATE clients_client SET phone = '1' WHERE id = %s", [keep])
        cursor.execute("DELETE FROM clients_client WHERE id = %s", [merge])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def by_the_crm(keep: int, merge: int) -> None:
    from clients.merging.merge import merge_clients

    merge_clients(keep_id=keep, merge_id=merge, merged_by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def timed(merge_two: Callable[[int, int], None]) -> float:
    with transaction.atomic():
        keep, merge = pair()
        start = time.perf_counter()
        merge_two(keep, merge)
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken


if __name__ == "__main__":
    django.setup()
    rounds = [(timed(by_the_crm), timed(plain_sql)) for _ in range(int(sys.argv[1]))]
    print(json.dumps(list(zip(*rounds, strict=True))))
    # What was rolled back lies in the tables still, and the newest of everything would be looked for among it.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) clients_client, clients_order")
