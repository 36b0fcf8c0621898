"""Milestone 18, once and whole: whatever is run twice, killed half way, claimed by another or down for a while."""

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from model_bakery import baker

from clients.models import Client, MonthlyReport, ReportDelivery
from clients.reports import mailing, making, tasks, writing
from clients.reports.claims import BusyError, Claim, ClaimLostError, claimed
from tests.advanced.reports import BOSS, OCTOBER, files_in, order, some_orders, state_of
from tests.fixtures import (
    text_of,
)

pytest_plugins = ["tests.advanced.report_fixtures"]


pytestmark = pytest.mark.usefixtures("november", "one_recipient")


# --- One row, one file, one delivery ----------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_a_report_and_a_delivery_say_what_they_are(milestones) -> None:
    delivery = baker.make(ReportDelivery, report=baker.make(MonthlyReport, month=OCTOBER), recipient=BOSS)
    assert str(delivery) == "Orders of 2026-10 to boss@mail.com"


@pytest.mark.beyond("races")
def test_asking_again_sends_nothing_and_makes_nothing(run, media_root: Path) -> None:
    some_orders()
    run()
    before = (
        MonthlyReport.objects.values().get(),
        ReportDelivery.objects.values().get(),
        files_in(media_root),
    )
    order(Client.objects.first(), "7.00", datetime(2026, 10, 9, tzinfo=UTC))
    assert run() == (
        "The report for October 2026 was there already. Everybody has got it, so nothing was sent again."
    )
    after = (
        MonthlyReport.objects.values().get(),
        ReportDelivery.objects.values().get(),
        files_in(media_root),
    )
    assert after == before
    assert len(mail.outbox) == 1


@pytest.mark.beyond("races")
def test_every_step_run_twice_still_gives_one_of_each(run, media_root: Path) -> None:
    run()
    report, delivery = MonthlyReport.objects.get(), ReportDelivery.objects.get()
    tasks.send_monthly_report(report.pk)
    tasks.deliver_report(delivery.pk)
    making.make_report(report.pk)
    mailing.deliver(delivery.pk, retry_in=None)
    assert MonthlyReport.objects.count() == ReportDelivery.objects.count() == len(mail.outbox) == 1
    assert files_in(media_root) == [Path(report.file.name).name]


@pytest.mark.beyond("races")
def test_the_database_allows_one_report_a_month_and_one_delivery_a_recipient(milestones) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    baker.make(ReportDelivery, report=report, recipient=BOSS)
    for again in (
        lambda: baker.make(MonthlyReport, month=OCTOBER),
        lambda: baker.make(MonthlyReport, month=date(2026, 9, 2)),
        lambda: baker.make(ReportDelivery, report=report, recipient=BOSS),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


@pytest.mark.beyond("races")
def test_a_worker_that_finds_the_report_claimed_leaves_it_alone(milestones, media_root: Path) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    with claimed(report), pytest.raises(BusyError):
        making.make_report(report.pk)
    assert files_in(media_root) == []


@pytest.mark.beyond("races")
def test_a_renewed_claim_lasts(milestones, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    claim = Claim(report)
    claim.take()
    november.shift(django_settings.REPORT_LEASE - 1)
    assert claim.renew() is True
    november.shift(django_settings.REPORT_LEASE - 1)
    with pytest.raises(BusyError):
        Claim(report).take()


@pytest.mark.beyond("races")
def test_a_claim_is_renewed_until_the_work_is_done(settings, milestones) -> None:
    settings.REPORT_LEASE = 0.04
    claim = Claim(baker.make(MonthlyReport, month=OCTOBER))
    answers = iter([True, DatabaseError("gone for a moment"), True, False])
    renewals = []

    def renew() -> bool:
        renewals.append(next(answers))
        if isinstance(renewals[-1], Exception):
            raise renewals[-1]
        return renewals[-1]

    claim.renew = renew
    claim.keep(threading.Event())
    assert len(renewals) == 4
    done = threading.Event()
    done.set()
    claim.keep(done)
    assert len(renewals) == 4


@pytest.mark.beyond("races")
def test_the_slow_worker_whose_claim_was_taken_over_moves_nothing(
    milestones, monkeypatch, media_root: Path
) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    write_report = writing.write_report

    def slowly(path: Path, month: date):
        MonthlyReport.objects.update(claim="somebody else")
        return write_report(path, month)

    monkeypatch.setattr(making, "write_report", slowly)
    with pytest.raises(ClaimLostError):
        making.make_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.claim, files_in(media_root)) == ("PENDING", "somebody else", [])


# --- Who gets it ------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_without_named_recipients_every_active_staff_address_gets_it(
    settings, run, manager, admin_user, learner
) -> None:
    settings.REPORT_RECIPIENTS = []
    for user, address in (
        (manager, "Manager@Mail.com"),
        (admin_user, "admin@mail.com"),
        (learner, "learner@mail.com"),
    ):
        type(user).objects.filter(pk=user.pk).update(email=address)
    baker.make(type(manager), is_staff=True, is_active=False, email="gone@mail.com")
    baker.make(type(manager), is_staff=True, is_active=True, email="")
    baker.make(type(manager), is_staff=True, is_active=True, email="manager@mail.com")
    run()
    assert sorted(message.to[0] for message in mail.outbox) == ["admin@mail.com", "manager@mail.com"]


