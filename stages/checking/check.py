"""What a learner asks: does my milestone hold, and what else have I broken?

The milestone itself is asked first, and its answer told at once. Where it is red, what it stands on is asked, to tell
whether the fault is its own; where it is green, what stands on it, which it may have broken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from stages.catalog import ROOT, Milestone, catalog
from stages.checking.compiling import first_that_does_not_compile
from stages.checking.files import digest
from stages.checking.results import RED, Report, Result, Row, Status
from stages.checking.running import ceiling, checked, run_checks
from stages.checking.text import of_row

PASSED, FAILED, BLOCKED, UNKNOWN = 0, 1, 3, 4
REQUIRED = ("-m", "required")
STARS = ("-m", "not required")
VERDICTS = {
    PASSED: "All of it holds.",
    FAILED: "Not yet: see above.",
    BLOCKED: "Nothing can be said yet: what it requires has to hold first.",
    UNKNOWN: "The checker itself could not tell: see above.",
}

# Each is told one line; a report as soon as it is there.
Say = Callable[[str], object]
Keep = Callable[[Report], object]


@dataclass(frozen=True)
class Question:
    """The milestones asked for, those they stand on, and those that stand on them."""

    asked: tuple[Milestone, ...]
    below: tuple[Milestone, ...]
    above: tuple[Milestone, ...]


def question(milestones: Sequence[Milestone], *, alone: bool = False) -> Question:
    """`alone` leaves out what the milestones may have broken."""
    asked = set(milestones)
    below = {step for one in asked for step in catalog().requirements(one.slug)} - asked
    above = {step for one in asked for step in catalog().dependants(one.slug)} - asked - below
    reached = {step for step in above if ceiling().reaches(step.stage)}
    return Question(tuple(milestones), _in_order(below), () if alone else _in_order(reached))


def _in_order(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    return tuple(checked(sorted(milestones, key=lambda milestone: milestone.number)))


def answer(wanted: Question, say: Say, keep: Keep) -> Report:
    """The required checks of what was asked for; where they hold, its other checks, the further stars.

    Of what is around it, the required checks too, and only as far as they matter.
    """
    report = _first(wanted)
    keep(report)
    if report.stopped:
        say(report.stopped)
        return report
    if status(wanted, report) == PASSED:
        report = _with_stars(wanted, report, say, keep)
    _tell(say, report, rows(report, wanted.asked))
    _tell(say, report, elsewhere(report, wanted.asked), "It waits for what fails itself; mend that first:")
    if may_be_blocked(wanted, report):
        return _with_below(wanted, report, say, keep)
    if wanted.above and status(wanted, report) == PASSED:
        return _with_above(wanted, report, say, keep)
    return report


def _first(wanted: Question) -> Report:
    """Nothing is run where something does not compile, or Django finds fault before the first check."""
    stopped = first_that_does_not_compile(ROOT)
    report = (
        Report((), {"stopped": stopped}) if stopped else run_checks(wanted.asked, *REQUIRED, "--first-look")
    )
    return without_a_check(wanted.asked, report.stopped) if report.stopped else report


def _with_stars(wanted: Question, report: Report, say: Say, keep: Keep) -> Report:
    count = len({one.test.partition("[")[0] for one in report.results})
    say(f"The required checks hold ({count}). Now the further ones …")
    stars = run_checks(wanted.asked, *STARS)
    # What was just run is not missing.
    stars = replace(stars, results=tuple(one for one in stars.results if not one.required))
    keep(stars)
    return joined(report, stars)


def without_a_check(milestones: Iterable[Milestone], stopped: str) -> Report:
    """Whatever is asked for fails as long as the project as a whole is broken."""
    failed = tuple(
        Result(
            "own",
            milestone.slug,
            milestone.test_file.as_posix(),
            Status.FAIL,
            required=True,
            expected="the project compiles, its templates parse, and manage.py check finds no fault",
            got=stopped,
        )
        for milestone in milestones
    )
    code = {milestone.slug: {"digest": digest(milestone, ROOT)} for milestone in milestones}
    return Report(failed, {"stopped": stopped}, code)


def may_be_blocked(wanted: Question, report: Report) -> bool:
    """Whether the fault may lie below. An error whose line is known needs no such question."""
    own = [one for row in rows(report, wanted.asked) for one in row.bad if one.status in RED and one.decides]
    return bool(wanted.below and own) and not any(one.frame for one in own)


def _with_below(wanted: Question, report: Report, say: Say, keep: Keep) -> Report:
    say(f"\nDoes what it stands on hold? {_names(wanted.below)} …")
    below = run_checks(wanted.below, *REQUIRED)
    keep(below)
    both = joined(report, below)
    red = [row for row in rows(both, wanted.below) if row.status in RED]
    if not red:
        say("It does: the fault is its own.")
    _tell(say, both, red, "No; mend that first:")
    return both


def _with_above(wanted: Question, report: Report, say: Say, keep: Keep) -> Report:
    say("\nWhat it may have broken (the required checks of what requires it):")
    above = run_checks(wanted.above, *REQUIRED)
    keep(above)
    both = joined(report, above)
    _tell(say, both, rows(both, wanted.above))
    spoilt = [row for row in rows(both, wanted.asked) if row.status in RED]
    _tell(say, both, spoilt, "So what was asked for does not hold after all:")
    return both


def _tell(say: Say, report: Report, found: Sequence[Row], heading: str = "") -> None:
    """Of what is red it is also said where it only follows from something else in the report."""
    if found and heading:
        say(f"\n{heading}")
    for row in found:
        for line in of_row(row, report):
            say(line)


def _names(milestones: Iterable[Milestone]) -> str:
    return ", ".join(str(milestone) for milestone in milestones)


def joined(first: Report, second: Report) -> Report:
    """As if it had been one run. The earlier digests count."""
    return Report((*first.results, *second.results), first.about, second.code | first.code)


def rows(report: Report, milestones: Iterable[Milestone]) -> list[Row]:
    found = {row.milestone: row for row in report.rows}
    return [found[step] for step in milestones if step in found]


def elsewhere(report: Report, asked: Iterable[Milestone]) -> list[Row]:
    """What nobody asked for, but an error was found in its code."""
    names = set(asked)
    return [row for row in report.rows if row.milestone not in names and row.status in RED]


def verdict(wanted: Question, report: Report, seconds: float) -> str:
    return f"{VERDICTS[status(wanted, report)]} It took {seconds:.1f} s."


def status(wanted: Question, report: Report) -> int:
    """BLOCKED when all that was asked for is blocked or green, FAILED when anything fails for a reason of its own."""
    own = rows(report, wanted.asked)
    if _any(own, Status.FAIL):
        return FAILED
    if len(own) < len(wanted.asked) or _any(own, Status.ERROR):
        return UNKNOWN
    if _any(own, Status.BLOCKED):
        return BLOCKED
    return FAILED if _any(report.rows, *RED) else PASSED


def _any(found: Iterable[Row], *states: Status) -> bool:
    return any(row.status in states for row in found)
