"""The one announcement point for writes.

`changed` is called by the models' save and delete and by the QuerySets' bulk methods, and by nothing else. Once per
transaction, after it is committed, every callable of `settings.CHANGE_LISTENERS` gets one `Announcement`: the cached
list is forgotten, open pages are told of new orders, webhooks go out. A rolled-back transaction announces nothing.
What an `atomic` block inside a transaction changes may be rolled back alone, so it is announced by itself.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announcement:
    """What one transaction changed. `bulk`: many rows at once, the ids are a summary and no order came singly."""

    clients: frozenset[int]
    orders_created: tuple[int, ...]
    bulk: bool


class _Pending:
    """Collects the changes of one transaction; Django calls it once that is committed."""

    def __init__(self) -> None:
        self.clients: set[int] = set()
        self.orders: list[int] = []
        self.bulk = self.orders_came_singly = False
        self.transaction = open_transaction()
        self.savepoints = open_savepoints()

    def add(self, clients: Iterable[int], orders: Iterable[int], *, bulk: bool) -> None:
        before = len(self.orders)
        self.clients.update(clients)
        self.orders.extend(orders)
        self.bulk = self.bulk or bulk
        self.orders_came_singly = self.orders_came_singly or (not bulk and len(self.orders) > before)

    def __call__(self) -> None:
        bulk = self.bulk and not self.orders_came_singly
        announce(Announcement(frozenset(self.clients), tuple(self.orders), bulk))


class _Write:
    """A write under way, and what is to be noted once it has succeeded."""

    def __init__(self, savepoints: frozenset[str]) -> None:
        self.savepoints = savepoints
        self.notes: list[Callable[[], None]] = []

    def tell(self) -> None:
        for note in self.notes:
            note()


_around: ContextVar[_Write | None] = ContextVar("clients_write_around", default=None)


@contextmanager
def announcing(note: Callable[[], None]) -> Iterator[None]:
    """Around one write, all or nothing; `note` calls `changed` once the write has succeeded.

    Where the write is part of a larger transaction it has a savepoint of its own. That is closed by then, so that what
    is noted is one with the other changes of the transaction. A write that a signal makes inside another write waits
    for that one's savepoint to close too.
    """
    is_part = open_transaction() is not None
    outer = _around.get()
    with transaction.atomic():
        inner = _Write(open_savepoints())
        token = _around.set(inner)
        try:
            yield
        finally:
            _around.reset(token)
        inner.notes.append(note)
        if not is_part:
            inner.tell()
    if outer is not None and outer.savepoints == open_savepoints():
        outer.notes += inner.notes
    elif is_part:
        inner.tell()


def changed(*, clients: Iterable[int] = (), orders_created: Iterable[int] = (), bulk: bool = False) -> None:
    """Notes that these clients (their row or their orders) changed and these orders are new."""
    pending = _pending_of_transaction()
    if pending is not None:
        pending.add(clients, orders_created, bulk=bulk)
        return
    pending = _Pending()
    pending.add(clients, orders_created, bulk=bulk)
    transaction.on_commit(pending)


def announce(announcement: Announcement) -> None:
    """Hands it to every listener. The write is committed by now: a failing listener is logged, never raised."""
    for path in settings.CHANGE_LISTENERS:
        try:
            import_string(path)(announcement)
        except Exception:
            logger.exception("%s failed for %s", path, announcement)


def open_transaction() -> object | None:
    """What stands for the running transaction; the one that Django's TestCase puts around a test is none."""
    blocks: list[Any] = transaction.get_connection().atomic_blocks
    return next((block for block in blocks if not block._from_testcase), None)


def open_savepoints() -> frozenset[str]:
    return frozenset(filter(None, transaction.get_connection().savepoint_ids))


def _pending_of_transaction() -> _Pending | None:
    """The collector that already waits and can only be rolled back together with what is noted now."""
    running, savepoints = open_transaction(), open_savepoints()
    for _, callback, _ in reversed(transaction.get_connection().run_on_commit):
        # A savepoint that is closed by now cannot be rolled back alone any more.
        together = isinstance(callback, _Pending) and callback.savepoints & savepoints == savepoints
        if together and callback.transaction is running is not None:
            return callback
    return None
