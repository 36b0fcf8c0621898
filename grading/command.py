"""What `manage.py stages grade` does: one project or a list of them, told as a table and by the exit status."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grading import queue
from grading.grade import apart, graded, graded_source
from grading.group import BadListError, Entry, Group, entries, run_here
from grading.overview import WORDS, why, write_overview
from stages.catalog import ROOT
from stages.checking.results import Report, Status
from stages.checking.running import milestones_named
from stages.checking.text import columns

HOLDS, FAILS, UNKNOWN, STOPPED = 0, 1, 4, 130
AWAY = "Redis does not answer. Without REDIS_URL the projects are graded by this process alone."
OPEN = "This system does not let the project be shut off from the network. It is other people's code."


def grade(out: OutputWrapper, options: dict[str, Any]) -> int:
    """The exit status. Raises CommandError where the path or the list is none."""
    if [bool(options[name]) for name in ("path", "list", "worker")].count(True) != 1:
        raise CommandError("Name one project, or a list of them: --list FILE.", returncode=2)
    if options["only"] and not options["path"]:
        raise CommandError("--only is for one project: a list is graded whole.", returncode=2)
    if not apart():
        out.write(OPEN)
    if options["worker"]:
        return work(max(1, options["jobs"]))
    python = interpreter(options["python"])
    try:
        return grade_list(out, options, python) if options["list"] else grade_one(out, options, python)
    except KeyboardInterrupt:
        raise CommandError("Stopped. The same command goes on from here.", returncode=STOPPED) from None


def interpreter(named: Path | None) -> Path | None:
    """Not resolved: a virtual environment's link to its Python tells Python where the environment is."""
    if named and not named.is_file():
        raise CommandError(f"{named} is no Python: name the file, as .venv/bin/python.", returncode=2)
    return named and named.absolute()


def work(jobs: int) -> int:
    """Until somebody stops it."""
    if not settings.REDIS_URL:
        raise CommandError("A worker needs REDIS_URL: the projects come to it through Redis.", returncode=2)
    queue.work(jobs)
    return HOLDS


def grade_one(out: OutputWrapper, options: dict[str, Any], python: Path | None) -> int:
    path = options["path"].resolve()
    if not path.is_dir():
        raise CommandError(f"{options['path']} is no folder.", returncode=2)
    file = (options["results"] or ROOT / ".results" / f"grade-{path.name}.json").resolve()
    if file.is_relative_to(path) and path != ROOT:
        raise CommandError(
            f"{file} lies inside the project. Name a place outside it: --results.", returncode=2
        )
    only = [one.number for name in options["only"] for one in milestones_named(name)]
    report = graded(path, python, only)
    report.write(file)
    for line in lines(report):
        out.write(line)
    out.write(f"Written: {file}")
    return status(report)


def grade_list(out: OutputWrapper, options: dict[str, Any], python: Path | None) -> int:
    """Each project's results are kept, so that the same command goes on where it was stopped."""
    file = options["list"]
    try:
        group = Group(entries(file), options["results"] or ROOT / ".results" / f"grades-{file.stem}")
        group.begin(file)
    except (OSError, BadListError) as error:
        raise CommandError(str(error), returncode=2) from error
    try:
        tell(out, group, running(out, group, options, python))
    except (BrokerError, RedisError) as error:
        raise CommandError(f"{AWAY} ({error})", returncode=2) from error
    for path in write_overview(group.reports, group.folder):
        out.write(f"Written: {path}")
    found = {status(report) for _, report in group.reports}
    return FAILS if FAILS in found else HOLDS if HOLDS in found else UNKNOWN


def running(
    out: OutputWrapper, group: Group, options: dict[str, Any], python: Path | None
) -> Iterator[tuple[Entry, str]]:
    """Through Celery's workers where there is Redis, else here."""
    if settings.REDIS_URL:
        return queue.run_on_workers(group, python, out.write)
    return run_here(group, lambda source: graded_source(source, python), max(1, options["jobs"]))


def tell(out: OutputWrapper, group: Group, done: Iterator[tuple[Entry, str]]) -> None:
    """A line for each; below them, in a terminal, a bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        total = len(group.entries)
        task = bar.add_task("Graded", total=total, completed=total - len(group.waiting))
        for number, (entry, told) in enumerate(done, start=total - len(group.waiting) + 1):
            bar.advance(task)
            out.write(f"{number} of {total}  {entry.name}: {told}")


def lines(report: Report) -> list[str]:
    """The table, or why there is none."""
    if report.stopped:
        return [f"Nothing could be judged. {report.stopped}"]
    rows = [(str(row.milestone), WORDS[row.status], why(row)) for row in report.rows]
    return list(columns(("milestone", "", "why"), rows))


def status(report: Report) -> int:
    found = {row.status for row in report.rows}
    if Status.FAIL in found:
        return FAILS
    return HOLDS if Status.PASS in found else UNKNOWN
