"""What a learner asks: does my milestone hold, and what else have I broken?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stages.catalog import Milestone, catalog
from stages.checking.results import Report, Row, Status
from stages.checking.running import checked, run_checks
from stages.checking.text import of_row
from stages.features import ceiling

PASSED, FAILED, BLOCKED = 0, 1, 3


@dataclass(frozen=True)
class Question:
    """The milestones asked for, those they stand on, and those that stand on them."""

    asked: tuple[Milestone, ...]
    below: tuple[Milestone, ...]
    above: tuple[Milestone, ...]

    @property
    def all(self) -> tuple[Milestone, ...]:
        return (*self.below, *self.asked, *self.above)


def question(milestones: Sequence[Milestone], *, alone: bool = False) -> Question:
    """`alone` leaves out what the milestones may have broken."""
    asked = set(milestones)
    below = {step for one in asked for step in catalog().requirements(one.slug)} - asked
    above = {step for one in asked for step in catalog().dependants(one.slug)} - asked - below
    reached = {step for step in above if ceiling().reaches(step.stage)}
    return Question(tuple(milestones), _in_order(below), () if alone else _in_order(reached))


def _in_order(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    return tuple(checked(sorted(milestones, key=lambda milestone: milestone.number)))


def answer(asked: Question) -> Report:
    """All checks of what was asked for; of what is around it, the required ones."""
    slugs = ",".join(milestone.slug for milestone in asked.asked)
    return run_checks(asked.all, "--focus", slugs)


def lines(asked: Question, report: Report) -> list[str]:
    """What was asked for first, then what it may have broken; what it stands on only where that fails."""
    rows = {row.milestone: row for row in report.rows}
    found = [line for step in asked.asked if step in rows for line in of_row(rows[step])]
    below = [rows[step] for step in asked.below if step in rows]
    red_below = [row for row in below if row.status in (Status.FAIL, Status.ERROR)]
    if red_below:
        found += ["", "It stands on what fails itself; mend that first:"]
        found += [line for row in red_below for line in of_row(row)]
    if asked.above:
        found += ["", "What it may have broken (the required checks of what requires it):"]
        found += [line for step in asked.above if step in rows for line in of_row(rows[step])]
    return [*found, "", verdict(asked, report)]


def verdict(asked: Question, report: Report) -> str:
    words = {
        PASSED: "All of it holds.",
        FAILED: "Not yet: see above.",
        BLOCKED: "Nothing can be said yet: what it requires has to hold first.",
    }
    return f"{words[status(asked, report)]} It took {report.about.get('seconds', 0):.0f} s."


def status(asked: Question, report: Report) -> int:
    """1 when something fails that is not merely blocked, 3 when all that was asked for is blocked or green."""
    rows = {row.milestone: row for row in report.rows}
    own = [rows[step] for step in asked.asked if step in rows]
    if len(own) < len(asked.asked) or _any(own, Status.FAIL, Status.ERROR):
        return FAILED
    if _any(own, Status.BLOCKED):
        return BLOCKED
    return FAILED if _any(rows.values(), Status.FAIL, Status.ERROR) else PASSED


def _any(rows: Iterable[Row], *states: Status) -> bool:
    return any(row.status in states for row in rows)
