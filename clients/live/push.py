"""Telling the open pages of new orders, once they are committed.

A listener of clients/changes.py. Whatever happens here, the order exists already: nothing is raised and nothing takes
long. What a broken channel layer swallows reaches the pages a little later (clients/live/catchup.py).
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from clients.changes import Announcement
from clients.live.events import GROUP, new_order_frames, ready
from stages.features import is_active_for_everyone

logger = logging.getLogger(__name__)

# A layer that does not answer within this many seconds does not hold up the order any longer.
PATIENCE = 1.0


class Home:
    """The event loop on which this process's sockets live, if it has any."""

    loop: asyncio.AbstractEventLoop | None = None
    # A task that nothing refers to may be collected before it is done.
    tasks: set[asyncio.Task[None]] = set()


def announce(announcement: Announcement) -> None:
    """Pushes the new orders of a transaction, while the milestone is on for everyone."""
    if announcement.orders_created and is_active_for_everyone("live-orders"):
        push_orders(announcement.orders_created, bulk=announcement.bulk)


def push_orders(order_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Sends these orders to every open page. To be called after the commit."""
    events = ready(new_order_frames(order_ids, bulk=bulk))
    if events:
        send({"type": "order.created", "events": events})


def send(message: dict[str, Any], group: str = GROUP) -> None:
    """Hands the message to the group, from whichever thread.

    The in-memory layer reaches only receivers of the loop it is called on, so where this process has sockets, their
    loop does it. `async_to_sync` cannot be used where a loop is running: there it becomes a task of that loop.
    """
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        _send_and_wait(message, group)
        return
    task = running.create_task(_send(message, group))
    Home.tasks.add(task)
    task.add_done_callback(Home.tasks.discard)


def _send_and_wait(message: dict[str, Any], group: str) -> None:
    home = Home.loop
    if home is None or not home.is_running():
        async_to_sync(_send)(message, group)
        return
    try:
        asyncio.run_coroutine_threadsafe(_send(message, group), home).result(2 * PATIENCE)
    except TimeoutError:
        logger.warning("The sockets' event loop is busy; new orders reach the pages later.")


async def _send(message: dict[str, Any], group: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await get_channel_layer().group_send(group, message)
    except Exception as error:  # each layer has errors of its own, and none may undo an order
        logger.warning("New orders reach the pages later: %s (%s)", type(error).__name__, error)
