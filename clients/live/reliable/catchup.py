"""The safety net under the channel layer.

A push can get lost: Redis restarts, or another process created the order while the layer lives in this one's memory.
Every few seconds each process that has sockets asks the database whether there is an order it has not told about.
That is two or three small queries, however many sockets there are.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from clients.live.events import Event, order_frames, serialized
from clients.live.reliable.missed import missed_frames, missed_ids, newest_id, overlapping_ids
from clients.live.reliable.seen import SentOrders
from stages.features import is_active_for_everyone

logger = logging.getLogger(__name__)

INTERVAL = 10.0


class Socket(Protocol):
    """What a consumer has to offer."""

    async def tell(self, events: Iterable[Event]) -> None: ...


class CatchUp:
    """The watch of one event loop; it runs while there are sockets."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.newest = 0
        self.seen = SentOrders()
        self._watch: asyncio.Task[None] | None = None

    async def join(self, socket: Socket) -> None:
        """To be awaited before the socket's own replay, so that nothing falls between the two."""
        if not self.sockets:
            self.note(await database_sync_to_async(known_ids)())
        self.sockets.add(socket)
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_on())

    def leave(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        if self._watch is not None and not self.sockets:
            self._watch.cancel()
            self._watch = None

    def note(self, ids: Iterable[int]) -> None:
        """These were told by the layer."""
        told = list(ids)
        self.seen.add(told)
        self.newest = max([self.newest, *told])

    async def _watch_on(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.look()
            except Exception as error:  # the database is away: next time
                logger.warning("Cannot look for new orders: %s", error)

    async def look(self) -> None:
        """Tells every socket of the orders that nobody told them of."""
        events, ids = await database_sync_to_async(self._untold)()
        self.note(ids)
        for socket in list(self.sockets) if events else []:
            try:
                await socket.tell(events)
            except Exception:  # it has just gone, which must not keep the others waiting
                self.leave(socket)

    def _untold(self) -> tuple[list[Event], list[int]]:
        """What to tell, and the ids that are known with it."""
        if not is_active_for_everyone("live-orders"):
            return [], []
        ids = missed_ids(self.newest)
        if ids is None:
            return serialized(missed_frames(self.newest)), known_ids()
        frames = order_frames([pk for pk in ids if pk not in self.seen])
        return serialized(frames), [frame["id"] for frame in frames]


def known_ids() -> list[int]:
    """The newest order, and those around it that are visible already."""
    newest = newest_id()
    return [newest, *overlapping_ids(newest)]


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, CatchUp] = WeakKeyDictionary()


def catch_up() -> CatchUp:
    """The watch of the running event loop."""
    return _watches.setdefault(asyncio.get_running_loop(), CatchUp())
