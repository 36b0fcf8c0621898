"""One worker at a time: a claim on a row, kept alive while the work lasts.

A task can reach two workers: Redis gives it out again when it was not acknowledged in time, and somebody may press the
button twice. The claim is taken by one UPDATE, so only one of them gets it, and a thread renews it. When the worker
dies nobody renews it any more, and after REPORT_LEASE seconds the next one may take the row over.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Generic, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.models.report import Claimable

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Claimable)


class BusyError(Exception):
    """Another worker is at it right now."""


class ClaimLostError(Exception):
    """The claim ran out in the meantime and another worker has taken the row over."""


class Claim(Generic[Row]):
    """This worker's claim on one row."""

    def __init__(self, row: Row) -> None:
        self.rows: QuerySet[Row] = type(row)._base_manager.filter(pk=row.pk)
        self.token = uuid4().hex

    def take(self) -> None:
        """Raises BusyError while somebody else's claim is good."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        if not self.rows.filter(free).update(claim=self.token, claimed_until=lease_end()):
            raise BusyError

    def renew(self) -> bool:
        """Whether the row was still ours."""
        return bool(self.rows.filter(claim=self.token).update(claimed_until=lease_end()))

    def locked_row(self) -> Row:
        """The row as it is now, locked until the transaction around this ends. Raises ClaimLostError."""
        row = self.rows.select_for_update().filter(claim=self.token).first()
        if row is None:
            raise ClaimLostError
        return row

    def release(self) -> None:
        """Lets the next one begin at once. Where the database is gone the claim runs out by itself."""
        with suppress(DatabaseError):
            self.rows.filter(claim=self.token).update(claim="", claimed_until=None)

    def keep(self, done: Event) -> None:
        """Renews the claim until `done`; the body of a thread, which has a database connection of its own."""
        try:
            while not done.wait(settings.REPORT_LEASE / 4) and self._renewed():
                pass
        finally:
            connection.close()

    def _renewed(self) -> bool:
        try:
            return self.renew()
        except DatabaseError:
            logger.exception("The claim %s could not be renewed; the next try comes soon", self.token)
            return True


def lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.REPORT_LEASE)


@contextmanager
def claimed(row: Row) -> Iterator[Claim[Row]]:
    """Holds the row for this worker while the block runs. Raises BusyError when another one has it."""
    claim = Claim(row)
    claim.take()
    done = Event()
    keeper = Thread(target=claim.keep, args=(done,), name=f"claim-{claim.token}", daemon=True)
    keeper.start()
    try:
        yield claim
    finally:
        done.set()
        keeper.join()
        claim.release()
