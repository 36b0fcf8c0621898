"""Milestone 18: on the first of the month the managers have last month's orders in the mail.

Without a broker a task runs at once, in the process that asks for it. That nothing happens twice has a file of its own,
test_18_report_once.py; real workers, beat and mail servers have their turn in tests/services.
"""

import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
import time_machine
from asgiref.sync import async_to_sync
from celery import current_app
from django.core import mail
from django.test import AsyncClient
from django.test import Client as Browser
from model_bakery import baker
from waffle import get_waffle_flag_model

from clients.models import Client, MonthlyReport, Order, ReportDelivery
from clients.reports import tasks, writing
from tests.advanced.reports import (
    BOSS,
    OCTOBER,
    REPORTS,
    assert_octobers_orders,
    content_of,
    files_in,
    some_orders,
    state_of,
)
from tests.fixtures import (
    assert_switched_off,
    browser_of,
    page,
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
