"""The error of a stub that `stages start` has put in the place of a milestone's code."""

import inspect
from collections import deque
from pathlib import Path
from typing import ClassVar

from stages.catalog import ROOT, catalog


class NotWrittenYet(Exception):  # noqa: N818  # the words that a learner reads
    """A stub of `stages start` was met; the message says which milestone, where, and what helps."""

    # The last ones of this process: a listener or a task only logs it, and its check is red all the same.
    met: ClassVar[deque["NotWrittenYet"]] = deque(maxlen=10)

    def __init__(self, milestone: int, place: str = "") -> None:
        self.milestone = catalog().get(milestone)
        self.place = place or _place_of_caller()
        super().__init__(
            f"This is yours to write: milestone {self.milestone}, {self.place}. "
            f"A hint: python manage.py stages hint {self.milestone.number}"
        )
        self.met.append(self)


def _place_of_caller() -> str:
    """The line that makes the error, as "clients/health.py line 12"."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    assert frame is not None  # somebody has called
    path = Path(frame.f_code.co_filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown.as_posix()} line {frame.f_lineno}"