@pytest.mark.beyond("comfort")
def test_without_anybody_to_send_it_to_the_report_is_still_kept(settings, press, manager_client) -> None:
    settings.REPORT_RECIPIENTS = []
    answer = press()
    assert text_of(answer, "#messages") == "The report for October 2026 is ready: 0 orders."
    assert text_of(answer, "#report-recipients").startswith("Nobody gets it by mail yet")
    assert "Nobody" in text_of(answer, "#report-list tbody")
    assert len(manager_client.get("/reports/orders-2026-10.csv").getvalue()) > 0


@pytest.mark.beyond("comfort")
def test_a_recipient_who_came_later_gets_it_when_it_is_asked_for_again(settings, run) -> None:
    run()
    settings.REPORT_RECIPIENTS = [BOSS, "new@mail.com"]
    assert run() == "The report for October 2026 was there already. It was sent to new@mail.com."
    assert [message.to for message in mail.outbox] == [[BOSS], ["new@mail.com"]]


@pytest.mark.beyond("comfort")
def test_whoever_is_no_longer_a_recipient_gets_nothing(settings, run) -> None:
    run()
    delivery = ReportDelivery.objects.get()
    ReportDelivery.objects.update(status="PENDING")
    settings.REPORT_RECIPIENTS = ["new@mail.com"]
    run()
    assert [message.to for message in mail.outbox] == [[BOSS], ["new@mail.com"]]
    assert state_of(delivery) == ("FAILED", 2, "This address is no longer among the recipients.")


@pytest.mark.beyond("scale")
def test_a_file_that_is_too_large_is_not_attached_but_can_be_fetched(settings, press, manager_client) -> None:
    settings.REPORT_ATTACHMENT_LIMIT = 10
    settings.CSRF_TRUSTED_ORIGINS = ["https://crm.company.com", "https://old.company.com"]
    press()
    (message,) = mail.outbox
    assert message.attachments == []
    assert "https://crm.company.com/reports/" in message.body
    assert manager_client.get("/reports/orders-2026-10.csv").getvalue() != b""


@pytest.mark.beyond("comfort")
def test_the_mail_says_how_much_it_was(run) -> None:
    some_orders()
    run()
    assert "the orders of October 2026: 3 orders, 15.75 together." in mail.outbox[0].body
    assert "The file is attached." in mail.outbox[0].body


@pytest.mark.beyond("comfort")
def test_no_wait_is_longer_than_redis_waits_for_a_receipt() -> None:
    visibility = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert max(django_settings.REPORT_RETRY_DELAYS) < visibility
    assert visibility > django_settings.REPORT_LEASE
    assert current_app.conf.task_acks_late is True
    assert current_app.conf.task_reject_on_worker_lost is True


@pytest.mark.beyond("comfort")
def test_with_a_queue_the_page_says_that_it_is_being_made(press, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(tasks.send_monthly_report, "delay", asked.append)
    answer = press()
    assert asked == [MonthlyReport.objects.get().pk]
    assert text_of(answer, "#messages") == (
        "The report for October 2026 is being made. It will be on the reports page when it is ready."
    )
    assert text_of(answer, "#report-list td .badge") == "Being made"


@pytest.mark.beyond("comfort")
def test_with_a_queue_the_page_says_that_it_is_being_sent(press, monkeypatch, pending) -> None:
    monkeypatch.setattr(tasks.send_monthly_report, "delay", lambda pk: None)
    assert text_of(press(), "#messages") == (
        "The report for October 2026 was there already. It is being sent to boss@mail.com."
    )
