"""What the dashboard shows: the few figures an office looks at first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from clients.models import Client
from clients.search.large_tables import LargeTablePaginator
from clients.search.pages import PER_PAGE

NEWEST = 5


@dataclass(frozen=True)
class DashboardFigures:
    """`clients_word` is "about" or "more than" when the number of clients is not exact."""

    clients_count: int
    clients_word: str
    new_this_month: int
    newest: list[Client]


def start_of_month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def summary() -> DashboardFigures:
    """Three queries, none of which grows with the table."""
    counted = LargeTablePaginator(Client.objects.newest_first(), PER_PAGE)
    this_month = Client.objects.filter(created_at__gte=start_of_month(timezone.localtime()))
    return DashboardFigures(
        clients_count=counted.count,
        clients_word=counted.count_word,
        new_this_month=this_month.count(),
        newest=list(Client.objects.newest_first()[:NEWEST]),
    )
