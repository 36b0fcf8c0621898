"""What the person who asked for a report is told, on the page and in the terminal."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.template.defaultfilters import pluralize
from kombu.exceptions import OperationalError

from clients.models import MonthlyReport, ReportDelivery
from clients.reports.months import month_name
from clients.reports.recipients import recipients
from clients.reports.tasks import ask_for_report


@dataclass(frozen=True)
class RequestOutcome:
    """One sentence or two, and how good the news is: named like the functions of django.contrib.messages."""

    level: Literal["success", "info", "warning", "error"]
    text: str


def ask(month: date) -> RequestOutcome:
    """Asks for the month's report and says what came, or will come, of it."""
    before = MonthlyReport.objects.filter(month=month).first()
    made_before = before is not None and before.is_made
    missing = recipients_without(before)
    try:
        report = ask_for_report(month)
    except OperationalError:
        return RequestOutcome(
            "error", "The queue cannot be reached, so nothing was started. Please try again in a while."
        )
    report.refresh_from_db()
    if not made_before:
        return answer_for_new(report)
    made = f"The report for {month_name(month)} was there already."
    if not missing:
        return RequestOutcome("info", f"{made} Everybody has got it, so nothing was sent again.")
    return answer_with_mails(report, made, missing)


def recipients_without(report: MonthlyReport | None) -> set[str]:
    """Who has not got the report yet."""
    sent = ReportDelivery.objects.filter(report=report, status=ReportDelivery.Status.SENT)
    return set(recipients()) - set(sent.values_list("recipient", flat=True))


def answer_for_new(report: MonthlyReport) -> RequestOutcome:
    name = month_name(report.month)
    if report.status == MonthlyReport.Status.FAILED:
        return RequestOutcome("error", f"The report for {name} could not be made: {report.last_error}")
    if report.status == MonthlyReport.Status.PENDING:
        return RequestOutcome(
            "success",
            f"The report for {name} is being made. It will be on the reports page when it is ready.",
        )
    made = f"The report for {name} is ready: {report.orders_count} order{pluralize(report.orders_count)}."
    return answer_with_mails(report, made, set(recipients()))


def answer_with_mails(report: MonthlyReport, made: str, wanted: set[str]) -> RequestOutcome:
    """`made`, and what became of the mails to those who were to get one."""
    failed = report.deliveries.filter(status=ReportDelivery.Status.FAILED).values_list("recipient", flat=True)
    waiting = recipients_without(report) & wanted
    if waiting & set(failed):
        return RequestOutcome(
            "warning", f"{made} The mail to {listed(waiting & set(failed))} failed: see the reports page."
        )
    if waiting:
        return RequestOutcome("success", f"{made} It is being sent to {listed(waiting)}.")
    return RequestOutcome("success", f"{made} It was sent to {listed(wanted)}." if wanted else made)


def listed(addresses: set[str]) -> str:
    return ", ".join(sorted(addresses))
