"""The fixtures of the monthly report: a November day, one recipient, the command and the button."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from model_bakery import baker

from clients.models import MonthlyReport, ReportDelivery
from clients.reports import making, tasks
from tests.advanced.reports import BOSS, OCTOBER, REPORTS


@pytest.fixture
def november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 5, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
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


@pytest.fixture
def pending(milestones) -> ReportDelivery:
    report = baker.make(MonthlyReport, month=OCTOBER)
    making.make_report(report.pk)
    return ReportDelivery.objects.get()
