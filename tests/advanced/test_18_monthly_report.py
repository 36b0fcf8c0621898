"""Milestone 18: on the first of the month the managers have last month's orders in the mail.

Once, and whole, whatever is run twice, killed half way or down for a while. Without a broker a task runs at once, in
the process that asks for it; real workers, beat and mail servers have their turn in tests/services.
"""

import csv
import io
import re
import smtplib
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from asgiref.sync import async_to_sync
from celery import Task, current_app
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import AsyncClient
from django.test import Client as Browser
from kombu.exceptions import OperationalError
from model_bakery import baker
from waffle import get_waffle_flag_model

from clients.models import Client, MonthlyReport, Order, ReportDelivery
from clients.reports import claims, files, mailing, making, tasks, writing
from clients.reports.claims import Busy, Claim, ClaimLost, claimed
from clients.reports.months import WrongMonth, bounds, last_month, parse_month
from tests.fixtures import (
    assert_gone,
    assert_not_switched_off,
    assert_refused,
    assert_sent_to_login,
    assert_switched_off,
    browser_of,
    field_errors,
    page,
    text_of,
)

REPORTS = "/reports/"
OCTOBER = date(2026, 10, 1)
BOSS = "boss@mail.com"


# --- A November day, one recipient, orders ----------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 5, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def one_recipient(settings) -> None:
    settings.REPORT_RECIPIENTS = [BOSS]


@pytest.fixture
def committed(monkeypatch) -> None:
    """The transaction around a test never commits; without it a report is asked for the moment it is asked for."""
    monkeypatch.setattr(tasks, "transaction", SimpleNamespace(on_commit=lambda call: call()))


@pytest.fixture
def run(milestones, committed) -> Callable[..., str]:
    """The command as it is typed: `run("--month", "2026-10")` answers what it prints, or the error it ends with."""

    def command(*arguments: str) -> str:
        out = io.StringIO()
        try:
            call_command("send_monthly_report", *arguments, stdout=out)
        except CommandError as error:
            return f"error {error.returncode}: {error}"
        return out.getvalue().strip()

    return command


@pytest.fixture
def press(manager_client: Browser, committed) -> Callable[..., object]:
    """The button on the reports page, pressed by a manager."""

    def button(month: str = "2026-10", browser: Browser = manager_client):
        return browser.post(REPORTS, {"month": month}, follow=True)

    return button


def order(client: Client, amount: str, moment: datetime, **fields: str) -> Order:
    with time_machine.travel(moment, tick=False):
        return baker.make(Order, client=client, amount=Decimal(amount), **fields)


def some_orders() -> list[Order]:
    """Two of Bea's and one of Ada's in October, and one on either side of it."""
    bea = baker.make(Client, name="Bea", email="bea@mail.com")
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    return [
        order(bea, "10.50", datetime(2026, 10, 3, 9, tzinfo=UTC), title="Desk", status="NEW"),
        order(ada, "4.00", datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), title="Lamp", status="DONE"),
        order(bea, "1.25", datetime(2026, 10, 1, tzinfo=UTC), title="Pen", status="DONE"),
        order(bea, "99.00", datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), title="September"),
        order(ada, "88.00", datetime(2026, 11, 1, tzinfo=UTC), title="November"),
    ]


def content_of(report: MonthlyReport) -> bytes:
    return Path(report.file.path).read_bytes()


def rows_of(report: MonthlyReport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content_of(report).decode("utf-8-sig"))))


def files_in(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.rglob("*") if found.is_file())


def state_of(delivery: ReportDelivery) -> tuple[str, int, str]:
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts, delivery.last_error


