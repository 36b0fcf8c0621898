"""Milestone 18 after a failure: what the page says while it is tried again, and once that has worked."""

from pathlib import Path

import pytest
from model_bakery import baker

from clients.models import MonthlyReport, ReportDelivery
from clients.reports import making, writing
from clients.site.backoff import backoff
from tests.advanced.reports import BOSS, OCTOBER, REPORTS
from tests.fixtures import page, text_of

pytest_plugins = ["tests.advanced.report_fixtures"]
pytestmark = [pytest.mark.usefixtures("november", "one_recipient"), pytest.mark.beyond("outages")]


@pytest.fixture
def failed(milestones) -> MonthlyReport:
    return baker.make(MonthlyReport, month=OCTOBER, status="FAILED", last_error="OSError: disk full")


@pytest.mark.contrast
def test_while_a_failed_report_is_tried_again_it_is_being_made(failed, manager_client, monkeypatch) -> None:
    seen = []

    def look(path: Path, month) -> writing.Totals:
        seen.append(text_of(manager_client.get(REPORTS), "#report-list tbody .badge"))
        return writing.write_report(path, month)

    monkeypatch.setattr(making, "write_report", look)
    making.make_report(failed.pk)

    assert seen == ["Being made"]


@pytest.mark.contrast
def test_while_one_of_two_copies_is_missing_the_page_offers_to_send_it(manager_client) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER, status="READY")
    for recipient, status in ((BOSS, "SENT"), ("other@mail.com", "FAILED")):
        baker.make(ReportDelivery, report=report, recipient=recipient, status=status)
    assert len(page(manager_client.get(REPORTS)).select("#report-list button")) == 1
    ReportDelivery.objects.update(status="SENT")
    assert page(manager_client.get(REPORTS)).select("#report-list button") == []


@pytest.mark.contrast
def test_the_browser_does_not_show_the_page_of_before(manager_client) -> None:
    assert "no-store" in manager_client.get(REPORTS).headers.get("Cache-Control", "")


def test_two_tasks_that_failed_together_do_not_try_again_together() -> None:
    assert len({backoff(2, first=5, longest=100) for _ in range(50)}) > 40


@pytest.mark.contrast
def test_once_it_has_worked_the_old_error_is_gone(failed, press) -> None:
    answer = press()

    assert text_of(answer, "#report-list tbody .badge") == "Ready"
    assert page(answer).select(".report-error") == []
    assert MonthlyReport.objects.get().last_error == ""
