"""Milestone 18 after the queue was lost: what nobody is going to take up is found by its row."""

from datetime import date, timedelta

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core import mail
from model_bakery import baker

from clients.models import MonthlyReport, ReportDelivery
from clients.reports import making, tasks
from clients.reports.claims import Claim
from clients.reports.overdue import OVERDUE
from tests.advanced.reports import BOSS, OCTOBER

pytest_plugins = ["tests.advanced.report_fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_recipient")]
SEPTEMBER = date(2026, 9, 1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def asked(november, milestones) -> MonthlyReport:
    """A report whose task is in the queue."""
    return baker.make(MonthlyReport, month=OCTOBER)


@pytest.fixture
def queued(monkeypatch) -> list[tuple[str, int, dict]]:
    """What is put in the queue and never taken out: the task, the row's id, the options."""
    found: list[tuple[str, int, dict]] = []
    for name in ("send_monthly_report", "deliver_report"):

        def put(args, name=name, **options):
            found.append((name, *args, options))

        monkeypatch.setattr(getattr(tasks, name), "apply_async", put)
    return found


def status_of(report: MonthlyReport) -> str:
    report.refresh_from_db()
    return report.status


def beat_fires() -> None:
    current_app.tasks[django_settings.CELERY_BEAT_SCHEDULE["reports-overdue"]["task"]].delay()


@pytest.mark.beyond("outages")
def test_a_report_whose_task_was_lost_is_made_and_sent(asked, november):
    november.shift(OVERDUE + MINUTE)
    beat_fires()

    assert status_of(asked) == MonthlyReport.Status.READY
    assert [message.to for message in mail.outbox] == [[BOSS]]


@pytest.mark.beyond("outages")
def test_a_report_that_was_asked_for_just_now_is_left_to_the_queue(asked, november):
    november.shift(OVERDUE - MINUTE)
    beat_fires()

    assert status_of(asked) == MonthlyReport.Status.PENDING


@pytest.mark.beyond("outages")
def test_a_report_is_taken_up_when_its_workers_claim_has_run_out(asked, november):
    Claim(asked).take()
    november.shift(OVERDUE + MINUTE)
    Claim(asked).rows.update(claimed_until=asked.created_at + OVERDUE + 2 * MINUTE)
    beat_fires()
    assert status_of(asked) == MonthlyReport.Status.PENDING, "it was taken from a worker that is alive"

    november.shift(2 * MINUTE)
    beat_fires()
    assert status_of(asked) == MonthlyReport.Status.READY


@pytest.mark.beyond("outages")
def test_a_copy_whose_task_was_lost_is_sent_once(asked, november):
    making.make_report(asked.pk)
    beat_fires()
    assert mail.outbox == [], "it is still in the queue"

    november.shift(OVERDUE + MINUTE)
    beat_fires()
    beat_fires()
    assert [message.to for message in mail.outbox] == [[BOSS]]


@pytest.mark.beyond("outages")
def test_a_copy_that_waits_for_its_next_try_is_left_alone_until_that_is_long_over(asked, november):
    making.make_report(asked.pk)
    november.shift(OVERDUE + MINUTE)
    ReportDelivery.objects.update(next_attempt_at=asked.created_at + 2 * OVERDUE)
    beat_fires()
    assert mail.outbox == []

    november.shift(2 * OVERDUE)
    beat_fires()
    assert len(mail.outbox) == 1


@pytest.mark.beyond("outages")
def test_a_copy_that_was_given_up_stays_so(asked, november):
    making.make_report(asked.pk)
    ReportDelivery.objects.update(status=ReportDelivery.Status.FAILED)
    november.shift(OVERDUE + MINUTE)
    beat_fires()

    assert mail.outbox == []


@pytest.mark.switch
def test_while_switched_off_nothing_is_queued(asked, november, milestones, queued):
    milestones.off("monthly-report")
    november.shift(OVERDUE + MINUTE)
    beat_fires()

    assert queued == []


@pytest.mark.beyond("outages")
def test_what_a_worker_is_at_is_not_queued(asked, november, queued):
    making.make_report(asked.pk)
    copy = ReportDelivery.objects.get()
    other = baker.make(MonthlyReport, month=SEPTEMBER)
    november.shift(OVERDUE + MINUTE)
    for row in (copy, other):
        Claim(row).take()
    beat_fires()

    assert queued == []


@pytest.mark.beyond("outages")
def test_what_is_queued_again_and_again_does_not_pile_up(asked, november, queued):
    november.shift(OVERDUE + MINUTE)
    beat_fires()

    schedule = django_settings.CELERY_BEAT_SCHEDULE["reports-overdue"]["schedule"]
    assert queued == [("send_monthly_report", asked.pk, {"expires": schedule})]


@pytest.mark.beyond("outages")
def test_a_copy_that_was_queued_is_queued_again_only_when_it_is_lost_once_more(asked, november, queued):
    making.make_report(asked.pk)
    copies = []
    for wait in (OVERDUE + MINUTE, MINUTE, OVERDUE):
        november.shift(wait)
        beat_fires()
        copies.append(len(queued))

    assert copies == [1, 1, 2]
