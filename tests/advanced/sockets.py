"""Sockets for tests, without a server: the whole ASGI application, spoken to as a browser would."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.test import Client as Browser

from mini_crm.asgi import application

PAGE = "http://testserver"


def asynchronous(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs an async test on a loop of its own; what it does by `sync_to_async` runs on the test's thread.

    So the ORM uses the test's own connection, and no running loop is left behind. Channels would close that connection
    after each use, in the midst of the test's transaction.
    """

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        with patch("channels.db.close_old_connections"):
            async_to_sync(test)(*args, **kwargs)

    return run


def socket_of(
    browser: Browser, *, origin: str | None = PAGE, host: str = "testserver", path: str = "/ws/orders/"
) -> WebsocketCommunicator:
    """A handshake with this browser's cookies, not yet made."""
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if browser.cookies:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        headers.append((b"cookie", cookies.encode()))
    return WebsocketCommunicator(application, path, headers=headers)


@asynccontextmanager
async def listening(browser: Browser, query: str = "") -> AsyncIterator[WebsocketCommunicator]:
    """An open socket; that it opens is asserted."""
    socket = socket_of(browser, path=f"/ws/orders/{query}")
    connected, code = await socket.connect()
    assert connected, f"the handshake was refused ({code})"
    try:
        yield socket
    finally:
        await socket.disconnect()


async def assert_handshake_refused(socket: WebsocketCommunicator) -> None:
    connected, _ = await socket.connect()
    if connected:
        await socket.disconnect()
    assert not connected, "the handshake was accepted"


async def frames_of(socket: WebsocketCommunicator, count: int) -> list[dict[str, Any]]:
    """So many frames, and no more than that."""
    frames = [await socket.receive_json_from(timeout=3) for _ in range(count)]
    assert await socket.receive_nothing(timeout=0.05), "more frames than expected"
    return frames
