"""What the broker has lost: reports and deliveries that nobody is going to take up, told by their rows.

Redis may be wiped, and a worker may die between making a report and handing out its deliveries. The rows stay.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.models import MonthlyReport, ReportDelivery

# Above every wait of the queue itself: the longest retry delay and Redis's visibility timeout (two minutes).
OVERDUE = timedelta(minutes=5)


def unclaimed() -> Q:
    """No worker is at it right now."""
    return Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())


def overdue_reports() -> QuerySet[MonthlyReport]:
    """Asked for a while ago, still to be made, and nobody is at it. One that failed has its reason and its retries."""
    asked = MonthlyReport.objects.filter(created_at__lt=timezone.now() - OVERDUE)
    return asked.filter(unclaimed(), status=MonthlyReport.Status.PENDING)


def take_overdue_deliveries() -> list[int]:
    """The ids of the copies that should have been sent a while ago. From now on they count as due just now."""
    now = timezone.now()
    never_begun = Q(next_attempt_at=None, report__finished_at__lt=now - OVERDUE)
    waiting = ReportDelivery.objects.filter(unclaimed(), status=ReportDelivery.Status.PENDING)
    overdue = waiting.filter(never_begun | Q(next_attempt_at__lt=now - OVERDUE))
    ids = list(overdue.values_list("pk", flat=True))
    ReportDelivery.objects.filter(pk__in=ids).update(next_attempt_at=now)
    return ids
