"""A plain solution of milestone 19, WebSocket (Channels)."""

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from clients.live.events import GROUP


class OrdersConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        """Joins the group to which new orders are pushed, and opens the socket."""
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def order_created(self, message: dict[str, Any]) -> None:
        """A message of the group: `events`, each with the `text` that goes to the page."""
        for event in message["events"]:
            await self.send(text_data=event["text"])
