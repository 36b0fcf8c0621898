"""Sockets for tests, without a server: the whole ASGI application, spoken to as a browser would."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client as Browser

from clients.models import Client, Order
from mini_crm.asgi import application

# One of ALLOWED_HOSTS as the settings have them. The test client's own name is added to that list for the tests only:
# what has read the list before does not know it, as Channels' own AllowedHostsOriginValidator.
HOST = "localhost"
PAGE = f"http://{HOST}"
# For tests whose orders really have to be committed. It is slower, so only for those.
commits = pytest.mark.django_db(transaction=True)


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
    browser: Browser, *, origin: str | None = PAGE, host: str = HOST, path: str = "/ws/orders/"
) -> WebsocketCommunicator:
    """A handshake with this browser's cookies and token, not yet made."""
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if browser.cookies:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        headers.append((b"cookie", cookies.encode()))
    if token := browser.defaults.get("HTTP_AUTHORIZATION"):
        headers.append((b"authorization", token.encode()))
    return WebsocketCommunicator(application, path, headers=headers)


@asynccontextmanager
async def listening(browser: Browser, query: str = "") -> AsyncIterator[WebsocketCommunicator]:
    """An open socket; that it opens is asserted."""
    socket = socket_of(browser, path=f"/ws/orders/{query}")
    connected, code = await socket.connect()
    assert connected, (
        f"The handshake of a user on our own page was refused ({code}); it was expected to be accepted."
    )
    try:
        yield socket
    finally:
        await socket.disconnect()


async def assert_handshake_refused(
    socket: WebsocketCommunicator, *, who: str = "Somebody who may not"
) -> None:
    connected, _ = await socket.connect()
    if connected:
        await socket.disconnect()
    assert not connected, f"{who} could open the socket; the handshake was expected to be refused."


async def frames_of(socket: WebsocketCommunicator, count: int) -> list[dict[str, Any]]:
    """So many frames, and no more than that."""
    frames: list[dict[str, Any]] = []
    try:
        while len(frames) < count:
            frames.append(await socket.receive_json_from(timeout=3))
    except TimeoutError:
        raise AssertionError(f"Within 3 seconds {len(frames)} of {count} expected frames came.") from None
    if not await socket.receive_nothing(timeout=0.05):
        more = await socket.receive_json_from()
        raise AssertionError(f"After {count} expected frames another one came: {more}.")
    return frames


@sync_to_async
def add_on_page(browser: Browser, client: Client, **fields: str) -> int:
    """An order as it is added on the client's page; its id."""
    answer = browser.post(
        f"/clients/{client.pk}/", {"title": "Chair", "amount": "12.50", "status": "NEW", **fields}
    )
    assert answer.status_code == 302
    return Order.objects.latest("pk").pk