# --- Runs by hand and by beat -----------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_command_mails_last_months_orders_to_the_manager(run) -> None:
    some_orders()
    assert run() == "The report for October 2026 is ready: 3 orders. It was sent to boss@mail.com."
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Orders of October 2026", [BOSS])
    ((name, content, _),) = message.attachments
    assert name == "orders-2026-10.csv"
    assert content == content_of(MonthlyReport.objects.get())
    assert content.decode("utf-8-sig").splitlines()[2:5] == [
        f'"{Order.objects.get(title="Lamp").pk}","2026-10-31 23:59:59","Ada","ada@mail.com","Lamp","Done","4.00"',
        f'"{Order.objects.get(title="Pen").pk}","2026-10-01 00:00:00","Bea","bea@mail.com","Pen","Done","1.25"',
        f'"{Order.objects.get(title="Desk").pk}","2026-10-03 09:00:00","Bea","bea@mail.com","Desk","New","10.50"',
    ]


@pytest.mark.required
@pytest.mark.contrast
def test_what_beat_starts_on_the_first_mails_last_months_report(milestones, committed) -> None:
    some_orders()
    entry = current_app.conf.beat_schedule["monthly-report"]
    current_app.tasks[entry["task"]].delay()
    assert [message.to for message in mail.outbox] == [[BOSS]]
    report = MonthlyReport.objects.get()
    assert (report.month, report.status, report.orders_count) == (OCTOBER, "READY", 3)
    assert report.orders_total == Decimal("15.75")


@pytest.mark.required
@pytest.mark.contrast
def test_a_manager_makes_the_report_by_a_button_and_downloads_it(press, manager_client: Browser) -> None:
    some_orders()
    answer = press()
    assert text_of(answer, "#messages") == (
        "The report for October 2026 is ready: 3 orders. It was sent to boss@mail.com."
    )
    (row,) = page(answer).select("#report-list tbody tr")
    cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
    assert cells == [
        "October 2026",
        "Ready 5 Nov 2026, 12:00",
        "3",
        "15.75",
        "boss@mail.com Sent 5 Nov 2026, 12:00",
        "CSV of October 2026",
    ]
    download = manager_client.get(row.select_one("a[download]")["href"])
    assert download.getvalue() == content_of(MonthlyReport.objects.get())


def test_beat_starts_it_on_the_first_at_six_in_the_configured_time_zone() -> None:
    schedule = current_app.conf.beat_schedule["monthly-report"]["schedule"]
    assert schedule == crontab(minute=0, hour=6, day_of_month=1)
    assert str(current_app.timezone) == django_settings.TIME_ZONE


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.contrast
def test_the_file_has_the_orders_then_the_totals_of_each_client_and_status(run) -> None:
    desk, lamp, pen, *_ = some_orders()
    assert run().startswith("The report for October 2026 is ready")
    report = MonthlyReport.objects.get()
    assert content_of(report).startswith(b'\xef\xbb\xbf"Orders of October 2026"\n')
    assert rows_of(report) == [
        ["Orders of October 2026"],
        ["Order", "Created (UTC)", "Client", "Email", "Title", "Status", "Amount"],
        [str(lamp.pk), "2026-10-31 23:59:59", "Ada", "ada@mail.com", "Lamp", "Done", "4.00"],
        [str(pen.pk), "2026-10-01 00:00:00", "Bea", "bea@mail.com", "Pen", "Done", "1.25"],
        [str(desk.pk), "2026-10-03 09:00:00", "Bea", "bea@mail.com", "Desk", "New", "10.50"],
        [],
        ["Totals per client"],
        ["Client", "Email", "Orders", "Total"],
        ["Ada", "ada@mail.com", "1", "4.00"],
        ["Bea", "bea@mail.com", "2", "11.75"],
        [],
        ["Totals per status"],
        ["Status", "Orders", "Total"],
        ["New", "1", "10.50"],
        ["In progress", "0", "0.00"],
        ["Done", "2", "5.25"],
        ["All", "3", "15.75"],
    ]


