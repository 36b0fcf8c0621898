"""Which month a report is about. A month is named by its first day, and begins and ends in the configured time zone."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as formatted

FIRST_YEAR = 2000


class WrongMonthError(ValueError):
    """The month cannot be reported on; the message says why, for the person who asked."""


def last_month() -> date:
    """The month before the one that it is now in the configured time zone."""
    return (this_month() - timedelta(days=1)).replace(day=1)


def this_month() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone()).replace(day=1)


def parse_month(text: str) -> date:
    """The month meant by a text such as `2026-10`. Raises WrongMonthError, also for a month that is not over.

    A report is made once: of a month that still runs it would lack orders for ever.
    """
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or int(text[:4]) < FIRST_YEAR:
        raise WrongMonthError(f"“{text[:20]}” is no month. Write it like {last_month():%Y-%m}.")
    month = date(int(text[:4]), int(text[5:]), 1)
    if month > last_month():
        latest = month_name(last_month())
        raise WrongMonthError(
            f"{month_name(month)} is not over yet. The latest report there can be is that of {latest}."
        )
    return month


def month_name(month: date) -> str:
    """Such as “October 2026”."""
    return formatted(month, "F Y")


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of the month and the first one after it."""
    following = (month + timedelta(days=31)).replace(day=1)
    zone = timezone.get_default_timezone()
    return (
        datetime(month.year, month.month, 1, tzinfo=zone),
        datetime(following.year, following.month, 1, tzinfo=zone),
    )
