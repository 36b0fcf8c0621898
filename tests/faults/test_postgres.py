"""PostgreSQL goes away, comes back, fills up and waits."""

import signal
import time

from tests.faults.office import LONG

GROUP = "PostgreSQL"
AWAY = 10 if LONG else 3


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