def test_a_month_without_orders_has_its_report_too(run) -> None:
    assert run() == "The report for October 2026 is ready: 0 orders. It was sent to boss@mail.com."
    rows = rows_of(MonthlyReport.objects.get())
    assert rows[2:5] == [[], ["Totals per client"], ["Client", "Email", "Orders", "Total"]]
    assert rows[-1] == ["All", "0", "0.00"]


def test_two_clients_of_one_name_have_a_total_each(run) -> None:
    for address in ("one@mail.com", "two@mail.com"):
        client = baker.make(Client, name="Ada", email=address)
        order(client, "2.00", datetime(2026, 10, 3, tzinfo=UTC))
    run()
    rows = rows_of(MonthlyReport.objects.get())
    assert [row[1:] for row in rows if row[:1] == ["Ada"]] == [
        ["one@mail.com", "1", "2.00"],
        ["two@mail.com", "1", "2.00"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(run, name: str) -> None:
    client = baker.make(Client, name=name, email="evil@mail.com")
    order(client, "1.00", datetime(2026, 10, 3, tzinfo=UTC), title=name)
    run()
    text = content_of(MonthlyReport.objects.get()).decode("utf-8-sig")
    assert f'"\'{name}","evil@mail.com","\'{name}"' in text
    assert f'"{name}"' not in text


@pytest.mark.parametrize("name", ['He said "no"', "a,b;c", "two\nlines", "株式会社", "O'Brien"])
def test_odd_names_come_out_of_the_file_as_they_are(run, name: str) -> None:
    client = baker.make(Client, name=name, email="odd@mail.com")
    order(client, "1.00", datetime(2026, 10, 3, tzinfo=UTC))
    run()
    assert rows_of(MonthlyReport.objects.get())[2][2] == name


def test_a_month_begins_and_ends_in_the_configured_time_zone(settings, run) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    client = baker.make(Client, name="Ada", email="ada@mail.com")
    order(client, "1.00", datetime(2026, 9, 30, 22, 0, 0, tzinfo=UTC), title="first")
    order(client, "2.00", datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC), title="before")
    order(client, "4.00", datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), title="last")
    order(client, "8.00", datetime(2026, 10, 31, 23, 0, 0, tzinfo=UTC), title="after")
    run()
    rows = rows_of(MonthlyReport.objects.get())
    assert [row[1:5:3] for row in rows[1:4]] == [
        ["Created (Europe/Berlin)", "Title"],
        ["2026-10-01 00:00:00", "first"],
        ["2026-10-31 23:59:59", "last"],
    ]


@pytest.mark.parametrize(
    "zone, month",
    [("UTC", date(2026, 10, 1)), ("Asia/Tokyo", OCTOBER), ("America/New_York", date(2026, 9, 1))],
)
def test_last_month_is_the_one_before_the_month_it_is_there(settings, zone: str, month: date) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(datetime(2026, 11, 1, 2, tzinfo=UTC), tick=False):
        assert last_month() == month


def test_a_month_has_its_hours_where_clocks_change(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    start, end = bounds(OCTOBER)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=31, hours=1)
    assert bounds(date(2025, 12, 1))[1].replace(tzinfo=None) == datetime(2026, 1, 1)  # noqa: DTZ001  # compared as it reads


def test_memory_does_not_grow_with_the_number_of_orders(milestones, tmp_path: Path) -> None:
    clients = baker.make(
        Client, _quantity=20, _bulk_create=True, email=iter(f"c{n}@mail.com" for n in range(20))
    )

    def peak(orders: int) -> int:
        with time_machine.travel(datetime(2026, 10, 3, tzinfo=UTC), tick=False):
            Order.objects.bulk_create(
                [Order(client=clients[n % 20], title=f"Order {n}", amount=n) for n in range(orders)],
                batch_size=1000,
            )
        tracemalloc.start()
        try:
            totals = writing.write_report(tmp_path / "report.csv", OCTOBER)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert totals.all.orders == Order.objects.count()

    few = peak(3_000)
    many = peak(9_000)
    assert many < few * 1.5


