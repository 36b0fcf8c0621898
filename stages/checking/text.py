"""Results as plain lines: no colour, no cursor, the same in a terminal, a log and a screen reader."""

from collections.abc import Iterable, Sequence

from stages.checking.causes import Causes
from stages.checking.grouping import Check, Checks
from stages.checking.results import Report, Row, Status

# How many red checks of a milestone are told in full; the first ones usually say it all.
TOLD = 5
WORDS = {
    Status.PASS: "pass",
    Status.FAIL: "FAIL",
    Status.ERROR: "ERROR",
    Status.BLOCKED: "blocked",
    Status.UNJUDGED: "not judged",
}


def columns(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table whose columns are as wide as they have to be."""
    lines = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def of_row(row: Row, report: Report | None = None) -> list[str]:
    """A milestone in one line, and what is red about it below; blocked is one line.

    With the report, each check that is probably a consequence of another milestone's says so.
    """
    if row.blocked_by:
        return [f"blocked  {row.milestone}: waits for {', '.join(row.blocked_by)}"]
    checks = Checks.of(row)
    head = f"{WORDS[row.status]:<8} {row.milestone}: {checks.count}"
    if not checks.bad:
        return [head]
    causes = Causes(report or Report(row.results))
    told = _told(row, checks.deciding, causes)
    stars = _told(row, checks.stars, causes)
    return [
        head,
        *told,
        *(["  Further stars, for which the milestone need not wait:", *stars] if stars else []),
        *look_at(checks),
    ]


def _told(row: Row, checks: Sequence[Check], causes: Causes) -> list[str]:
    """The first few in full, and how many there are besides."""
    told = [line for check in checks[:TOLD] for line in of_check(check, str(causes.of(row, check) or ""))]
    more = len(checks) - TOLD
    return [*told, *([f"  … and {more} more"] if more > 0 else [])]


def of_check(check: Check, cause: str = "") -> list[str]:
    """What fails, what came, and the command that runs it alone."""
    notes = f" ({check.notes})" if check.notes else ""
    below = [*check.told, cause, f"Alone: pytest {check.test}"]
    return [f"  {WORDS[check.status]} {check.title}{notes}", *(f"      {line}" for line in below if line)]


def look_at(checks: Checks) -> list[str]:
    return ["  Look at:", *(f"      {place}" for place in checks.look_at)] if checks.look_at else []
