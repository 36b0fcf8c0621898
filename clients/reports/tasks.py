"""What the worker does.

A task takes an id, asks once whether the milestone is on, calls a function, and may run twice.
"""

import logging
from datetime import date
from functools import partial
from random import uniform
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import DatabaseError, transaction

from clients.models import MonthlyReport, ReportDelivery
from clients.reports.claims import Busy, ClaimLost
from clients.reports.mailing import NotSent, deliver
from clients.reports.making import make_report
from clients.reports.months import last_month
from clients.reports.overdue import overdue_reports, take_overdue_deliveries
from stages.features import is_active

MILESTONE = "monthly-report"
# How often beat calls `sweep`.
SWEEP_SECONDS = 60
logger = logging.getLogger(__name__)


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
    """Makes the report and hands out its deliveries; all of what is there already stays as it is."""
    if not is_active(MILESTONE):
        return
    try:
        make_report(report_id)
    except (Busy, ClaimLost):
        again_later(self, seconds=settings.REPORT_LEASE / 2)
    except (OSError, DatabaseError) as error:
        again_later(self, seconds=backoff(self.request.retries), error=error)
    else:
        for pk in ReportDelivery.objects.unsent().filter(report=report_id).values_list("pk", flat=True):
            deliver_report.delay(pk)


@shared_task(bind=True)
def deliver_report(self: Task, delivery_id: int) -> None:
    """Sends one recipient's copy; a mail server that is down is asked again, later and later."""
    if not is_active(MILESTONE):
        return
    seconds = backoff(self.request.retries)
    try:
        deliver(delivery_id, retry_in=seconds if has_another_try(self) else None)
    except Busy:
        again_later(self, seconds=settings.REPORT_LEASE / 2)
    except NotSent as error:
        logger.warning("A report was not sent: %s", error)
        if not error.for_good:
            again_later(self, seconds=seconds, error=error)
    except DatabaseError as error:
        again_later(self, seconds=seconds, error=error)


def backoff(retries: int) -> float:
    """Seconds until the next try: doubled each time up to a limit, and never the same for two that failed together."""
    first, longest = settings.REPORT_RETRY_DELAYS
    return min(longest, first * 2 ** min(retries, 20)) * uniform(0.7, 1)  # noqa: S311 - spreads load, guards nothing


def has_another_try(task: Task) -> bool:
    """Without a broker a retry would follow at once, while whoever pressed the button waits: there is none."""
    return not task.request.is_eager and task.request.retries < settings.REPORT_RETRIES


def again_later(task: Task, *, seconds: float, error: Exception | None = None) -> None:
    """Puts the task back in the queue, or gives up, which the log says; the reports page has the reason."""
    if has_another_try(task):
        # Once begun, a task of `sweep` has its retries like any other.
        never: Any = None
        raise task.retry(exc=error, countdown=seconds, max_retries=settings.REPORT_RETRIES, expires=never)
    logger.error("%s%r was given up: %s", task.name, tuple(task.request.args or ()), error or "still busy")
