"""Sending to the channel layer from wherever an order is saved, without holding it up.

The in-memory layer reaches only receivers of the loop it is called on, so where this process has sockets, their loop
does it. `async_to_sync` cannot be used where a loop is running: there sending becomes a task of that loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

# A layer that does not answer within this many seconds does not hold up the order any longer.
PATIENCE = 1.0

Send = Callable[..., Awaitable[None]]


class SocketsLoop:
    """The event loop on which this process's sockets live, if it has any."""

    loop: asyncio.AbstractEventLoop | None = None
    # A task that nothing refers to may be collected before it is done.
    tasks: set[asyncio.Task[None]] = set()


def send_from_any_thread(send: Send, *arguments: Any) -> None:
    """Calls `send` with these arguments on the loop that reaches the sockets."""
    patiently = partial(_patiently, send, *arguments)
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        _send_and_wait(patiently)
        return
    task = running.create_task(patiently())
    SocketsLoop.tasks.add(task)
    task.add_done_callback(SocketsLoop.tasks.discard)


async def send_to_layer(message: dict[str, Any], group: str) -> None:
    """For what is no order: a logout, an account or a switch that changed."""
    await get_channel_layer().group_send(group, message)


def _send_and_wait(patiently: Callable[[], Any]) -> None:
    loop = SocketsLoop.loop
    if loop is None or not loop.is_running():
        async_to_sync(patiently)()
        return
    try:
        asyncio.run_coroutine_threadsafe(patiently(), loop).result(2 * PATIENCE)
    except TimeoutError:
        logger.warning("The sockets' event loop is busy; new orders reach the pages later.")


async def _patiently(send: Send, *arguments: Any) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await send(*arguments)
    except Exception as error:  # each layer has errors of its own, and none may undo an order
        logger.warning("New orders reach the pages later: %s (%s)", type(error).__name__, error)
