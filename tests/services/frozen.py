"""A door in front of a server that can be shut or frozen, so that nobody else's server has to be."""

import select
import socket
import threading
from contextlib import closing, suppress
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Passes TCP on to a server. `frozen`: it accepts, as a stopped program's kernel does, and passes nothing on."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.frozen = False
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
        with closing(inside), closing(socket.create_connection(self.target)) as outside:
            self._pairs.append((inside, outside))
            try:
                self._pass_on(inside, outside)
            except (OSError, ValueError):
                return

    def _pass_on(self, inside: socket.socket, outside: socket.socket) -> None:
        other = {inside: outside, outside: inside}
        while True:
            ready, _, _ = select.select([] if self.frozen else list(other), [], [], 0.05)
            for side in ready if not self.frozen else []:
                data = side.recv(65_536)
                if not data:
                    return
                other[side].sendall(data)
