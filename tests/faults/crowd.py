"""Clients that are slow: plain sockets, hundreds of them on one thread, that send or read a byte now and then."""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.faults.office import Office

BYTE_EVERY = 0.5


@contextmanager
def crowd(office: Office, number: int) -> Iterator[list[socket.socket]]:
    """That many connections to the proxy."""
    with ExitStack() as held:
        address = ("127.0.0.1", office.proxy.port)
        yield [held.enter_context(socket.create_connection(address, 10)) for _ in range(number)]


def send_slowly(sockets: list[socket.socket], begin: bytes, drop: bytes, seconds: float) -> None:
    """Each sends `begin` and then `drop` again and again. Those that the server closes are left alone."""
    for one in sockets:
        one.sendall(begin)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(BYTE_EVERY)
        for one in sockets:
            with suppress(OSError):
                one.sendall(drop)


def read_slowly(sockets: list[socket.socket], request: bytes, seconds: float) -> None:
    """Each asks and then reads a byte now and then."""
    selector = selectors.DefaultSelector()
    for one in sockets:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.sendall(request)
        selector.register(one, selectors.EVENT_READ)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(BYTE_EVERY)
        for key, _ in selector.select(0):
            with suppress(OSError):
                key.fileobj.recv(1)
    selector.close()