# --- One row, one file, one delivery ----------------------------------------------------------------------------------
def test_a_report_and_a_delivery_say_what_they_are(milestones) -> None:
    delivery = baker.make(ReportDelivery, report=baker.make(MonthlyReport, month=OCTOBER), recipient=BOSS)
    assert str(delivery) == "Orders of 2026-10 to boss@mail.com"


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


def test_every_step_run_twice_still_gives_one_of_each(run, media_root: Path) -> None:
    run()
    report, delivery = MonthlyReport.objects.get(), ReportDelivery.objects.get()
    tasks.send_monthly_report(report.pk)
    tasks.deliver_report(delivery.pk)
    making.make_report(report.pk)
    mailing.deliver(delivery.pk, retry_in=None)
    assert MonthlyReport.objects.count() == ReportDelivery.objects.count() == len(mail.outbox) == 1
    assert files_in(media_root) == [Path(report.file.name).name]


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


def test_a_worker_that_finds_the_report_claimed_leaves_it_alone(milestones, media_root: Path) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    with claimed(report), pytest.raises(Busy):
        making.make_report(report.pk)
    assert files_in(media_root) == []


def test_a_dead_workers_claim_runs_out(milestones, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    Claim(report).take()
    november.shift(django_settings.REPORT_LEASE - 1)
    with pytest.raises(Busy):
        making.make_report(report.pk)
    november.shift(2)
    making.make_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.claim, report.claimed_until) == ("READY", "", None)


def test_a_renewed_claim_lasts(milestones, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    claim = Claim(report)
    claim.take()
    november.shift(django_settings.REPORT_LEASE - 1)
    assert claim.renew() is True
    november.shift(django_settings.REPORT_LEASE - 1)
    with pytest.raises(Busy):
        Claim(report).take()


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


def test_the_slow_worker_whose_claim_was_taken_over_moves_nothing(
    milestones, monkeypatch, media_root: Path
) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    write_report = writing.write_report

    def slowly(path: Path, month: date):
        MonthlyReport.objects.update(claim="somebody else")
        return write_report(path, month)

    monkeypatch.setattr(making, "write_report", slowly)
    with pytest.raises(ClaimLost):
        making.make_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.claim, files_in(media_root)) == ("PENDING", "somebody else", [])


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


def test_a_made_report_whose_file_was_lost_is_made_again(run, media_root: Path) -> None:
    run()
    report = MonthlyReport.objects.get()
    Path(report.file.path).unlink()
    assert run() == "The report for October 2026 is ready: 0 orders. It was sent to boss@mail.com."
    assert files_in(media_root) == [Path(report.file.name).name]
    assert len(mail.outbox) == 1


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


# --- Who gets it ------------------------------------------------------------------------------------------------------
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


def test_without_anybody_to_send_it_to_the_report_is_still_kept(settings, press, manager_client) -> None:
    settings.REPORT_RECIPIENTS = []
    answer = press()
    assert text_of(answer, "#messages") == "The report for October 2026 is ready: 0 orders."
    assert text_of(answer, "#report-recipients").startswith("Nobody gets it by mail yet")
    assert "Nobody" in text_of(answer, "#report-list tbody")
    assert len(manager_client.get("/reports/orders-2026-10.csv").getvalue()) > 0


def test_a_recipient_who_came_later_gets_it_when_it_is_asked_for_again(settings, run) -> None:
    run()
    settings.REPORT_RECIPIENTS = [BOSS, "new@mail.com"]
    assert run() == "The report for October 2026 was there already. It was sent to new@mail.com."
    assert [message.to for message in mail.outbox] == [[BOSS], ["new@mail.com"]]


