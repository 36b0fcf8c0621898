"""Milestone 13: the times in the file are UTC, as its Z says, wherever the office is."""

from datetime import UTC, datetime

import pytest
from model_bakery import baker

from clients.exports.rows import csv_rows
from clients.models import Client
from tests.middle.exported import URL, body, rows

# Summer time in Berlin, and already the next day there.
MOMENT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
TOLD = "2026-06-30T23:30:00Z"


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    Client.objects.update(created_at=MOMENT)
    return ada


def created(content: bytes) -> str:
    """The cell “Created” of the file's last line."""
    return rows(content)[-1][4]


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC"])
def test_times_are_in_utc_wherever_the_office_is(learner_client, ada, settings, zone):
    settings.TIME_ZONE = zone

    told = created(body(learner_client.get(URL)))
    assert told == TOLD, (
        f"With TIME_ZONE={zone} the file says that Ada was created at {told}; {TOLD} was expected: Z means UTC."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_rows_that_python_writes_are_in_utc_on_every_database(ada, settings, zone):
    settings.TIME_ZONE = zone
    assert created(b"".join(csv_rows(Client.objects.newest_first()))) == TOLD
