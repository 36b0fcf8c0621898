"""Results as Markdown: a comment for a pull request, or the summary page of a CI job."""

from stages.checking.causes import Causes
from stages.checking.grouping import Check, Checks
from stages.checking.prove import HEADINGS, table
from stages.checking.results import Report, Row, Status

SIGNS = {Status.PASS: "✅", Status.FAIL: "❌", Status.ERROR: "⚠️", Status.BLOCKED: "⏸️", Status.UNJUDGED: "❔"}
TOLD = 10


def markdown(report: Report) -> str:
    """What fails first, then the table of all milestones."""
    rows = report.rows
    green = sum(row.status is Status.PASS for row in rows)
    lines = [f"### {SIGNS[report.status]} {green} of {len(rows)} milestones hold", ""]
    for row in rows:
        if row.status is not Status.PASS and not row.blocked_by:
            lines += [*_details(row, Causes(report)), ""]
    lines += [_line(HEADINGS), _line(["--:", ":--", "--:", "--:", "--:", "--:", ":--"])]
    signed = zip(rows, table(report), strict=True)
    lines += [_line([*cells[:-1], f"{SIGNS[row.status]} {cells[-1]}"]) for row, cells in signed]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...] | list[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _details(row: Row, causes: Causes) -> list[str]:
    checks = Checks.of(row)
    more = len(checks.bad) - TOLD
    return [
        f"<details open><summary>{row.milestone.number} {row.milestone.title}: {checks.count}</summary>",
        "",
        *(_item(check, str(causes.of(row, check) or "")) for check in checks.bad[:TOLD]),
        *([f"- … and {more} more"] if more > 0 else []),
        *([f"\nLook at {', '.join(map(code, checks.look_at))}."] if checks.look_at else []),
        "",
        "</details>",
    ]


def _item(check: Check, cause: str) -> str:
    notes = f" ({check.notes})" if check.notes else ""
    said = " ".join(code(part) for part in (*check.told, cause) if part)
    return f"- **{code(check.title)}**{notes}: {said}"


def code(text: str) -> str:
    """As code, so that nothing in it is taken for Markdown or HTML."""
    return f"`{' '.join(text.replace('`', 'ˋ').split())}`" if text.strip() else "–"
