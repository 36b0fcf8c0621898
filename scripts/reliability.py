"""Writes docs/reliability.md's tables from what `make test-faults LONG=1` found: `python -m scripts.reliability`.

The faults come from `.results/faults.json`, the number of cells from tests/access/table.txt.
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / ".results" / "faults.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin (make test-faults LONG=1) -->\n", "<!-- faults: end -->"
HEAD = """| what was done | written | lost | untold | doubled | people saw | well after | hands | the log said |
|---|--:|--:|--:|--:|---|--:|--:|---|
"""


def line(row: dict[str, Any]) -> str:
    """One fault as a row of its table."""
    if row["not_run"]:
        return f"| {row['done']} | – | – | – | – | not run: {row['not_run']} | – | – | – |\n"
    log = "; ".join(f"`{said.replace('|', '/')}`" for said in row["log"]) or "nothing"
    counts = " | ".join(str(row[name]) for name in ("acknowledged", "lost", "untold", "doubled"))
    return f"| {row['done']} | {counts} | {row['seen']} | {row['well']} s | {row['hands']} | {log} |\n"


def tables(rows: list[dict[str, Any]]) -> str:
    """A table for each group of faults, in the order in which they happened."""
    groups = groupby(rows, key=lambda row: str(row["group"]))
    return "\n".join(f"### {name}\n\n{HEAD}{''.join(map(line, found))}" for name, found in groups)


def text(found: dict[str, Any]) -> str:
    rows = found["rows"]
    written, lost = (sum(row[name] for row in rows) for name in ("acknowledged", "lost"))
    slowest = max(row["well"] for row in rows)
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
    return (
        f"{len(rows)} faults, {written:,} acknowledged writes, {lost} lost; the slowest was well again after "
        f"{slowest} s. {machine}.\n\n{tables(rows)}"
    )


def main() -> None:
    """Raises SystemExit when the last run was a short one: its waits are not those of production."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    if not found["long"]:
        sys.exit("The last run was a short one. Run: make test-faults LONG=1")
    page = PAGE.read_text(encoding="utf-8")
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    PAGE.write_text(page[:begin] + text(found) + page[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
