"""A plain solution of milestone 18, Async tasks."""

from collections.abc import Iterable

from django.conf import settings


def recipients() -> list[str]:
    """REPORT_RECIPIENTS; where that is empty, everybody active who is staff and has an e-mail address. Each once."""
    found: Iterable[str] = settings.REPORT_RECIPIENTS or staff_addresses()
    return sorted({address.strip().lower() for address in found})
