"""Grades a project that somebody else wrote: which milestones hold, and why not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from stages.catalog import ROOT
from stages.checking.results import Report, Row, Status
from stages.checking.text import columns

HELP = (
    "Say which milestones a project of somebody else's holds, asked from outside. Exit status: 0 nothing fails, "
    "1 something fails, 2 a bad path, 4 nothing could be judged."
)
HOLDS, FAILS, UNKNOWN = 0, 1, 4
WORDS = {
    Status.PASS: "holds",
    Status.FAIL: "FAILS",
    Status.BLOCKED: "blocked",
    Status.UNJUDGED: "not judged",
    Status.ERROR: "not judged",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="the folder of the project")
    parser.add_argument(
        "--python",
        type=Path,
        metavar="FILE",
        help="an interpreter that has its requirements; else one is made",
    )
    parser.add_argument("--results", type=Path, metavar="FILE", help="by default .results/grade-NAME.json")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    from grading.grade import apart, graded  # noqa: PLC0415  # the images have no grader, and need their other commands

    path = options["path"].resolve()
    if not path.is_dir():
        raise CommandError(f"{options['path']} is no folder.", returncode=2)
    file = (options["results"] or ROOT / ".results" / f"grade-{path.name}.json").resolve()
    if options["results"] and file.is_relative_to(path) and path != ROOT:
        raise CommandError(f"{file} lies inside the project. Name a place outside it.", returncode=2)
    if not apart():
        out.write(
            "This system does not let the project be shut off from the network. It is other people's code."
        )
    report = graded(path, options["python"] and options["python"].absolute())
    report.write(file)
    for line in lines(report):
        out.write(line)
    out.write(f"Written: {file}")
    return status(report)


def lines(report: Report) -> list[str]:
    """The table, or why there is none."""
    if report.stopped:
        return [f"Nothing could be judged. {report.stopped}"]
    rows = [(str(row.milestone), WORDS[row.status], why(row)) for row in report.rows]
    return list(columns(("milestone", "", "why"), rows))


def why(row: Row) -> str:
    """In a sentence: what was done, expected, got."""
    if row.status is Status.BLOCKED:
        return f"waits for {', '.join(row.blocked_by)}"
    for status in (Status.FAIL, Status.UNJUDGED, Status.ERROR):
        for one in row.bad:
            if one.status is status:
                return f"{one.got} (expected: {one.expected})" if one.expected else one.got
    return ""


def status(report: Report) -> int:
    found = {row.status for row in report.rows}
    if Status.FAIL in found:
        return FAILS
    return HOLDS if Status.PASS in found else UNKNOWN