def test_whoever_is_no_longer_a_recipient_gets_nothing(settings, run) -> None:
    run()
    delivery = ReportDelivery.objects.get()
    ReportDelivery.objects.update(status="PENDING")
    settings.REPORT_RECIPIENTS = ["new@mail.com"]
    run()
    assert [message.to for message in mail.outbox] == [[BOSS], ["new@mail.com"]]
    assert state_of(delivery) == ("FAILED", 2, "This address is no longer among the recipients.")


# --- The mail ---------------------------------------------------------------------------------------------------------
def test_the_message_id_is_the_same_however_often_it_is_sent(run) -> None:
    run()
    delivery = ReportDelivery.objects.get()
    ReportDelivery.objects.update(status="PENDING")
    mailing.deliver(delivery.pk, retry_in=None)
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == delivery.message_id
    assert re.fullmatch(r"<[0-9.]+\.orders-2026-10@localhost>", delivery.message_id)
    assert first.message()["Auto-Submitted"] == "auto-generated"


def test_a_file_that_is_too_large_is_not_attached_but_can_be_fetched(settings, press, manager_client) -> None:
    settings.REPORT_ATTACHMENT_LIMIT = 10
    settings.CSRF_TRUSTED_ORIGINS = ["https://crm.company.com"]
    press()
    (message,) = mail.outbox
    assert message.attachments == []
    assert "https://crm.company.com/reports/" in message.body
    assert manager_client.get("/reports/orders-2026-10.csv").getvalue() != b""


def test_the_mail_says_how_much_it_was(run) -> None:
    some_orders()
    run()
    assert "the orders of October 2026: 3 orders, 15.75 together." in mail.outbox[0].body
    assert "The file is attached." in mail.outbox[0].body


def failing_with(error: Exception) -> Callable[..., None]:
    def send(*args: object, **kwargs: object) -> None:
        raise error

    return send


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


def test_the_command_ends_with_an_error_when_the_mail_failed(run, monkeypatch) -> None:
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(smtplib.SMTPServerDisconnected("bye")))
    assert run() == (
        "error 1: The report for October 2026 is ready: 0 orders. "
        "The mail to boss@mail.com failed: see the reports page."
    )


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
    with pytest.raises(mailing.NotSent) as refused:
        mailing.deliver(delivery.pk, retry_in=10)
    assert refused.value.for_good is not again
    assert state_of(delivery) == ("PENDING" if again else "FAILED", 1, reason)
    assert delivery.next_attempt_at == (datetime(2026, 11, 5, 12, 0, 10, tzinfo=UTC) if again else None)


def test_the_page_says_when_the_next_attempt_is(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER, status="READY")
    moment = datetime(2026, 11, 5, 12, 1, 40, tzinfo=UTC)
    baker.make(
        ReportDelivery, report=report, recipient=BOSS, attempts=4, last_error="down", next_attempt_at=moment
    )
    line = text_of(manager_client.get(REPORTS), ".report-deliveries li")
    assert line == "boss@mail.com Waiting 4 attempts, next one at 12:01:40 down"


# --- The tasks and the queue ------------------------------------------------------------------------------------------
class Retried(Exception):  # noqa: N818  # reads as what happened
    """In place of Celery's own, with what was asked for."""


@pytest.fixture
def queue(monkeypatch) -> Iterator[dict]:
    """As on a real queue: `retry` puts the task back, here by raising what it was asked for. Holds `retries`."""
    state = {"retries": 0}

    def retry(self, *, exc, countdown, max_retries):
        return Retried(countdown, type(exc) if exc else None)

    monkeypatch.setattr(Task, "retry", retry)
    monkeypatch.setattr(Task, "request", property(lambda self: FakeRequest(state["retries"])))
    return state


class FakeRequest:
    is_eager = False
    args = (1,)

    def __init__(self, retries: int) -> None:
        self.retries = retries


@pytest.fixture
def pending(milestones) -> ReportDelivery:
    report = baker.make(MonthlyReport, month=OCTOBER)
    making.make_report(report.pk)
    return ReportDelivery.objects.get()


