"""Milestone 18, beyond: the machine of Celery's beat was an hour ahead, and its clock is set right."""

from datetime import timedelta

import pytest

from mini_crm.celery import app
from mini_crm.scheduler import Scheduler

EVERY = timedelta(seconds=60)


@pytest.fixture
def beat(tmp_path, monkeypatch):
    """A scheduler with one task a minute, which is sent nowhere but to `beat.sent`."""
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.schedule.clear()
    scheduler.add(name="minutely", task="any.task", schedule=EVERY)
    scheduler.sent = []
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **options: scheduler.sent.append(entry.name))
    yield scheduler
    scheduler.close()


@pytest.mark.beyond("outages")
@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(hours=1)])
def test_a_minute_after_the_clock_is_set_back_the_task_is_sent(beat, time_machine, wrong):
    time_machine.move_to("2026-05-04T10:00:00Z", tick=False)
    beat.tick()
    time_machine.shift(wrong + EVERY)
    beat.tick()
    assert beat.sent == ["minutely"]

    time_machine.shift(-wrong)
    assert 0 < beat.tick() <= EVERY.total_seconds()
    time_machine.shift(EVERY)
    beat.tick()
    assert beat.sent == ["minutely", "minutely"]
