"""Milestone 18, beyond: a worker, a disk, a mail server or the queue is away."""

import re
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from celery import Task
from django.conf import settings as django_settings
from django.core import mail
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError
from model_bakery import baker

from clients.models import MonthlyReport, ReportDelivery
from clients.reports import claims, files, mailing, making, tasks
from clients.reports.claims import BusyError, Claim, claimed
from tests.advanced.reports import BOSS, OCTOBER, REPORTS, files_in, state_of
from tests.fixtures import (
    assert_gone,
    page,
    text_of,
)

pytest_plugins = ["tests.advanced.report_fixtures"]


pytestmark = pytest.mark.usefixtures("november", "one_recipient")


@pytest.mark.beyond("outages")
def test_a_dead_workers_claim_runs_out(milestones, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    Claim(report).take()
    november.shift(django_settings.REPORT_LEASE - 1)
    with pytest.raises(BusyError):
        making.make_report(report.pk)
    november.shift(2)
    making.make_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.claim, report.claimed_until) == ("READY", "", None)


@pytest.mark.beyond("outages")
def test_what_a_killed_worker_left_is_cleared_away_and_never_shown(
    press, media_root: Path, manager_client
) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    left_over = files.new_part(OCTOBER)
    other_month = files.new_part(date(2026, 9, 1))
    left_over.write_text("half a rep")
    answer = manager_client.get(REPORTS)
    assert "Being made" in text_of(answer, "#report-list tbody")
    assert page(answer).select("#report-list a[download]") == []
    assert_gone(manager_client.get("/reports/orders-2026-10.csv"))
    press()
    report.refresh_from_db()
    assert files_in(media_root) == [other_month.name, Path(report.file.name).name]


@pytest.mark.beyond("outages")
def test_killed_between_the_file_and_the_row_the_next_one_makes_the_same_file(
    milestones, media_root: Path, monkeypatch
):
    report = baker.make(MonthlyReport, month=OCTOBER)

    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "add_deliveries", killed)
        with pytest.raises(KeyboardInterrupt):
            making.make_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.file.name) == ("PENDING", "")
    making.make_report(report.pk)
    report.refresh_from_db()
    assert files_in(media_root) == [Path(report.file.name).name]


@pytest.mark.beyond("outages")
def test_a_made_report_whose_file_was_lost_is_made_again(run, media_root: Path) -> None:
    run()
    report = MonthlyReport.objects.get()
    Path(report.file.path).unlink()
    assert run() == "The report for October 2026 is ready: 0 orders. It was sent to boss@mail.com."
    assert files_in(media_root) == [Path(report.file.name).name]
    assert len(mail.outbox) == 1


@pytest.mark.beyond("outages")
def test_a_report_that_cannot_be_written_says_so_and_can_be_tried_again(
    press, monkeypatch, media_root: Path
) -> None:
    def disk_full(path: Path, month: date):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(making, "write_report", disk_full)
        answer = press()
    wrong = "OSError: [Errno 28] No space left on device"
    assert text_of(answer, "#messages") == f"The report for October 2026 could not be made: {wrong}"
    assert text_of(answer, "#report-list tbody .report-error") == wrong
    assert text_of(answer, "#report-list tbody button") == "Try again for October 2026"
    assert files_in(media_root) == []
    assert "is ready: 0 orders" in text_of(press(), "#messages")


@pytest.mark.beyond("outages")
def test_a_failure_that_cannot_be_noted_is_still_raised(milestones, monkeypatch) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)

    def database_gone(path: Path, month: date):
        monkeypatch.setattr(claims.QuerySet, "update", gone)
        raise OSError("the first error")

    def gone(*args, **kwargs):
        raise DatabaseError("the second error")

    with monkeypatch.context():
        monkeypatch.setattr(making, "write_report", database_gone)
        with pytest.raises(OSError, match="the first error"):
            making.make_report(report.pk)
    monkeypatch.undo()


# --- The mail ---------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("outages")
def test_the_message_id_is_the_same_however_often_it_is_sent(run) -> None:
    run()
    delivery = ReportDelivery.objects.get()
    ReportDelivery.objects.update(status="PENDING")
    mailing.deliver(delivery.pk, retry_in=None)
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == delivery.message_id
    assert re.fullmatch(r"<[0-9.]+\.orders-2026-10@localhost>", delivery.message_id)
    assert first.message()["Auto-Submitted"] == "auto-generated"


def failing_with(error: Exception) -> Callable[..., None]:
    def send(*args: object, **kwargs: object) -> None:
        raise error

    return send


@pytest.mark.beyond("outages")
def test_a_mail_server_that_is_down_shows_on_the_page_and_gets_it_when_it_is_back(press, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            mailing.EmailMessage, "send", failing_with(ConnectionRefusedError(111, "Connection refused"))
        )
        answer = press()
    wrong = "ConnectionRefusedError: [Errno 111] Connection refused"
    assert text_of(answer, "#messages") == (
        "The report for October 2026 is ready: 0 orders. The mail to boss@mail.com failed: see the reports page."
    )
    assert text_of(answer, ".report-deliveries li") == f"boss@mail.com Failed 1 attempt {wrong}"
    answer = press()
    assert text_of(answer, "#messages") == (
        "The report for October 2026 was there already. It was sent to boss@mail.com."
    )
    assert text_of(answer, ".report-deliveries li") == "boss@mail.com Sent 5 Nov 2026, 12:00 2 attempts"
    assert page(answer).select("#report-list button") == []


