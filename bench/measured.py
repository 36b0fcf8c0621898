"""A row of the table: two figures of one run and what their ratio promises."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """`ours` against `other`; `limit` is what their ratio promises: at most ("≤ 1.5") or at least ("≥ 4")."""

    what: str
    ours: str
    other: str
    ratio: float
    limit: str = ""

    @property
    def kept(self) -> bool:
        sign, _, bound = self.limit.partition(" ")
        return not sign or (self.ratio <= float(bound) if sign == "≤" else self.ratio >= float(bound))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
