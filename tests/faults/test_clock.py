"""The clock of the CRM's programs is set forward and back; PostgreSQL's and Redis's stay as they are."""

import time
from pathlib import Path

import pytest

from tests.faults.office import LONG, Office
from tests.faults.rows import PATIENCE, fault
from tests.faults.servers import FAKETIME
from tests.services.support import wait_until

GROUP = "The clock"
AWAY = 30 if LONG else 2


@pytest.fixture(scope="module")
def moved(folder):
    """An office of its own, for whose programs it is as late as `set_clock` says."""
    place = folder()
    (place / "clock").write_text("+0")
    faked = {
        "LD_PRELOAD": FAKETIME,
        "PYTHONPATH": Path(__file__).with_name("clock"),
        "FAKETIME_TIMESTAMP_FILE": place / "clock",
        "FAKETIME_CACHE_DURATION": 1,
        "FAKETIME_DONT_FAKE_MONOTONIC": 1,
    }
    with Office(place, **faked) as office:
        yield office


def set_clock(office: Office, offset: str) -> None:
    (office.folder / "clock").write_text(offset)
    time.sleep(2)  # each program reads it once a second


def sweeps(office: Office) -> int:
    return sum(log.count("Sending due task webhooks-overdue") for log in office.logs("beat"))


@pytest.mark.parametrize("offset, told", [("+1h", "ahead"), ("-1h", "behind")])
def test_an_hour(moved, book, offset, told):
    with fault(moved, book, GROUP, f"The clock is an hour {told} for {AWAY} s, then it is set right"):
        moved.ask_for_report()
        set_clock(moved, offset)
        time.sleep(AWAY)
        set_clock(moved, "+0")
        before = sweeps(moved)
    wait_until(lambda: sweeps(moved) > before, seconds=PATIENCE, what="beat sends what is due")
