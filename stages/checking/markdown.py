"""Results as Markdown: a comment for a pull request, or the summary page of a CI job."""

from stages.checking.prove import HEADINGS, table
from stages.checking.results import Report, Result, Row, Status

SIGNS = {Status.PASS: "✅", Status.FAIL: "❌", Status.ERROR: "⚠️", Status.BLOCKED: "⏸️"}
TOLD = 10


def markdown(report: Report) -> str:
    rows = report.rows
    green = sum(row.status is Status.PASS for row in rows)
    lines = [f"### {SIGNS[report.status]} {green} of {len(rows)} milestones hold", ""]
    lines += [_line(HEADINGS), _line(["--:", ":--", "--:", "--:", "--:", "--:", ":--"])]
    signed = zip(rows, table(report), strict=True)
    lines += [_line([*cells[:-1], f"{SIGNS[row.status]} {cells[-1]}"]) for row, cells in signed]
    for row in rows:
        if row.bad and not row.blocked_by:
            lines += ["", *_details(row)]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...] | list[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def _details(row: Row) -> list[str]:
    more = len(row.bad) - TOLD
    return [
        f"<details><summary>{row.milestone.number} {row.milestone.title}: {len(row.bad)} to look at</summary>",
        "",
        *(_item(result) for result in row.bad[:TOLD]),
        *([f"- … and {more} more"] if more > 0 else []),
        "",
        "</details>",
    ]


def _item(result: Result) -> str:
    run = "" if result.run == "own" else f" ({result.run})"
    return f"- **{code(result.title)}**{run}: {code(result.got)}. Look at {', '.join(map(code, result.look_at[:2]))}."


def code(text: str) -> str:
    """As code, so that nothing in it is taken for Markdown or HTML."""
    return f"`{' '.join(text.replace('`', 'ˋ').split())}`" if text.strip() else "–"
