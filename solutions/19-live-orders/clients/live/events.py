"""A plain solution of milestone 19, WebSocket (Channels)."""

from collections.abc import Iterable

from clients.models import Order


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