@pytest.mark.beyond("outages")
def test_the_command_ends_with_an_error_when_the_mail_failed(run, monkeypatch) -> None:
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(smtplib.SMTPServerDisconnected("bye")))
    assert run() == (
        "error 1: The report for October 2026 is ready: 0 orders. "
        "The mail to boss@mail.com failed: see the reports page."
    )


@pytest.mark.beyond("outages")
@pytest.mark.parametrize(
    "error, again, reason",
    [
        (smtplib.SMTPRecipientsRefused({BOSS: (550, b"no such user")}), False, "550 no such user"),
        (smtplib.SMTPRecipientsRefused({BOSS: (450, b"try later")}), True, "450 try later"),
        (TimeoutError("timed out"), True, "TimeoutError: timed out"),
        (UnicodeError("no such address"), False, "UnicodeError: no such address"),
    ],
)
def test_only_what_asking_again_can_mend_is_tried_again(
    milestones, monkeypatch, media_root, error, again, reason
) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    making.make_report(report.pk)
    delivery = ReportDelivery.objects.get()
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(error))
    with pytest.raises(mailing.NotSentError) as refused:
        mailing.deliver(delivery.pk, retry_in=10)
    assert refused.value.for_good is not again
    assert state_of(delivery) == ("PENDING" if again else "FAILED", 1, reason)
    assert delivery.next_attempt_at == (datetime(2026, 11, 5, 12, 0, 10, tzinfo=UTC) if again else None)


@pytest.mark.beyond("outages")
def test_the_page_says_when_the_next_attempt_is(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER, status="READY")
    moment = datetime(2026, 11, 5, 12, 1, 40, tzinfo=UTC)
    baker.make(
        ReportDelivery, report=report, recipient=BOSS, attempts=4, last_error="down", next_attempt_at=moment
    )
    line = text_of(manager_client.get(REPORTS), ".report-deliveries li")
    assert line == "boss@mail.com Waiting 4 attempts, next one at 12:01:40 down"


# --- The tasks and the queue ------------------------------------------------------------------------------------------
class RetriedError(Exception):
    """In place of Celery's own, with what was asked for."""


@pytest.fixture
def queue(monkeypatch) -> Iterator[dict]:
    """As on a real queue: `retry` puts the task back, here by raising what it was asked for. Holds `retries`."""
    state = {"retries": 0}

    def retry(self, *, exc, countdown, max_retries, **options):
        return RetriedError(countdown, type(exc) if exc else None)

    monkeypatch.setattr(Task, "retry", retry)
    monkeypatch.setattr(Task, "request", property(lambda self: FakeRequest(state["retries"])))
    return state


class FakeRequest:
    is_eager = False
    args = (1,)

    def __init__(self, retries: int) -> None:
        self.retries = retries


@pytest.mark.beyond("outages")
def test_a_mail_server_that_is_down_is_asked_again_later_and_later(queue, pending, monkeypatch) -> None:
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(ConnectionRefusedError("down")))
    waits = []
    for queue["retries"] in range(8):
        with pytest.raises(RetriedError) as again:
            tasks.deliver_report(pending.pk)
        waits.append(again.value.args[0])
    for wait, longest in zip(waits, (5, 10, 20, 40, 80, 100, 100, 100), strict=True):
        assert 0.7 * longest <= wait <= longest
    assert state_of(pending) == ("PENDING", 8, "ConnectionRefusedError: down")
    queue["retries"] = django_settings.REPORT_RETRIES
    tasks.deliver_report(pending.pk)
    assert state_of(pending) == ("FAILED", 9, "ConnectionRefusedError: down")


@pytest.mark.beyond("outages")
def test_a_refused_address_is_not_tried_again(queue, pending, monkeypatch) -> None:
    refused = smtplib.SMTPRecipientsRefused({BOSS: (550, b"no such user")})
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(refused))
    tasks.deliver_report(pending.pk)
    assert state_of(pending) == ("FAILED", 1, "550 no such user")


@pytest.mark.beyond("outages")
def test_a_busy_row_and_a_database_that_is_away_are_tried_again(queue, pending, monkeypatch) -> None:
    report = pending.report
    with claimed(pending), pytest.raises(RetriedError, match=r"30.0, None"):
        tasks.deliver_report(pending.pk)
    with claimed(report), pytest.raises(RetriedError, match=r"30.0, None"):
        tasks.send_monthly_report(report.pk)
    monkeypatch.setattr(tasks, "deliver", failing_with(DatabaseError("away")))
    monkeypatch.setattr(tasks, "make_report", failing_with(DatabaseError("away")))
    for task, pk in ((tasks.deliver_report, pending.pk), (tasks.send_monthly_report, report.pk)):
        with pytest.raises(RetriedError) as again:
            task(pk)
        assert again.value.args[1] is DatabaseError


@pytest.mark.beyond("outages")
def test_when_the_queue_is_away_the_page_and_the_command_say_so(press, run, monkeypatch) -> None:
    monkeypatch.setattr(tasks.send_monthly_report, "delay", failing_with(OperationalError("no Redis")))
    text = "The queue cannot be reached, so nothing was started. Please try again in a while."
    assert text_of(press(), "#messages") == text
    assert run() == f"error 1: {text}"


@pytest.mark.beyond("outages")
def test_what_is_rolled_back_is_not_asked_for(
    milestones, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    asked = []
    monkeypatch.setattr(tasks.send_monthly_report, "delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            tasks.ask_for_report(OCTOBER)
            transaction.set_rollback(True)
        report = tasks.ask_for_report(date(2026, 9, 1))
        assert asked == []
    assert asked == [report.pk]
