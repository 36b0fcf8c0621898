"""PostgreSQL goes away, comes back, fills up and waits."""

import signal
import time
from contextlib import ExitStack

import psycopg

from tests.faults.office import LONG
from tests.services.support import free_port

GROUP = "PostgreSQL"
AWAY = 10 if LONG else 3
HELD = 60 if LONG else 5  # longer than STATEMENT_TIMEOUT


def test_stopped(office, happens):
    with happens(f"PostgreSQL is stopped for {AWAY} s"):
        office.postgres.stop()
        time.sleep(AWAY)
        office.postgres.start()


def test_restarted(office, happens):
    with happens("PostgreSQL is restarted"):
        office.postgres.stop()
        office.postgres.start()


def test_killed(office, happens):
    with happens("PostgreSQL and all its processes are killed, and started again"):
        office.postgres.stop(signal.SIGKILL)
        office.postgres.start()


def test_failing_over(office, happens):
    with happens("PostgreSQL is killed and comes back at another address"):
        office.postgres.stop(signal.SIGKILL)
        office.postgres.port = free_port()
        office.postgres.start()
        office.postgres_door.target = ("127.0.0.1", office.postgres.port)


def test_frozen(office, happens):
    with happens(f"PostgreSQL takes connections and answers nothing for {AWAY} s"):
        office.postgres_door.frozen = True
        time.sleep(AWAY)
        office.postgres_door.frozen = False


def test_connections_exhausted(office, happens):
    with happens(f"All connections of PostgreSQL are taken for {HELD} s"), ExitStack() as held:
        deadline = time.monotonic() + HELD
        while time.monotonic() < deadline:
            try:
                held.enter_context(office.postgres.connect())
            except psycopg.OperationalError:  # too many: whatever becomes free is taken at once
                time.sleep(0.02)


def test_locked(office, happens):
    with happens(f"Somebody locks the table of orders for {HELD} s"), office.orders_locked():
        time.sleep(HELD)
