"""Milestone 18, beyond: what strangers send, and what they may not see."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Client, MonthlyReport
from clients.reports.months import WrongMonthError, bounds, parse_month
from tests.advanced.reports import (
    OCTOBER,
    REPORTS,
    content_of,
    order,
    rows_of,
)
from tests.fixtures import (
    assert_gone,
    assert_not_switched_off,
    assert_refused,
    assert_sent_to_login,
    field_errors,
    page,
)

pytest_plugins = ["tests.advanced.report_fixtures"]


pytestmark = pytest.mark.usefixtures("november", "one_recipient")


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


@pytest.mark.beyond("hostile")
def test_a_month_has_its_hours_where_clocks_change(settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    start, end = bounds(OCTOBER)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=31, hours=1)
    assert bounds(date(2025, 12, 1))[1].replace(tzinfo=None) == datetime(2026, 1, 1)  # noqa: DTZ001  # compared as it reads


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
    with pytest.raises(WrongMonthError):
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


@pytest.mark.beyond("hostile")
def test_the_stored_file_cannot_be_guessed_nor_read_by_others_nor_fetched_as_media(
    run, manager_client
) -> None:
    run()
    report = MonthlyReport.objects.get()
    assert len(Path(report.file.name).stem) == len("orders-2026-10-") + 32
    assert Path(report.file.path).stat().st_mode & 0o777 == 0o600
    assert_gone(manager_client.get(f"/media/{report.file.name}"))


@pytest.mark.beyond("hostile")
def test_an_error_with_markup_in_it_is_shown_as_text(manager_client) -> None:
    baker.make(MonthlyReport, month=OCTOBER, status="FAILED", last_error="<script id=evil>alert(1)</script>")
    assert page(manager_client.get(REPORTS)).select("#evil") == []
