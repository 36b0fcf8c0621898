"""PostgreSQL, but nobody waits for it without end.

`statement_timeout` is the server's own limit, and a server that is frozen keeps no limits. TCP does not help either:
the kernel of its machine goes on answering. So the connection itself waits only a little longer than the server may
take, then gives up and closes. Used where STATEMENT_TIMEOUT is set, as it is for whatever answers requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

# What the answer of a server that kept to its limit may need to get here.
GRACE = 5


class ImpatientConnection(psycopg.Connection[Any]):
    """Everything that waits for the server's answer goes through `wait`: statements, COPY, commits."""

    patience: float | None = None

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises OperationalError when the answer does not come; the connection is closed then."""
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, which opens the connections above."""

    # The module that Django calls `connect` of.
    Database = SimpleNamespace(**{**vars(psycopg), "connect": ImpatientConnection.connect})  # type: ignore[assignment]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.patience = settings.STATEMENT_TIMEOUT + GRACE
        return connection

    @contextmanager
    def statements_may_take(self, seconds: float) -> Iterator[None]:
        """A longer limit for the rest of the running transaction, for what is known to take long."""
        with self.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        connection: Any = self.connection
        connection.patience = seconds + GRACE
        try:
            yield
        finally:
            connection.patience = settings.STATEMENT_TIMEOUT + GRACE
