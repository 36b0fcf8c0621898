"""Runs pytest in a process of its own and reads what it wrote down."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from stages.catalog import ROOT, Milestone, Stage, catalog
from stages.checking.files import files_of
from stages.checking.profiles import ceiling_of
from stages.checking.results import NoResultsError, Report, Result, Status
from stages.checking.starting import Ended, run_pytest

# As many processes as there are cores, but no more than four; for one or two milestones starting them takes longer.
PARALLEL = ("-n", "auto", "--maxprocesses", "4")
WORTH_PARALLEL = 3
# A check takes milliseconds, the slowest a few seconds: what takes longer is caught in an endless loop.
LIMIT = "--seconds-a-check=30"
QUIET = ("-q", "--no-header", "--no-summary", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider")


def ceiling() -> Stage:
    """How far this process's profile reaches; without the settings, so that it can be asked before Django is set up."""
    return ceiling_of(os.environ.get("DJANGO_SETTINGS_MODULE", ""))


def milestones_named(name: str | None) -> Sequence[Milestone]:
    """A stage's milestones, or the one that is named; all that the profile contains without a name.

    Raises UnknownMilestoneError.
    """
    if name is None:
        return [milestone for milestone in catalog() if ceiling().reaches(milestone.stage)]
    if name.lower() in list(Stage):
        return catalog().of_stage(name.lower())
    return [catalog().get(name)]


def checked(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Those that have to have checks: all that are built, and what is planned but has some already."""
    return [milestone for milestone in milestones if not milestone.planned or files_of(milestone, ROOT)]


def run_checks(milestones: Sequence[Milestone], *arguments: str, run: str = "own") -> Report:
    """What one pytest run over these milestones' files found.

    Where it wrote nothing down, as when the project cannot be imported at all, each milestone gets one error.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "results.json")
        ended = run_pytest([*pytest_arguments(milestones, path), *arguments])
        try:
            return Report.read(path)
        except NoResultsError:
            return Report(tuple(broken(milestone, run, ended) for milestone in milestones))


def pytest_arguments(milestones: Sequence[Milestone], results: Path) -> list[str]:
    files = [file.relative_to(ROOT).as_posix() for step in milestones for file in files_of(step, ROOT)]
    missing = [step.test_file.as_posix() for step in milestones if not files_of(step, ROOT)]
    parallel = PARALLEL if len(milestones) >= WORTH_PARALLEL else ()
    return [*files, *missing, *QUIET, *parallel, LIMIT, "--results", str(results)]


def broken(milestone: Milestone, run: str, ended: Ended) -> Result:
    lines = [line for line in ended.output.splitlines() if line.strip()]
    said = " / ".join(lines[-2:]) or "no output"
    return Result(
        run,
        milestone.slug,
        milestone.test_file.as_posix(),
        Status.ERROR,
        expected="pytest starts and finds the checks",
        got=f"pytest ended with status {ended.status}: {said[-400:]}",
    )
