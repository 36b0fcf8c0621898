"""When demo clients came and demo orders were placed: by daylight, the latest of them the day before a given date."""

from datetime import date, timedelta
from typing import Final

ORDER_DAYS: Final = 730
# Three clients in ten were there before the first order.
CLIENT_DAYS: Final = 1043
OPENS: Final = 8 * 3600
OPEN_SECONDS: Final = 10 * 3600


class Timeline:
    """Turns days since the first client came, as a float below CLIENT_DAYS, into timestamps.

    A table look-up instead of datetime arithmetic: it is asked some million times. Later days give later timestamps.
    """

    def __init__(self, until: date) -> None:
        start = until - timedelta(days=CLIENT_DAYS)
        self.days = [(start + timedelta(days=day)).isoformat() for day in range(CLIENT_DAYS + 1)]
        self.clock = [clock(OPENS + second) for second in range(OPEN_SECONDS)]

    def at(self, days: float) -> str:
        """`YYYY-MM-DD HH:MM:SS` in UTC, between 08:00 and 18:00."""
        day = int(days)
        return f"{self.days[day]} {self.clock[int((days - day) * OPEN_SECONDS)]}"


def clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
