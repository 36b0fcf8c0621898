"""An open client list: it hears of new orders, and comes back as the page's script does when the line breaks."""

import json
import threading
from contextlib import suppress

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.faults.office import Office


class OpenPage:
    """While the block runs; `heard` has the titles of the orders, `lines` counts the sockets."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.heard: set[str] = set()  # the page knows an order that it is told of again, too
        self.lines = 0
        self._after: int | None = None
        self._open, self._end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "OpenPage":
        self._thread.start()
        assert self._open.wait(20), "no socket was opened"
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end.set()
        self._thread.join(20)

    def _listen(self) -> None:
        while not self._end.wait(0.2):
            with suppress(OSError, WebSocketException):
                self._hear_out()

    def _hear_out(self) -> None:
        """One socket, until it breaks off."""
        query = f"?after={self._after}" if self._after else ""
        cookie = {"Cookie": f"sessionid={self.office.sessions['learner']}"}
        address = f"ws://{self.office.sockets}/ws/orders/{query}"
        with connect(address, origin=self.office.url, additional_headers=cookie, proxy=None) as socket:
            self.lines += 1
            self._open.set()
            while not self._end.is_set():
                with suppress(TimeoutError):
                    self._note(json.loads(socket.recv(timeout=0.2)))

    def _note(self, frame: dict) -> None:
        assert frame["type"] == "order.created", frame
        self._after = max(self._after or 0, frame["id"])
        self.heard.add(frame["order"]["title"])
