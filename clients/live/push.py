"""Telling the open pages of new orders, once they are committed.

A listener of clients/changes.py. Whatever happens here, the order exists already: nothing is raised and nothing takes
long. What a broken channel layer swallows reaches the pages a little later (clients/live/reliable/catchup.py).
"""

from collections.abc import Iterable
from typing import Any

from channels.layers import get_channel_layer

from clients.changes import Announcement
from clients.live.events import GROUP, new_order_frames, serialized
from clients.live.reliable.sending import send_from_any_thread
from stages.features import is_active_for_everyone


def announce(announcement: Announcement) -> None:
    """Pushes the new orders of a transaction, while the milestone is on for everyone."""
    if announcement.orders_created and is_active_for_everyone("live-orders"):
        push_orders(announcement.orders_created, bulk=announcement.bulk)


def push_orders(order_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Sends these orders to every open page. To be called after the commit."""
    events = serialized(new_order_frames(order_ids, bulk=bulk))
    if events:
        send_from_any_thread(send_to_group, {"type": "order.created", "events": events})


async def send_to_group(message: dict[str, Any], group: str = GROUP) -> None:
    """Hands the message to every socket of the group; each gets it by the method that `type` names."""
    await get_channel_layer().group_send(group, message)
