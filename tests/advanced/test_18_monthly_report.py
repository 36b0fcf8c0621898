"""Milestone 18: on the first of the month the managers have last month's orders in the mail.

Without a broker a task runs at once, in the process that asks for it. That nothing happens twice has a file of its own,
test_18_report_once.py; real workers, beat and mail servers have their turn in tests/services.
"""

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urljoin

import pytest
import time_machine
from asgiref.sync import async_to_sync
from celery import current_app
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.core import mail
from django.test import AsyncClient
from django.test import Client as Browser
from model_bakery import baker
from waffle import get_waffle_flag_model

from clients.models import Client, MonthlyReport, Order, ReportDelivery
from clients.reports import tasks, writing
from clients.reports.claims import claimed
from clients.reports.months import WrongMonth, bounds, last_month, parse_month
from tests.advanced.reports import (
    BOSS,
    OCTOBER,
    REPORTS,
    assert_octobers_orders,
    content_of,
    files_in,
    order,
    rows_of,
    some_orders,
    state_of,
)
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
from tests.sentences import answer, listed

pytest_plugins = ["tests.advanced.report_fixtures"]
pytestmark = pytest.mark.usefixtures("november", "one_recipient")


# --- Runs by hand and by beat -----------------------------------------------------------------------------------------
def assert_mailed_to_the_manager(how: str) -> None:
    """One mail, to the one recipient, with October's orders as a CSV file."""
    to = [message.to for message in mail.outbox]
    assert to == [[BOSS]], f"{how} mails went to {listed(to)}; one to {BOSS} was expected."
    names = [name for name, _, _ in mail.outbox[0].attachments]
    assert len(names) == 1, (
        f"{how} the mail has the files {listed(names, 'none')}; one CSV file was expected."
    )
    assert names[0].endswith(".csv"), (
        f"{how} the mail's file is called {names[0]}; a name in .csv was expected."
    )
    assert_octobers_orders(mail.outbox[0].attachments[0][1], where=f"{how}, in the file of the mail")


@pytest.mark.required
@pytest.mark.contrast
def test_the_command_mails_last_months_orders_to_the_manager(run) -> None:
    some_orders()
    run()
    assert_mailed_to_the_manager("By `python manage.py send_monthly_report`")


@pytest.mark.required
@pytest.mark.contrast
def test_what_beat_starts_on_the_first_mails_last_months_report(milestones, committed) -> None:
    some_orders()
    entries = [
        entry
        for entry in current_app.conf.beat_schedule.values()
        if getattr(entry["schedule"], "day_of_month", None) == {1}
    ]
    assert entries, "Nothing in beat's schedule is due on the first day of a month only."
    for entry in entries:
        current_app.tasks[entry["task"]].delay(*entry.get("args", ()), **entry.get("kwargs", {}))
    assert_mailed_to_the_manager("By what beat starts on the first")


@pytest.mark.required
@pytest.mark.contrast
def test_a_manager_makes_the_report_by_a_button_and_downloads_it(press, manager_client: Browser) -> None:
    some_orders()
    found = page(press())
    link = found.select_one('main a[href$=".csv"]')
    assert link is not None, "After the button was pressed the reports page links to no CSV file."
    download = manager_client.get(urljoin(REPORTS, link["href"]))
    assert download.status_code == 200, f"{answer(download)}; the file was expected."
    assert_octobers_orders(download.getvalue(), where="In the download")


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


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(run, name: str) -> None:
    client = baker.make(Client, name=name, email="evil@mail.com")
    order(client, "1.00", datetime(2026, 10, 3, tzinfo=UTC), title=name)
    run()
    text = content_of(MonthlyReport.objects.get()).decode("utf-8-sig")
    assert f'"\'{name}","evil@mail.com","\'{name}"' in text
    assert f'"{name}"' not in text


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("name", ['He said "no"', "a,b;c", "two\nlines", "株式会社", "O'Brien"])
def test_odd_names_come_out_of_the_file_as_they_are(run, name: str) -> None:
    client = baker.make(Client, name=name, email="odd@mail.com")
    order(client, "1.00", datetime(2026, 10, 3, tzinfo=UTC))
    run()
    assert rows_of(MonthlyReport.objects.get())[2][2] == name


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


@pytest.mark.beyond("hostile")
def test_a_month_has_its_hours_where_clocks_change(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    start, end = bounds(OCTOBER)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=31, hours=1)
    assert bounds(date(2025, 12, 1))[1].replace(tzinfo=None) == datetime(2026, 1, 1)  # noqa: DTZ001  # compared as it reads


@pytest.mark.beyond("scale")
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


# --- Which months -----------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
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


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "month, name", [("2026-11", "November 2026"), ("2027-01", "January 2027"), ("9999-12", "December 9999")]
)
def test_a_month_that_is_not_over_is_refused(run, press, month: str, name: str) -> None:
    reason = f"{name} is not over yet. The latest report there can be is that of October 2026."
    assert run("--month", month) == f"error 2: {reason}"
    assert field_errors(press(month), "month") == reason
    assert not MonthlyReport.objects.exists()


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


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("path", [REPORTS, "/reports/orders-2026-10.csv"])
def test_guests_are_sent_to_the_login_and_learners_refused(guest, learner_client, path: str) -> None:
    assert_sent_to_login(guest.get(path), path)
    assert_refused(learner_client.get(path))


