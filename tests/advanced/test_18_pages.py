"""Milestone 18, beyond: the months, the file and the page, for comfort."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from celery import current_app
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Client, MonthlyReport
from clients.reports.claims import claimed
from clients.reports.months import last_month
from tests.advanced.reports import (
    OCTOBER,
    REPORTS,
    content_of,
    order,
    rows_of,
    some_orders,
)
from tests.fixtures import (
    assert_gone,
    page,
    text_of,
)

pytest_plugins = ["tests.advanced.report_fixtures"]


pytestmark = pytest.mark.usefixtures("november", "one_recipient")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_command_says_what_was_done_and_the_mail_what_it_is(run) -> None:
    some_orders()
    assert run() == "The report for October 2026 is ready: 3 orders. It was sent to boss@mail.com."
    (message,) = mail.outbox
    ((name, content, _),) = message.attachments
    report = MonthlyReport.objects.get()
    assert (message.subject, name) == ("Orders of October 2026", "orders-2026-10.csv")
    assert content == content_of(report)
    assert (report.month, report.status, report.orders_count) == (OCTOBER, "READY", 3)
    assert report.orders_total == Decimal("15.75")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_page_shows_the_report_as_it_was_mailed(press, manager_client: Browser) -> None:
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


@pytest.mark.beyond("comfort")
def test_beat_starts_it_on_the_first_at_six_in_the_configured_time_zone() -> None:
    schedule = current_app.conf.beat_schedule["monthly-report"]["schedule"]
    assert schedule == crontab(minute=0, hour=6, day_of_month=1)
    assert str(current_app.timezone) == django_settings.TIME_ZONE


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
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


@pytest.mark.beyond("comfort")
def test_a_month_without_orders_has_its_report_too(run) -> None:
    assert run() == "The report for October 2026 is ready: 0 orders. It was sent to boss@mail.com."
    rows = rows_of(MonthlyReport.objects.get())
    assert rows[2:5] == [[], ["Totals per client"], ["Client", "Email", "Orders", "Total"]]
    assert rows[-1] == ["All", "0", "0.00"]


@pytest.mark.beyond("comfort")
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


@pytest.mark.beyond("comfort")
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


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "zone, month",
    [("UTC", date(2026, 10, 1)), ("Asia/Tokyo", OCTOBER), ("America/New_York", date(2026, 9, 1))],
)
def test_last_month_is_the_one_before_the_month_it_is_there(settings, zone: str, month: date) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(datetime(2026, 11, 1, 2, tzinfo=UTC), tick=False):
        assert last_month() == month


@pytest.mark.beyond("comfort")
def test_an_older_month_can_be_asked_for(run) -> None:
    some_orders()
    assert (
        run("--month", "2026-09")
        == "The report for September 2026 is ready: 1 order. It was sent to boss@mail.com."
    )
    assert MonthlyReport.objects.get().month == date(2026, 9, 1)


@pytest.mark.beyond("comfort")
def test_the_form_suggests_last_month_and_offers_no_later_one(manager_client) -> None:
    field = page(manager_client.get(REPORTS)).select_one("input[name=month]")
    assert (field["type"], field["value"], field["max"]) == ("month", "2026-10", "2026-10")


# --- The page and the file: for staff ---------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_the_page_without_reports_says_what_will_come(manager_client) -> None:
    answer = manager_client.get(REPORTS)
    assert text_of(answer, ".empty h2") == "No reports yet"
    assert page(answer).select("#report-list") == []
    assert text_of(answer, "#report-recipients") == "Goes to boss@mail.com ."


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("month", ["2026-10", "2026-11", "2026-13", "x", "..%2F..%2Fsecret"])
def test_there_is_no_download_without_a_report(manager_client, month: str) -> None:
    assert_gone(manager_client.get(f"/reports/orders-{month}.csv"))


@pytest.mark.beyond("comfort")
def test_a_report_that_is_being_made_offers_no_second_start(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    with claimed(report):
        assert page(manager_client.get(REPORTS)).select("#report-list button") == []
    assert len(page(manager_client.get(REPORTS)).select("#report-list button")) == 1
