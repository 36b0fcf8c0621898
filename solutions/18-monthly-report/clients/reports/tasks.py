"""A plain solution of milestone 18, Async tasks."""

from datetime import date
from functools import partial

from django.db import transaction

from clients.models import MonthlyReport, ReportDelivery
from clients.reports.making import make_report


def ask_for_report(month: date) -> MonthlyReport:
    """Asks the worker for the month's report: the way of the button, of the command and of beat.

    Raises kombu's OperationalError when the queue cannot be reached; asking again puts that right.
    """
    report, _ = MonthlyReport.objects.get_or_create(month=month)
    transaction.on_commit(partial(send_monthly_report.delay, report.pk))
    return report


def make_and_send(report_id: int) -> None:
    """Makes the report's file, and queues a mail for each recipient who has none yet."""
    make_report(report_id)
    for pk in ReportDelivery.objects.unsent().filter(report=report_id).values_list("pk", flat=True):
        deliver_report.delay(pk)
