"""A row of the table: two figures of one run, their ratio, and what it promises."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """`ours` against `other`; `limit` is what their ratio promises: at most ("≤ 1.5") or at least ("≥ 4").

    `aim` is what it is meant to reach one day. `low` and `high` are the ratios of the single rounds, 0 where there was
    one round only.
    """

    what: str
    ours: str
    other: str
    ratio: float
    limit: str = ""
    aim: str = ""
    low: float = 0
    high: float = 0

    @property
    def kept(self) -> bool:
        return holds(self.ratio, self.limit)

    @property
    def reached(self) -> bool:
        return holds(self.ratio, self.aim)


def holds(ratio: float, bound: str) -> bool:
    """Whether the ratio is within "≤ 1.5" or "≥ 4"; nothing is always held."""
    sign, _, number = bound.partition(" ")
    return not sign or (ratio <= float(number) if sign == "≤" else ratio >= float(number))


def by_rounds(
    what: str,
    ours: Sequence[float],
    other: Sequence[float],
    shown: Callable[[float], str],
    limit: str = "",
    aim: str = "",
) -> Measured:
    """The row of two figures taken by turns: each round has a ratio, and the medians give the row's."""
    mine, theirs = statistics.median(ours), statistics.median(other)
    rounds = [one / two for one, two in zip(ours, other, strict=True)]
    return Measured(what, shown(mine), shown(theirs), mine / theirs, limit, aim, min(rounds), max(rounds))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def whole_seconds(seconds: float) -> str:
    return f"{seconds:,.1f} s"


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.1f} µs"


def per_second(rate: float) -> str:
    return f"{rate:,.0f}/s"


def megabytes(size: float) -> str:
    return f"{size / 2**20:,.1f} MB"
