"""A door in front of a server that can be shut or frozen, so that nobody else's server has to be."""

import select
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Passes TCP on to a server, `target`, which may change while it runs.

    `frozen`: it accepts, as a stopped program's kernel does, and passes nothing on. `delay`: seconds for each piece.
    """

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.frozen = False
        self.delay = 0.0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def address(self, url: str) -> str:
        """The server's address with this door in its place."""
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self.port}"))

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.shut()

    def shut(self) -> None:
        """Connections break off and no new one is taken."""
        for held in (self._listener, *[side for pair in self._pairs for side in pair]):
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[inside], daemon=True).start()

    def _serve(self, inside: socket.socket) -> None:
        with ExitStack() as held, suppress(OSError, ValueError):
            held.callback(inside.close)
            outside = held.enter_context(closing(socket.create_connection(self.target)))
            self._pairs.append((inside, outside))
            self._pass_on(inside, outside)

    def _pass_on(self, inside: socket.socket, outside: socket.socket) -> None:
        other = {inside: outside, outside: inside}
        while True:
            ready, _, _ = select.select([] if self.frozen else list(other), [], [], 0.05)
            for side in ready if not self.frozen else []:
                data = side.recv(65_536)
                if not data:
                    return
                time.sleep(self.delay)
                other[side].sendall(data)
