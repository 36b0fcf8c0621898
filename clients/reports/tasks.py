"""What the worker does.

A task takes an id, asks once whether the milestone is on, calls a function, and may run twice.
"""

from datetime import date
from functools import partial

from celery import Task, shared_task
from django.db import transaction

from clients.models import MonthlyReport, ReportDelivery
from clients.reports.mailing import deliver
from clients.reports.making import make_report
from clients.reports.months import last_month
from clients.reports.overdue import overdue_reports, take_overdue_deliveries
from clients.reports.retrying import tried_again
from stages.features import is_active

MILESTONE = "monthly-report"
# How often beat calls `sweep`.
SWEEP_SECONDS = 60


def ask_for_report(month: date) -> MonthlyReport:
    """Asks the worker for the month's report: the way of the button, of the command and of beat.

    Raises kombu's OperationalError when the queue cannot be reached; asking again puts that right.
    """
    report, _ = MonthlyReport.objects.get_or_create(month=month)
    transaction.on_commit(partial(send_monthly_report.delay, report.pk))
    return report


@shared_task
def send_last_month() -> None:
    """Beat's, on the first of the month: the report of the month that has just ended in the configured time zone."""
    if is_active(MILESTONE):
        ask_for_report(last_month())


@shared_task
def sweep() -> None:
    """Beat's, every minute: what the queue has lost is queued again. Claims see to it that twice does no harm.

    What a worker has not begun by the next minute is dropped: that minute queues it once more.
    """
    if not is_active(MILESTONE):
        return
    for pk in overdue_reports().values_list("pk", flat=True):
        send_monthly_report.apply_async((pk,), expires=SWEEP_SECONDS)
    for pk in take_overdue_deliveries():
        deliver_report.apply_async((pk,), expires=SWEEP_SECONDS)


@shared_task(bind=True)
def send_monthly_report(self: Task, report_id: int) -> None:
    """Makes the report and mails it. What is there already stays as it is, so that running twice does no harm."""
    if is_active(MILESTONE):
        with tried_again(self):
            make_and_send(report_id)


def make_and_send(report_id: int) -> None:
    """Makes the report's file, and queues a mail for each recipient who has none yet."""
    make_report(report_id)
    for pk in ReportDelivery.objects.unsent().filter(report=report_id).values_list("pk", flat=True):
        deliver_report.delay(pk)


@shared_task(bind=True)
def deliver_report(self: Task, delivery_id: int) -> None:
    """Sends one recipient's copy."""
    if is_active(MILESTONE):
        with tried_again(self) as seconds:
            deliver(delivery_id, retry_in=seconds)
