"""Shows that the checks can be trusted: green with their milestone, red without it and red for known mistakes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stages.catalog import ROOT, Milestone, Stage
from stages.checking.declared_checks import declared_checks_of
from stages.checking.grouping import Checks
from stages.checking.mistakes import mistakes_of
from stages.checking.results import RUNS, Report, Result, Row, Status
from stages.checking.running import run_checks

# What the course asks for at the very least.
MINIMUM = {Stage.JUNIOR: 2, Stage.MIDDLE: 5, Stage.ADVANCED: 8}
MISTAKES_AT_LEAST = 2
# A check that fails halfway does not close the files it has opened; that is no finding here.
UNTIDY = ("-W", "ignore::pytest.PytestUnraisableExceptionWarning")
OPTIONS: dict[str, tuple[str, ...]] = {
    "own": (),
    "all": ("--milestones", "all"),
    "off": ("--milestones", "off", "-m", "contrast", *UNTIDY),
    "mistakes": ("--mistakes", *UNTIDY),
}
HEADINGS = ("No.", "Milestone", "own", "all", "off", "mistakes caught", "State")


@dataclass(frozen=True)
class Proof:
    """The report of all four runs, and what is wrong beyond the single checks."""

    report: Report
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.report.spotless and not self.problems


def prove(milestones: Sequence[Milestone], say: Callable[[str], object]) -> Proof:
    """Runs all files once in each mode, then every known mistake. `say` is told what is being done."""
    results: list[Result] = []
    about: dict[str, object] = {}
    code: dict[str, dict[str, str]] = {}
    seconds = 0.0
    for run in RUNS:
        chosen = [milestone for milestone in milestones if _has(milestone, run)]
        say(f"{run}: {len(chosen)} milestones …")
        if chosen:
            report = run_checks(chosen, *OPTIONS[run], run=run)
            results += report.results
            about, code = about or report.about, code or report.code
            seconds += float(report.about.get("seconds", 0))
            say(f"{run}: {report.about.get('seconds', 0)} s")
    whole = Report(tuple(results), {**about, "seconds": round(seconds, 1)}, code)
    return Proof(whole, tuple(problems(milestones, whole)))


def _has(milestone: Milestone, run: str) -> bool:
    """What is never switched has neither a mode `off` nor mistakes that only its flag would show."""
    return milestone.switchable or run in ("own", "all")


def problems(milestones: Sequence[Milestone], report: Report) -> list[str]:
    return [
        *(problem for milestone in milestones for problem in lacks(milestone)),
        *(problem for stage in Stage for problem in too_few(stage, milestones, report)),
    ]


def lacks(milestone: Milestone) -> list[str]:
    """What the files of a milestone lack, whatever their checks say."""
    checks = declared_checks_of(milestone, ROOT)
    required = {check.name for check in checks if "required" in check.markers}
    found = [] if required else [f"{milestone} has no required check."]
    if not milestone.switchable:
        return found
    if not any("contrast" in check.markers for check in checks):
        found.append(f"{milestone} has no contrast check.")
    mistakes = mistakes_of(milestone)
    by_required = [mistake for mistake in mistakes if mistake.caught_by in required]
    if len(by_required) < MISTAKES_AT_LEAST:
        found.append(
            f"{milestone} has {len(by_required)} known mistakes that a required check must catch; "
            f"{MISTAKES_AT_LEAST} are asked for."
        )
    names = {check.name for check in checks}
    loose = [mistake for mistake in mistakes if mistake.caught_by not in names]
    found += [f"{one.id} names {one.caught_by}, which is no check of it." for one in loose]
    return found


def too_few(stage: Stage, milestones: Sequence[Milestone], report: Report) -> list[str]:
    """Whether a whole stage has as many checks as the course asks for."""
    if not any(milestone.stage is stage for milestone in milestones) or len(milestones) == 1:
        return []
    passed = sum(row.passed("own") for row in report.rows if row.milestone.stage is stage)
    if passed >= MINIMUM[stage]:
        return []
    return [f"The {stage} stage has {passed} green checks; the course asks for at least {MINIMUM[stage]}."]


def table(report: Report) -> list[tuple[str, ...]]:
    """A line a milestone: how many checks of each run went as they must."""
    return [line(row) for row in report.rows]


def line(row: Row) -> tuple[str, ...]:
    cells = [_cell(row, run) for run in RUNS]
    state = f"blocked by {', '.join(row.blocked_by)}" if row.blocked_by else str(row.status)
    return (str(row.milestone.number), row.milestone.slug, *cells, state)


def _cell(row: Row, run: str) -> str:
    found = [check for check in Checks.of(row).all if check.run == run]
    passed = sum(check.status is Status.PASS for check in found)
    return f"{passed}/{len(found)}" if found else "–"
