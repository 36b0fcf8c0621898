"""Making a month's report, once however often it is asked for."""

import logging
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils import timezone

from clients.models import MonthlyReport
from clients.reports.claims import Claim, claimed
from clients.reports.files import new_part, publish
from clients.reports.recipients import add_deliveries
from clients.reports.writing import Totals, write_report
from clients.site.patience import REPORT, longer_reading

logger = logging.getLogger(__name__)


def make_report(report_id: int) -> None:
    """Sees to it that the report is made and every recipient has a delivery.

    Safe to call again after whatever happened: a report that is made is left alone, one that a dead worker began is
    begun again. Raises claims.BusyError while another worker makes it; whatever else goes wrong stands in the row too.
    """
    report = MonthlyReport.objects.get(pk=report_id)
    with claimed(report) as claim:
        report.refresh_from_db()
        if report.is_made:
            add_deliveries(report)
            return
        claim.rows.update(status=MonthlyReport.Status.PENDING)
        try:
            _make(claim, report)
        except Exception as error:
            _note_failure(claim, error)
            raise


def _make(claim: Claim[MonthlyReport], report: MonthlyReport) -> None:
    part = new_part(report.month)
    try:
        with longer_reading(REPORT):
            totals = write_report(part, report.month)
        finish(claim, part, totals)
    finally:
        part.unlink(missing_ok=True)


def finish(claim: Claim[MonthlyReport], part: Path, totals: Totals) -> None:
    """The report is there from one moment to the next: its file, its sums and its deliveries.

    The row is locked while the file is moved. Killed in between, the worker leaves a whole file that no row names, and
    the next one puts its own in the same place. Raises ClaimLostError and moves nothing when another worker took over.
    """
    with transaction.atomic():
        report = claim.locked_row()
        report.file.name = publish(part, report.month)
        report.orders_count, report.orders_total = totals.all.orders, totals.all.amount
        report.status, report.last_error = MonthlyReport.Status.READY, ""
        report.finished_at = timezone.now()
        report.save()
        add_deliveries(report)


def _note_failure(claim: Claim[MonthlyReport], error: Exception) -> None:
    """For the reports page. Where it cannot be noted, the error itself still goes to the log and the retry."""
    try:
        claim.rows.filter(claim=claim.token).update(
            status=MonthlyReport.Status.FAILED, last_error=f"{type(error).__name__}: {error}"[:500]
        )
    except DatabaseError:
        logger.exception("The failure of a report could not be noted")
