"""The CRM on daphne, in a thread of this very process: it shares the database, the cache and the channel layer.

A server in a process of its own would not see what a test changes in memory. The port is picked by the system.
"""

import threading
from contextlib import suppress

# daphne installs the asyncio reactor when it is imported, so it comes before anything else of Twisted.
from daphne.server import Server as Daphne  # isort: skip
from twisted.internet import reactor, tcp
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.threads import blockingCallFromThread

HOST = "127.0.0.1"


class Server:
    """Serves while the block runs. `go()` and `come_back()` are the power cut in between.

    A reactor runs once in the life of a process, so there is one server for all tests.
    """

    def __init__(self, application) -> None:
        self._ready = threading.Event()
        self._daphne = Daphne(
            application,
            endpoints=[f"tcp:port=0:interface={HOST}"],
            signal_handlers=False,
            verbosity=0,
            ready_callable=lambda: reactor.callWhenRunning(self._ready.set),
        )
        self._thread = threading.Thread(target=self._daphne.run, name="daphne", daemon=True)
        self._listener = None

    def __enter__(self) -> "Server":
        self._thread.start()
        assert self._ready.wait(20), "daphne did not start"
        # daphne keeps only the port's address.
        self._listener = next(reader for reader in reactor.getReaders() if isinstance(reader, tcp.Port))
        self.port = self._listener.getHost().port
        return self

    def __exit__(self, *exc_info: object) -> None:
        reactor.callFromThread(reactor.stop)
        self._thread.join(20)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def go(self) -> None:
        """Nobody listens any more, and every connection is cut without a word."""
        blockingCallFromThread(reactor, self._listener.stopListening)
        blockingCallFromThread(reactor, cut_connections)

    def come_back(self) -> None:
        endpoint = TCP4ServerEndpoint(reactor, self.port, interface=HOST)
        self._listener = blockingCallFromThread(reactor, endpoint.listen, self._daphne.http_factory)


def cut_connections() -> None:
    for connection in reactor.getReaders():
        if isinstance(connection, tcp.Server):
            with suppress(OSError):
                connection.abortConnection()
