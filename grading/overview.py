"""One table of a group: people by milestones, as CSV and as a page whose cells say why."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.template.loader import get_template, render_to_string

from grading.group import Entry
from stages.catalog import catalog
from stages.checking.html import write_html
from stages.checking.results import Report, Row, Status

WORDS = {
    Status.PASS: "holds",
    Status.FAIL: "FAILS",
    Status.BLOCKED: "blocked",
    Status.UNJUDGED: "not judged",
    Status.ERROR: "not judged",
}

# The same, where twenty-one of them stand in a line.
SIGNS = {Status.PASS: "✓", Status.FAIL: "✗", Status.BLOCKED: "…", Status.UNJUDGED: "?", Status.ERROR: "?"}


def why(row: Row) -> str:
    """In a sentence: what was done, expected, got. Empty for what holds."""
    if row.status is Status.BLOCKED:
        return f"waits for {', '.join(row.blocked_by)}"
    reds = (
        one
        for status in (Status.FAIL, Status.UNJUDGED, Status.ERROR)
        for one in row.bad
        if one.status is status
    )
    worst = next(reds, None)
    if worst is None:
        return ""
    return f"{worst.got} (expected: {worst.expected})" if worst.expected else worst.got


def write_overview(graded: Iterable[tuple[Entry, Report]], folder: Path) -> tuple[Path, Path]:
    """overview.csv and overview.html; each of the page's cells leads to its part of that person's report."""
    people = []
    for entry, report in graded:
        write_html(report, folder / entry.name)
        people.append((entry, {row.milestone.number: row for row in report.rows}))
    table, page = folder / "overview.csv", folder / "overview.html"
    with table.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["name", *(str(milestone) for milestone in catalog())])
        for entry, rows in people:
            lines.writerow([entry.name, *(WORDS[rows[one.number].status] for one in catalog())])
    context = {
        "milestones": list(catalog()),
        "people": [
            (entry, [(row, SIGNS[row.status], WORDS[row.status], why(row)) for row in rows.values()])
            for entry, rows in people
        ],
        "style": get_template("stages/report/report.css").render({}),
    }
    page.write_text(render_to_string("stages/report/overview.html", context), encoding="utf-8")
    return table, page
