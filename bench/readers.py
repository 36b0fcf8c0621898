"""Many connections that only listen: `python -m bench.readers socket|redis PORT NUMBER COOKIE|CHANNEL`.

Both kinds are read the same way and as cheaply as Python can, so that what differs is the sender. Writes "ready" when
all are connected, then one line of JSON for each event: the moment at which each connection had it.
"""

import asyncio
import base64
import contextlib
import json
import os
import sys
import time

EVENT = b"order.created"


class Reader(asyncio.Protocol):
    """Sends a greeting, and reports the answer to it and then each event."""

    def __init__(self, greeting: bytes, board: "Board") -> None:
        self.greeting, self.board, self.greeted = greeting, board, False

    def connection_made(self, transport: asyncio.Transport) -> None:
        transport.write(self.greeting)

    def data_received(self, data: bytes) -> None:
        if not self.greeted:
            self.greeted = True
            self.board.greeted(data)
        elif EVENT in data:
            self.board.heard(time.monotonic())

    def connection_lost(self, error: Exception | None) -> None:
        sys.exit(f"a connection was lost: {error}")


class Board:
    """Counts until everybody has reported."""

    def __init__(self, number: int, welcome: bytes) -> None:
        self.number, self.welcome = number, welcome
        self.moments: list[float] = []
        self.ready = asyncio.Semaphore(0)

    def greeted(self, data: bytes) -> None:
        if not data.startswith(self.welcome):
            sys.exit(f"not welcome: {data[:200]!r}")
        self.ready.release()

    def heard(self, moment: float) -> None:
        self.moments.append(moment)
        if len(self.moments) == self.number:
            print(json.dumps(self.moments), flush=True)
            self.moments = []


def handshake(port: int, cookie: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /ws/orders/ HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
        f"Cookie: {cookie}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


async def main(kind: str, port: int, number: int, extra: str) -> None:
    board = Board(number, b"HTTP/1.1 101 " if kind == "socket" else b"*3\r\n$9\r\nsubscribe")
    loop = asyncio.get_running_loop()
    for _ in range(number):
        greeting = handshake(port, extra) if kind == "socket" else f"SUBSCRIBE {extra}\r\n".encode()
        await loop.create_connection(lambda greeting=greeting: Reader(greeting, board), "127.0.0.1", port)
        await board.ready.acquire()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
