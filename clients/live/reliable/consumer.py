"""The socket of the client list, with what an office needs besides: nothing missed, nothing twice, nobody else."""

import asyncio
import random
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async

from clients.live.consumers import OrdersConsumer
from clients.live.events import Event, serialized
from clients.live.reliable.catchup import catch_up
from clients.live.reliable.door import door, pass_of
from clients.live.reliable.leaving import digest, group_of
from clients.live.reliable.missed import missed_frames
from clients.live.reliable.seen import SentOrders
from clients.live.reliable.sending import SocketsLoop
from stages.features import is_active_for_user

# Every socket is closed after about this many seconds. The page comes back at once, but only when its user may
# still see orders. Users who may not any more are disconnected long before that (clients/live/reliable/door.py).
LIFETIME = 15 * 60
SERVICE_RESTART = 1012
POLICY_VIOLATION = 1008


class ReliableOrdersConsumer(OrdersConsumer):
    """Tells a page of every new order once; what the page says is ignored.

    `?after=<id>` first replays what came after that order. The group is joined before the replay is read, and group
    messages wait until `connect` is done: nothing falls between the two, and what is in both is told once.
    """

    async def connect(self) -> None:
        if not await may_listen(self.scope["user"]):
            await self.close()
            return
        self.told = SentOrders()
        await super().connect()
        await self.replay()

    async def accept(self, *args: Any, **kwargs: Any) -> None:
        """Not before everybody knows this socket who has to look after it."""
        SocketsLoop.loop = asyncio.get_running_loop()
        await self.channel_layer.group_add(group_of(self.scope["user"].pk), self.channel_name)
        door().join(self, pass_of(self.scope))
        await catch_up().join(self)
        await super().accept(*args, **kwargs)
        lifetime = LIFETIME * random.uniform(0.8, 1.2)  # noqa: S311  # no secret
        self.expiry = SocketsLoop.loop.call_later(lifetime, self.expire)

    async def replay(self) -> None:
        """Tells what came after the order that the page names in `?after=`."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1"), keep_blank_values=True).get("after")
        if asked:
            frames = await database_sync_to_async(missed_frames)(order_id(asked[-1]))
            await self.tell(serialized(frames))

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels tidies up database connections before each message, which is a trip to another thread.

        For a push that would be one trip for each open page, and no push needs the database.
        """
        if message["type"] == "order.created":
            await self.order_created(message)
        else:
            await super().dispatch(message)

    async def order_created(self, message: dict[str, Any]) -> None:
        for event in message["events"]:
            catch_up().note(event["ids"])
        await self.tell(message["events"])

    async def tell(self, events: Iterable[Event]) -> None:
        """Sends what this socket has not been told about yet."""
        for event in events:
            if not self.told.covers(event["ids"]):
                self.told.add(event["ids"])
                await super().order_created({"events": [event]})

    async def session_ended(self, message: dict[str, Any]) -> None:
        """Somebody logged out; other browsers of the same account stay."""
        if message["session"] == digest(self.scope["session"].session_key):
            await self.turn_out()

    async def access_changed(self, message: dict[str, Any]) -> None:
        """The person who may listen no longer is turned out. What comes after this message waits for the answer."""
        await door().look()

    async def turn_out(self) -> None:
        await self.close(code=POLICY_VIOLATION)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Pages have nothing to say here."""

    async def disconnect(self, code: int) -> None:
        catch_up().leave(self)
        door().leave(self)
        if expiry := getattr(self, "expiry", None):
            expiry.cancel()
        with suppress(Exception):  # a layer that is down has forgotten this socket anyway
            await super().disconnect(code)
            await self.channel_layer.group_discard(group_of(self.scope["user"].pk), self.channel_name)

    def expire(self) -> None:
        """The page reconnects after this code as after any other."""
        self.closing = asyncio.ensure_future(self.close(code=SERVICE_RESTART))


@database_sync_to_async
def may_listen(user: Any) -> bool:
    """The person who is logged in, while the milestone is on for them."""
    return user.is_authenticated and is_active_for_user("live-orders", user)


def order_id(text: str) -> int | None:
    """The id in `?after=`; None for what cannot be one."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