@pytest.mark.beyond("hostile")
def test_nobody_but_staff_can_start_a_report(guest, learner_client, press) -> None:
    assert_sent_to_login(guest.post(REPORTS, {"month": "2026-10"}), REPORTS)
    assert_refused(learner_client.post(REPORTS, {"month": "2026-10"}))
    assert not MonthlyReport.objects.exists()


@pytest.mark.beyond("hostile")
def test_a_foreign_page_cannot_press_the_button(manager) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(REPORTS, {"month": "2026-10"})
    assert_not_switched_off(answer)
    assert answer.status_code == 403
    assert not MonthlyReport.objects.exists()


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "method, path", [("put", REPORTS), ("delete", REPORTS), ("post", "/reports/orders-2026-10.csv")]
)
def test_other_methods_are_refused(manager_client, method: str, path: str) -> None:
    answer = getattr(manager_client, method)(path)
    assert answer.status_code == 405


@pytest.mark.beyond("hostile")
def test_the_download_is_a_csv_file_nobody_else_keeps(run, manager_client) -> None:
    run()
    answer = manager_client.get("/reports/orders-2026-10.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="orders-2026-10.csv"'
    assert int(answer["Content-Length"]) == len(answer.getvalue()) == MonthlyReport.objects.get().file.size
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("month", ["2026-10", "2026-11", "2026-13", "x", "..%2F..%2Fsecret"])
def test_there_is_no_download_without_a_report(manager_client, month: str) -> None:
    assert_gone(manager_client.get(f"/reports/orders-{month}.csv"))


@pytest.mark.beyond("scale")
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


@pytest.mark.beyond("hostile")
def test_the_stored_file_cannot_be_guessed_nor_read_by_others_nor_fetched_as_media(
    run, manager_client
) -> None:
    run()
    report = MonthlyReport.objects.get()
    assert len(Path(report.file.name).stem) == len("orders-2026-10-") + 32
    assert Path(report.file.path).stat().st_mode & 0o777 == 0o600
    assert_gone(manager_client.get(f"/media/{report.file.name}"))


@pytest.mark.beyond("scale")
def test_the_page_lists_the_latest_month_first_and_pages_through_the_rest(manager_client) -> None:
    for number in range(13):
        baker.make(MonthlyReport, month=date(2025 + number // 12, number % 12 + 1, 1))
    first = page(manager_client.get(REPORTS))
    months = [row["data-month"] for row in first.select("#report-list tbody tr")]
    assert months == ["2026-01", *(f"2025-{number:02}" for number in range(12, 1, -1))]
    second = page(manager_client.get(REPORTS + first.select_one("a[rel=next]")["href"]))
    assert [row["data-month"] for row in second.select("#report-list tbody tr")] == ["2025-01"]


@pytest.mark.beyond("scale")
def test_the_page_costs_the_same_with_many_reports(manager_client, django_assert_max_num_queries) -> None:
    for month in range(1, 11):
        report = baker.make(MonthlyReport, month=date(2026, month, 1))
        baker.make(ReportDelivery, report=report, _quantity=3, recipient=iter("abc"))
    with django_assert_max_num_queries(8):
        manager_client.get(REPORTS)


@pytest.mark.beyond("comfort")
def test_a_report_that_is_being_made_offers_no_second_start(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    with claimed(report):
        assert page(manager_client.get(REPORTS)).select("#report-list button") == []
    assert len(page(manager_client.get(REPORTS)).select("#report-list button")) == 1


@pytest.mark.beyond("hostile")
def test_an_error_with_markup_in_it_is_shown_as_text(manager_client) -> None:
    baker.make(MonthlyReport, month=OCTOBER, status="FAILED", last_error="<script id=evil>alert(1)</script>")
    assert page(manager_client.get(REPORTS)).select("#evil") == []


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
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


@pytest.mark.switch
def test_off_the_tasks_end_without_doing_anything(milestones, pending, media_root: Path) -> None:
    report = baker.make(MonthlyReport, month=date(2026, 9, 1))
    milestones.off("monthly-report")
    with time_machine.travel(datetime(2026, 12, 1, 6, tzinfo=UTC)):
        tasks.send_last_month()
    tasks.send_monthly_report(report.pk)
    tasks.deliver_report(pending.pk)
    report.refresh_from_db()
    assert (report.status, report.file.name) == ("PENDING", "")
    assert MonthlyReport.objects.count() == 2, "a report was asked for"
    assert state_of(pending) == ("PENDING", 0, "")
    assert mail.outbox == []


@pytest.mark.switch
def test_off_the_command_says_how_to_turn_it_on(milestones, run) -> None:
    milestones.off("monthly-report")
    assert run() == (
        "error 1: The monthly report is switched off. "
        "Turn it on with: python manage.py stages on monthly-report"
    )


@pytest.mark.switch
def test_on_for_one_user_only_is_off_for_the_report(milestones, manager, manager_client) -> None:
    milestones.off("monthly-report")
    flag = get_waffle_flag_model().objects.get(name="monthly-report")
    flag.everyone = None
    flag.save()
    flag.users.add(manager)
    assert_switched_off(browser_of(manager).get(REPORTS), "monthly-report")
