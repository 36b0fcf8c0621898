"""Puts demo clients and orders into an empty database: all of them or, if anything fails, none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from types import ModuleType
from typing import Final

from django.db import connection, transaction

from clients.avatars.files import delete_files
from clients.demo import orders, people, pictures, postgres, sqlite
from clients.demo.progress import Advance, Steps
from clients.demo.timeline import Timeline
from clients.models import Client, Order

BATCH: Final = 10_000
CLIENTS: Final = Client._meta.db_table
ORDERS: Final = Order._meta.db_table


@dataclass(frozen=True)
class Plan:
    """What is asked for. The same plan always gives the same rows, but for ids where some were given out before."""

    clients: int
    orders: int
    seed: int
    until: date


def load(plan: Plan, steps: Steps) -> bool:
    """Whether anything was loaded: where there is a client already, everything is left as it is."""
    database = postgres if connection.vendor == "postgresql" else sqlite
    names = pictures.picture_names(plan.clients, plan.seed)
    drawn: list[str] = []
    try:
        with transaction.atomic():
            database.wait_for_others()
            if Client.objects.exists():
                return False
            with database.set_aside([CLIENTS, ORDERS], plan.clients + plan.orders, steps):
                insert_rows(plan, names, steps, database)
            drawn = pictures.missing(names.values())
            pictures.store(drawn)
            Client.objects.announce_bulk()
    except BaseException:
        delete_files(drawn)
        raise
    database.settle([CLIENTS, ORDERS])
    return True


def insert_rows(plan: Plan, names: dict[int, str], steps: Steps, database: ModuleType) -> None:
    timeline = Timeline(plan.until)
    first_client = database.reserved_ids(CLIENTS, plan.clients)
    first_order = database.reserved_ids(ORDERS, plan.orders)
    clients_ = people.client_rows(
        plan.clients, seed=plan.seed, timeline=timeline, first_id=first_client, pictures=names
    )
    orders_ = orders.order_rows(
        plan.orders,
        clients=plan.clients,
        seed=plan.seed,
        timeline=timeline,
        first_id=first_order,
        first_client_id=first_client,
    )
    with steps("Clients", plan.clients) as advance:
        database.insert(CLIENTS, people.COLUMNS, batched(clients_, advance))
    with steps("Orders", plan.orders) as advance:
        database.insert(ORDERS, orders.COLUMNS, batched(orders_, advance))


def batched(rows: Iterable[tuple[str, ...]], advance: Advance) -> Iterator[list[tuple[str, ...]]]:
    """BATCH rows at a time, so that memory stays flat however many there are."""
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch
        advance(len(batch))