def test_a_mail_server_that_is_down_is_asked_again_later_and_later(queue, pending, monkeypatch) -> None:
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(ConnectionRefusedError("down")))
    waits = []
    for queue["retries"] in range(8):
        with pytest.raises(Retried) as again:
            tasks.deliver_report(pending.pk)
        waits.append(again.value.args[0])
    for wait, longest in zip(waits, (5, 10, 20, 40, 80, 100, 100, 100), strict=True):
        assert 0.7 * longest <= wait <= longest
    assert state_of(pending) == ("PENDING", 8, "ConnectionRefusedError: down")
    queue["retries"] = django_settings.REPORT_RETRIES
    tasks.deliver_report(pending.pk)
    assert state_of(pending) == ("FAILED", 9, "ConnectionRefusedError: down")


def test_a_refused_address_is_not_tried_again(queue, pending, monkeypatch) -> None:
    refused = smtplib.SMTPRecipientsRefused({BOSS: (550, b"no such user")})
    monkeypatch.setattr(mailing.EmailMessage, "send", failing_with(refused))
    tasks.deliver_report(pending.pk)
    assert state_of(pending) == ("FAILED", 1, "550 no such user")


def test_a_busy_row_and_a_database_that_is_away_are_tried_again(queue, pending, monkeypatch) -> None:
    report = pending.report
    with claimed(pending), pytest.raises(Retried, match=r"30.0, None"):
        tasks.deliver_report(pending.pk)
    with claimed(report), pytest.raises(Retried, match=r"30.0, None"):
        tasks.send_monthly_report(report.pk)
    monkeypatch.setattr(tasks, "deliver", failing_with(DatabaseError("away")))
    monkeypatch.setattr(tasks, "make_report", failing_with(DatabaseError("away")))
    for task, pk in ((tasks.deliver_report, pending.pk), (tasks.send_monthly_report, report.pk)):
        with pytest.raises(Retried) as again:
            task(pk)
        assert again.value.args[1] is DatabaseError


def test_no_wait_is_longer_than_redis_waits_for_a_receipt() -> None:
    visibility = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert max(django_settings.REPORT_RETRY_DELAYS) < visibility
    assert visibility > django_settings.REPORT_LEASE
    assert current_app.conf.task_acks_late is True
    assert current_app.conf.task_reject_on_worker_lost is True


def test_when_the_queue_is_away_the_page_and_the_command_say_so(press, run, monkeypatch) -> None:
    monkeypatch.setattr(tasks.send_monthly_report, "delay", failing_with(OperationalError("no Redis")))
    text = "The queue cannot be reached, so nothing was started. Please try again in a while."
    assert text_of(press(), "#messages") == text
    assert run() == f"error 1: {text}"


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


def test_with_a_queue_the_page_says_that_it_is_being_made(press, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(tasks.send_monthly_report, "delay", asked.append)
    answer = press()
    assert asked == [MonthlyReport.objects.get().pk]
    assert text_of(answer, "#messages") == (
        "The report for October 2026 is being made. It will be on the reports page when it is ready."
    )
    assert text_of(answer, "#report-list td .badge") == "Being made"


def test_with_a_queue_the_page_says_that_it_is_being_sent(press, monkeypatch, pending) -> None:
    monkeypatch.setattr(tasks.send_monthly_report, "delay", lambda pk: None)
    assert text_of(press(), "#messages") == (
        "The report for October 2026 was there already. It is being sent to boss@mail.com."
    )


# --- Which months -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "month",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "26-10",
        "2026-10-01",
        "october",
        "1999-12",
        "٢٠٢٦-١٠",
        "0000-01",
    ],
)
def test_what_is_no_month_is_refused_with_a_reason(run, month: str) -> None:
    with pytest.raises(WrongMonth):
        parse_month(month)
    assert run("--month", month) == f"error 2: “{month}” is no month. Write it like 2026-10."
    assert not MonthlyReport.objects.exists()


