"""What `manage.py stages grade` does: one project or a list of them, told as a table and by the exit status."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from grading.grade import apart, graded
from grading.group import BadListError, Group, entries
from grading.overview import WORDS, why, write_overview
from stages.catalog import ROOT
from stages.checking.results import Report, Status
from stages.checking.text import columns

HOLDS, FAILS, UNKNOWN = 0, 1, 4
OPEN = "This system does not let the project be shut off from the network. It is other people's code."


def grade(out: OutputWrapper, options: dict[str, Any]) -> int:
    """The exit status. Raises CommandError where the path or the list is none."""
    if (options["path"] is None) == (options["list"] is None):
        raise CommandError("Name one project, or a list of them: --list FILE.", returncode=2)
    if not apart():
        out.write(OPEN)
    python = options["python"] and options["python"].absolute()
    return grade_list(out, options, python) if options["list"] else grade_one(out, options, python)


def grade_one(out: OutputWrapper, options: dict[str, Any], python: Path | None) -> int:
    path = options["path"].resolve()
    if not path.is_dir():
        raise CommandError(f"{options['path']} is no folder.", returncode=2)
    file = (options["results"] or ROOT / ".results" / f"grade-{path.name}.json").resolve()
    if file.is_relative_to(path) and path != ROOT:
        raise CommandError(
            f"{file} lies inside the project. Name a place outside it: --results.", returncode=2
        )
    report = graded(path, python)
    report.write(file)
    for line in lines(report):
        out.write(line)
    out.write(f"Written: {file}")
    return status(report)


def grade_list(out: OutputWrapper, options: dict[str, Any], python: Path | None) -> int:
    """Each project's results are kept, so that the same command goes on where it was stopped."""
    file = options["list"]
    try:
        group = Group(entries(file), ROOT / ".results" / f"grades-{file.stem}", python)
    except (OSError, UnicodeDecodeError, BadListError) as error:
        raise CommandError(str(error), returncode=2) from error
    group.run(max(1, options["jobs"]), out.write)
    reports = list(group.reports())
    for path in write_overview(reports, group.folder):
        out.write(f"Written: {path}")
    found = {status(report) for _, report in reports}
    return FAILS if FAILS in found else HOLDS if HOLDS in found else UNKNOWN


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
