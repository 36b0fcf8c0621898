"""A plain solution of milestone 18, Async tasks."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from clients.models import ReportDelivery
from clients.reports.months import month_name


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
