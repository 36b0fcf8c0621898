"""Who gets the report."""

from collections.abc import Iterable
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.contrib.auth import get_user_model

from clients.models import MonthlyReport, ReportDelivery


def recipients() -> list[str]:
    """REPORT_RECIPIENTS; where that is empty, everybody active who is staff and has an e-mail address. Each once."""
    found: Iterable[str] = settings.REPORT_RECIPIENTS or staff_addresses()
    return sorted({address.strip().lower() for address in found})


def staff_addresses() -> Iterable[str]:
    staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
    return staff.exclude(email="").values_list("email", flat=True)


def add_deliveries(report: MonthlyReport) -> None:
    """One delivery a recipient; those that are there already stay as they are, with their Message-ID."""
    ReportDelivery.objects.bulk_create(
        [
            ReportDelivery(report=report, recipient=recipient, message_id=new_message_id(report))
            for recipient in recipients()
        ],
        ignore_conflicts=True,
    )


def new_message_id(report: MonthlyReport) -> str:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return make_msgid(
        idstring=f"orders-{report.month:%Y-%m}", domain=sender.rpartition("@")[2] or "localhost"
    )
