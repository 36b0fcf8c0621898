"""The one announcement point for writes.

`changed` is called by the models' save and delete and by the QuerySets' bulk methods, and by nothing else. Once per
transaction, after it is committed, every callable of `settings.CHANGE_LISTENERS` gets one `Announcement`: the cached
list is forgotten, open pages are told of new orders, webhooks go out. A rolled-back transaction announces nothing.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announcement:
    """What one transaction changed. `bulk` says that the ids are a summary: many rows changed at once."""

    clients: frozenset[int]
    orders_created: tuple[int, ...]
    bulk: bool


class _Pending:
    """Collects the changes of one transaction; Django calls it once that is committed."""

    def __init__(self) -> None:
        self.clients: set[int] = set()
        self.orders: list[int] = []
        self.bulk = False
        self.savepoints = frozenset(transaction.get_connection().savepoint_ids)

    def add(self, clients: Iterable[int], orders: Iterable[int], *, bulk: bool) -> None:
        self.clients.update(clients)
        self.orders.extend(orders)
        self.bulk = self.bulk or bulk

    def __call__(self) -> None:
        announce(Announcement(frozenset(self.clients), tuple(self.orders), self.bulk))


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


def _pending_of_transaction() -> _Pending | None:
    """The collector already waiting in this very savepoint; another savepoint's could still be rolled back alone."""
    connection = transaction.get_connection()
    savepoints = frozenset(connection.savepoint_ids)
    waiting = (callback for _, callback, _ in reversed(connection.run_on_commit))
    for callback in waiting:
        if isinstance(callback, _Pending) and callback.savepoints == savepoints:
            return callback
    return None
