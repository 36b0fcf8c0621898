"""A plain solution of milestone 19, WebSocket (Channels)."""

from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from clients.live.events import GROUP, order_frames, serialized


def push_orders(order_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Sends these orders to every open page. To be called after the commit."""
    events = serialized(order_frames(order_ids))
    async_to_sync(send_to_group)({"type": "order.created", "events": events})


async def send_to_group(message: dict[str, Any], group: str = GROUP) -> None:
    """Hands the message to every socket of the group; each gets it by the method that `type` names."""
    await get_channel_layer().group_send(group, message)