@pytest.mark.parametrize(
    "month, name", [("2026-11", "November 2026"), ("2027-01", "January 2027"), ("9999-12", "December 9999")]
)
def test_a_month_that_is_not_over_is_refused(run, press, month: str, name: str) -> None:
    reason = f"{name} is not over yet. The latest report there can be is that of October 2026."
    assert run("--month", month) == f"error 2: {reason}"
    assert field_errors(press(month), "month") == reason
    assert not MonthlyReport.objects.exists()


def test_an_older_month_can_be_asked_for(run) -> None:
    some_orders()
    assert (
        run("--month", "2026-09")
        == "The report for September 2026 is ready: 1 order. It was sent to boss@mail.com."
    )
    assert MonthlyReport.objects.get().month == date(2026, 9, 1)


def test_the_form_suggests_last_month_and_offers_no_later_one(manager_client) -> None:
    field = page(manager_client.get(REPORTS)).select_one("input[name=month]")
    assert (field["type"], field["value"], field["max"]) == ("month", "2026-10", "2026-10")


# --- The page and the file: for staff ---------------------------------------------------------------------------------
def test_the_page_without_reports_says_what_will_come(manager_client) -> None:
    answer = manager_client.get(REPORTS)
    assert text_of(answer, ".empty h2") == "No reports yet"
    assert page(answer).select("#report-list") == []
    assert text_of(answer, "#report-recipients") == "Goes to boss@mail.com ."


@pytest.mark.contrast
@pytest.mark.parametrize("path", [REPORTS, "/reports/orders-2026-10.csv"])
def test_guests_are_sent_to_the_login_and_learners_refused(guest, learner_client, path: str) -> None:
    assert_sent_to_login(guest.get(path), path)
    assert_refused(learner_client.get(path))


def test_nobody_but_staff_can_start_a_report(guest, learner_client, press) -> None:
    assert_sent_to_login(guest.post(REPORTS, {"month": "2026-10"}), REPORTS)
    assert_refused(learner_client.post(REPORTS, {"month": "2026-10"}))
    assert not MonthlyReport.objects.exists()


def test_a_foreign_page_cannot_press_the_button(manager) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(REPORTS, {"month": "2026-10"})
    assert_not_switched_off(answer)
    assert answer.status_code == 403
    assert not MonthlyReport.objects.exists()


@pytest.mark.parametrize(
    "method, path", [("put", REPORTS), ("delete", REPORTS), ("post", "/reports/orders-2026-10.csv")]
)
def test_other_methods_are_refused(manager_client, method: str, path: str) -> None:
    answer = getattr(manager_client, method)(path)
    assert answer.status_code == 405


