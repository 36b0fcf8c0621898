"""Demo orders: as many rows as asked for, one at a time, the same for the same seed."""

from collections.abc import Iterator
from random import Random
from typing import Final

from clients.demo.timeline import CLIENT_DAYS, ORDER_DAYS, Timeline
from clients.demo.words import DETAILS, GOODS

COLUMNS: Final = ("id", "client_id", "title", "amount", "status", "created_at")
# Business grows a little: the exponent below 1 puts more orders into later months.
GROWTH: Final = 0.8
RECENT_DAYS: Final = 60
# A hundred draws each: what has been around for two months is mostly done.
OLD_STATUSES: Final = ("DONE",) * 96 + ("IN_PROGRESS",) * 3 + ("NEW",)
RECENT_STATUSES: Final = ("DONE",) * 40 + ("IN_PROGRESS",) * 35 + ("NEW",) * 25


def order_rows(
    count: int, *, clients: int, seed: int, timeline: Timeline, first_id: int, first_client_id: int
) -> Iterator[tuple[str, ...]]:
    """One row of COLUMNS an order, as text, oldest first. No order is older than its client."""
    chance = Random(f"orders {seed}")
    draw, at = chance.random, timeline.at
    goods = [(name + detail, price) for name, price in GOODS for detail in DETAILS]
    # 1,000 ready-made factors around 1: drawing a lognormal number takes longer than all the rest of a row.
    factors = [100 * chance.lognormvariate(0, 0.5) for _ in range(1000)]
    for number in range(count):
        day = CLIENT_DAYS - ORDER_DAYS * (1 - ((number + draw()) / count) ** GROWTH)
        client = buyer(day, clients, draw(), draw())
        title, price = goods[int(draw() * len(goods))]
        cents = int(price * factors[int(draw() * 1000)])
        statuses = OLD_STATUSES if day < CLIENT_DAYS - RECENT_DAYS else RECENT_STATUSES
        amount = f"{cents // 100}.{cents % 100:02}"
        yield (
            str(first_id + number), str(first_client_id + client), title, amount, statuses[int(draw() * 100)], at(day)
        )  # fmt: skip


def buyer(day: float, clients: int, kind: float, luck: float) -> int:
    """Which client orders on that day, by two random numbers from 0 to 1: somebody who is there by then.

    Half of the orders come from new clients, half from all, the oldest most of all. One client in ten never orders.
    """
    known = max(1, int(day / CLIENT_DAYS * clients))
    client = known - 1 - int(known * luck**4) if kind < 0.5 else int(known * luck**1.5)
    return client - 1 if client % 10 == 7 else client
