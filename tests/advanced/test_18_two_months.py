"""Milestone 18 with the reports of two months, and with the orders of several clients, side by side."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from model_bakery import baker

from clients.models import Client, MonthlyReport, ReportDelivery
from clients.reports import mailing
from tests.advanced.reports import order, rows_of
from tests.fixtures import text_of

pytest_plugins = ["tests.advanced.report_fixtures"]
pytestmark = [pytest.mark.usefixtures("november", "one_recipient"), pytest.mark.beyond("comfort")]


def test_two_clients_of_one_name_who_order_in_turn_have_a_total_each(run) -> None:
    one, other = (baker.make(Client, name="Ada", email=f"{name}@mail.com") for name in ("one", "other"))
    for day, client in enumerate([one, other, one, other], 1):
        order(client, "2.00", datetime(2026, 10, day, tzinfo=UTC))
    run()
    rows = rows_of(MonthlyReport.objects.get())
    assert [row[1:] for row in rows if row[:1] == ["Ada"]] == [
        ["one@mail.com", "2", "4.00"],
        ["other@mail.com", "2", "4.00"],
    ]


@pytest.mark.contrast
def test_who_got_another_months_report_has_not_got_this_one(run, press, monkeypatch) -> None:
    run("--month", "2026-09")

    def down(message) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(mailing.EmailMessage, "send", down)
        assert "The mail to boss@mail.com failed" in text_of(press(), "#messages")
    assert text_of(press(), "#messages") == (
        "The report for October 2026 was there already. It was sent to boss@mail.com."
    )


@pytest.mark.contrast
def test_a_mail_of_another_month_that_failed_is_not_sent_along(run) -> None:
    run("--month", "2026-09")
    ReportDelivery.objects.update(status="FAILED")
    mail.outbox.clear()
    run()
    assert [message.subject for message in mail.outbox] == ["Orders of October 2026"]


@pytest.mark.contrast
def test_the_name_of_one_months_file_does_not_give_away_anothers(run) -> None:
    for month in ("2026-09", "2026-10"):
        run("--month", month)
    secrets = {Path(report.file.name).stem.rpartition("-")[2] for report in MonthlyReport.objects.all()}
    assert len(secrets) == 2