def test_the_download_is_a_csv_file_nobody_else_keeps(run, manager_client) -> None:
    run()
    answer = manager_client.get("/reports/orders-2026-10.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="orders-2026-10.csv"'
    assert int(answer["Content-Length"]) == len(answer.getvalue()) == MonthlyReport.objects.get().file.size
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("month", ["2026-10", "2026-11", "2026-13", "x", "..%2F..%2Fsecret"])
def test_there_is_no_download_without_a_report(manager_client, month: str) -> None:
    assert_gone(manager_client.get(f"/reports/orders-{month}.csv"))


def test_an_asgi_server_streams_the_download_in_pieces(run, manager) -> None:
    run()

    async def download() -> tuple:
        browser = AsyncClient()
        await browser.aforce_login(manager, backend="django.contrib.auth.backends.ModelBackend")
        answer = await browser.get("/reports/orders-2026-10.csv")
        return answer, [piece async for piece in answer.streaming_content]

    answer, pieces = async_to_sync(download)()
    assert (answer.status_code, answer.is_async) == (200, True)
    assert answer["Content-Disposition"] == 'attachment; filename="orders-2026-10.csv"'
    assert b"".join(pieces) == content_of(MonthlyReport.objects.get())
    assert int(answer["Content-Length"]) == len(b"".join(pieces))


def test_the_stored_file_cannot_be_guessed_nor_read_by_others_nor_fetched_as_media(
    run, manager_client
) -> None:
    run()
    report = MonthlyReport.objects.get()
    assert len(Path(report.file.name).stem) == len("orders-2026-10-") + 32
    assert Path(report.file.path).stat().st_mode & 0o777 == 0o600
    assert_gone(manager_client.get(f"/media/{report.file.name}"))


def test_the_page_lists_the_latest_month_first_and_pages_through_the_rest(manager_client) -> None:
    for number in range(13):
        baker.make(MonthlyReport, month=date(2025 + number // 12, number % 12 + 1, 1))
    first = page(manager_client.get(REPORTS))
    months = [row["data-month"] for row in first.select("#report-list tbody tr")]
    assert months == ["2026-01", *(f"2025-{number:02}" for number in range(12, 1, -1))]
    second = page(manager_client.get(REPORTS + first.select_one("a[rel=next]")["href"]))
    assert [row["data-month"] for row in second.select("#report-list tbody tr")] == ["2025-01"]


def test_the_page_costs_the_same_with_many_reports(manager_client, django_assert_max_num_queries) -> None:
    for month in range(1, 11):
        report = baker.make(MonthlyReport, month=date(2026, month, 1))
        baker.make(ReportDelivery, report=report, _quantity=3, recipient=iter("abc"))
    with django_assert_max_num_queries(8):
        manager_client.get(REPORTS)


def test_a_report_that_is_being_made_offers_no_second_start(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    with claimed(report):
        assert page(manager_client.get(REPORTS)).select("#report-list button") == []
    assert len(page(manager_client.get(REPORTS)).select("#report-list button")) == 1


def test_an_error_with_markup_in_it_is_shown_as_text(manager_client) -> None:
    baker.make(MonthlyReport, month=OCTOBER, status="FAILED", last_error="<script id=evil>alert(1)</script>")
    assert page(manager_client.get(REPORTS)).select("#evil") == []


# --- Off --------------------------------------------------------------------------------------------------------------
def test_off_the_pages_are_switched_off_and_nothing_is_lost(
    milestones, run, manager_client, media_root: Path
) -> None:
    run()
    before = files_in(media_root)
    milestones.off("monthly-report")
    for path in (REPORTS, "/reports/orders-2026-10.csv"):
        assert_switched_off(manager_client.get(path), "monthly-report")
    assert_switched_off(manager_client.post(REPORTS, {"month": "2026-10"}), "monthly-report")
    milestones.on("monthly-report")
    assert files_in(media_root) == before
    assert manager_client.get("/reports/orders-2026-10.csv").getvalue() != b""


def test_off_the_tasks_end_without_doing_anything(milestones, pending, media_root: Path) -> None:
    report = baker.make(MonthlyReport, month=date(2026, 9, 1))
    milestones.off("monthly-report")
    tasks.send_last_month()
    tasks.send_monthly_report(report.pk)
    tasks.deliver_report(pending.pk)
    report.refresh_from_db()
    assert (report.status, report.file.name) == ("PENDING", "")
    assert state_of(pending) == ("PENDING", 0, "")
    assert mail.outbox == []


def test_off_the_command_says_how_to_turn_it_on(milestones, run) -> None:
    milestones.off("monthly-report")
    assert run() == (
        "error 1: The monthly report is switched off. "
        "Turn it on with: python manage.py stages on monthly-report"
    )


def test_on_for_one_user_only_is_off_for_the_report(milestones, manager, manager_client) -> None:
    milestones.off("monthly-report")
    flag = get_waffle_flag_model().objects.get(name="monthly-report")
    flag.everyone = None
    flag.save()
    flag.users.add(manager)
    assert_switched_off(browser_of(manager).get(REPORTS), "monthly-report")
