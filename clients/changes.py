"""The one announcement point for writes.

`changed` is called by the models' save and delete and by the QuerySets' bulk methods, inside the transaction of the
write, and by nothing else. Each write is handed at once to every callable of `settings.CHANGE_RECORDERS`: what these
store is committed with the write or not at all, so a webhook is never lost. Once the transaction is committed, every
callable of `settings.CHANGE_LISTENERS` gets one `Announcement` for all of it, however many rows were saved: the cached
list is forgotten, open pages are told about new orders. A transaction that is rolled back announces nothing.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announcement:
    """What one write changed (for a recorder), or one transaction (for a listener).

    `orders_created`: the ids of its new orders. One whose savepoint was rolled back may be among them, so a listener
    looks for the orders themselves (`live.events.new_order_frames`). `bulk`: many rows at once, no order came singly.
    """

    orders_created: tuple[int, ...] = ()
    bulk: bool = False


@dataclass(frozen=True, eq=False)
class _Note:
    """What one write changed."""

    orders_created: tuple[int, ...]
    bulk: bool


class _Waiting(threading.local):
    """The notes of this thread, and so of its database connection, that are not announced yet; in order."""

    def __init__(self) -> None:
        self.notes: list[_Note] = []


_waiting = _Waiting()


def changed(*, orders_created: Iterable[int] = (), bulk: bool = False) -> None:
    """Notes that a client or an order was written and that these orders are new.

    A recorder that fails raises and so undoes the write, which would otherwise be stored without what belongs to it.
    """
    note = _Note(tuple(orders_created), bulk)
    for path in settings.CHANGE_RECORDERS:
        import_string(path)(Announcement(note.orders_created, bulk=bulk))
    _waiting.notes.append(note)
    transaction.on_commit(partial(_committed, note), robust=True)


def _committed(note: _Note) -> None:
    """Announces this note and everything noted after it, in one.

    Django calls this for the notes of a transaction in their order and leaves out those that were rolled back. So what
    stands before the first one was rolled back, and what stands after it belongs to the same transaction.
    """
    notes = _waiting.notes
    if note not in notes:
        return
    together, _waiting.notes = notes[notes.index(note) :], []
    orders = dict.fromkeys(pk for one in together for pk in one.orders_created)
    singly = any(one.orders_created and not one.bulk for one in together)
    announce(Announcement(tuple(orders), bulk=not singly and any(one.bulk for one in together)))


def announce(announcement: Announcement) -> None:
    """Hands it to every listener. The write is committed by now: a failing listener is logged, never raised."""
    for path in settings.CHANGE_LISTENERS:
        try:
            import_string(path)(announcement)
        except Exception:
            logger.exception("%s failed for %s", path, announcement)
