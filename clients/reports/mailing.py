"""Sending one recipient's copy: at least once, and recognisable as the same mail when it is more than that."""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from clients.models import MonthlyReport, ReportDelivery
from clients.reports.claims import Claim, claimed
from clients.reports.months import month_name
from clients.reports.recipients import recipients


class NotSentError(Exception):
    """The mail server did not take it; `for_good` when asking again is no use."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def deliver(delivery_id: int, *, retry_in: float | None) -> None:
    """Sends the copy unless it has been sent. `retry_in`: the seconds until it is tried again, None for the last try.

    No transaction is open while the mail server is talked to. Killed after it took the mail and before that was noted,
    a worker leaves a copy that is sent once more, with the same Message-ID. Raises claims.BusyError and NotSentError.
    """
    delivery = ReportDelivery.objects.select_related("report").get(pk=delivery_id)
    with claimed(delivery) as claim:
        delivery.refresh_from_db()
        if delivery.status == ReportDelivery.Status.SENT:
            return
        claim.rows.update(attempts=F("attempts") + 1)
        try:
            send(delivery)
        except NotSentError as error:
            note_failure(claim, error, retry_in=retry_in)
            raise
        note_sent(claim)


def send(delivery: ReportDelivery) -> None:
    """Hands the mail to the mail server. Raises NotSentError."""
    if delivery.recipient not in recipients():
        raise NotSentError("This address is no longer among the recipients.", for_good=True)
    try:
        message_for(delivery).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise NotSentError(f"{code} {answer.decode(errors='replace')}", for_good=code >= 500) from error
    except OSError as error:  # every error of smtplib is one, and so is a server that is not there
        raise NotSentError(f"{type(error).__name__}: {error}") from error
    except ValueError as error:  # an address or a header that no mail can have
        raise NotSentError(f"{type(error).__name__}: {error}", for_good=True) from error


def message_for(delivery: ReportDelivery) -> EmailMessage:
    """The mail, with the file where it is small enough."""
    report = delivery.report
    attached = report.file.size <= settings.REPORT_ATTACHMENT_LIMIT
    context = {
        "report": report,
        "month": month_name(report.month),
        "attached": attached,
        "address": f"{settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ''}/reports/",
    }
    message = EmailMessage(
        subject=f"Orders of {month_name(report.month)}",
        body=render_to_string("clients/reports/mail.txt", context),
        to=[delivery.recipient],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    if attached:
        # As bytes: text is encoded again on its way, and the file would lose its line ends and its BOM.
        with report.file.open("rb") as file:
            message.attach(file_name(report), file.read(), "application/octet-stream")
    return message


def file_name(report: MonthlyReport) -> str:
    """What the file is called where it arrives; the stored name has a secret in it."""
    return f"orders-{report.month:%Y-%m}.csv"


def note_sent(claim: Claim[ReportDelivery]) -> None:
    claim.rows.update(
        status=ReportDelivery.Status.SENT, sent_at=timezone.now(), last_error="", next_attempt_at=None
    )


def note_failure(claim: Claim[ReportDelivery], error: NotSentError, *, retry_in: float | None) -> None:
    """For the reports page: what happened, and when it is tried again."""
    again = retry_in is not None and not error.for_good
    claim.rows.filter(claim=claim.token).update(
        status=ReportDelivery.Status.PENDING if again else ReportDelivery.Status.FAILED,
        last_error=str(error)[:500],
        next_attempt_at=timezone.now() + timedelta(seconds=retry_in or 0) if again else None,
    )
