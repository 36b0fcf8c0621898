"""What one attempt at a delivery came to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt; `error` is empty when it arrived."""

    status: int | None = None
    error: str = ""
