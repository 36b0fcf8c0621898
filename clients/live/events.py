"""What is told about new orders: the frames.

An order's id is also its event's id. Frames:

- `order.created`: one order, with its client's new count and total.
- `orders.created`: many at once, told in one frame. `id` is the last of them, `count` how many, `ids` the newest
  REPLAY_LIMIT of them, `clients` those whose figures changed (empty when there are more than REPLAY_LIMIT orders).
- `orders.missed`: too many to replay. Reload; `id` is the newest order.
"""

import json
from collections.abc import Iterable
from typing import Any, TypedDict

from django.db.models import Count, Sum

from clients.models import Client, Order

GROUP = "orders"
# More new orders than this in one transaction are told about in one frame.
SINGLY = 50
REPLAY_LIMIT = 500

Frame = dict[str, Any]


class Event(TypedDict):
    """A frame ready to be sent: its text, made once for all sockets, and the ids of the orders it tells of."""

    ids: list[int]
    text: str


def new_order_frames(order_ids: Iterable[int], *, bulk: bool = False) -> list[Frame]:
    """What one transaction tells: a frame for each order, or a single one for a bulk creation."""
    ids = sorted({pk for pk in order_ids if pk is not None})
    if bulk or len(ids) > SINGLY:
        ids = existing_orders(ids)
    if len(ids) > SINGLY or (bulk and len(ids) > 1):
        return [summary_frame(ids)]
    return order_frames(ids)


def existing_orders(ids: Iterable[int]) -> list[int]:
    """Those of these orders that are there, by id: what a savepoint rolled back is not (clients/changes.py)."""
    return list(Order.objects.filter(pk__in=list(ids)).order_by("pk").values_list("pk", flat=True))


def order_frames(ids: Iterable[int]) -> list[Frame]:
    """A frame for each of these orders that still exists, by id. Two queries, however many there are."""
    orders = list(Order.objects.filter(pk__in=list(ids)).order_by("pk"))
    clients = client_totals({order.client_id for order in orders})
    return [
        {
            "type": "order.created",
            "id": order.pk,
            "order": {
                "id": order.pk,
                "title": order.title,
                "amount": f"{order.amount:.2f}",
                "status": order.status,
            },
            "client": clients[order.client_id],
        }
        for order in orders
        if order.client_id in clients
    ]


def summary_frame(ids: list[int]) -> Frame:
    """One frame for many orders; `ids` are sorted."""
    newest = ids[-REPLAY_LIMIT:]
    concerned = Order.objects.filter(pk__in=newest).order_by().values_list("client_id", flat=True).distinct()
    clients = client_totals(concerned) if len(ids) <= REPLAY_LIMIT else {}
    return {
        "type": "orders.created",
        "id": ids[-1],
        "count": len(ids),
        "ids": newest,
        "clients": list(clients.values()),
    }


def client_totals(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Name, number of orders and their sum of these clients, in one grouped query."""
    clients = Client.objects.filter(pk__in=list(ids)).order_by("pk")
    figures = clients.annotate(count=Count("orders"), total=Sum("orders__amount"))
    return {
        pk: {"id": pk, "name": name, "orders_count": count, "orders_total": f"{total or 0:.2f}"}
        for pk, name, count, total in figures.values_list("pk", "name", "count", "total")
    }


def serialized(frames: Iterable[Frame]) -> list[Event]:
    """The frames as they go to the sockets."""
    return [{"ids": _ids_of(frame), "text": json.dumps(frame, ensure_ascii=False)} for frame in frames]


def _ids_of(frame: Frame) -> list[int]:
    """The orders a frame tells of; none for `orders.missed`, which is never a repetition."""
    if frame["type"] == "orders.missed":
        return []
    return list(frame.get("ids", [frame["id"]]))
