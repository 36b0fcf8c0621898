"""PostgreSQL goes away, comes back, fills up and waits."""

import signal
import time

import pytest

from tests.faults.office import LONG
from tests.faults.rows import UntoldError

GROUP = "PostgreSQL"
AWAY = 10 if LONG else 3
# Found by these rows and still to be mended: the order is committed first, its deliveries afterwards, by themselves.
untold = pytest.mark.xfail(
    raises=UntoldError, reason="a webhook is lost when PostgreSQL goes away between an order and its delivery"
)


@untold
def test_stopped(office, happens):
    with happens(f"PostgreSQL is stopped for {AWAY} s"):
        office.postgres.stop()
        time.sleep(AWAY)
        office.postgres.start()


@untold
def test_restarted(office, happens):
    with happens("PostgreSQL is restarted"):
        office.postgres.stop()
        office.postgres.start()


@untold
def test_killed(office, happens):
    with happens("PostgreSQL and all its processes are killed, and started again"):
        office.postgres.stop(signal.SIGKILL)
        office.postgres.start()
