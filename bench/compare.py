"""Two runs of the lab beside each other: `python -m bench --compare OLD.json`."""

import json
from dataclasses import asdict
from pathlib import Path

from bench.measured import Measured

# Two runs of the same code differ by so much on a machine that does something else as well.
SPREAD = 0.15


def as_json(found: list[Measured], machine: str) -> str:
    rows = [asdict(row) for row in found]
    return json.dumps({"machine": machine, "rows": rows}, indent=2, ensure_ascii=False) + "\n"


def run_of(file: Path) -> dict[str, Measured]:
    """An earlier run's rows, by what was measured. Raises ValueError when the file is none."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
        return {row["what"]: Measured(**row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file} is no run of the lab: {error}") from error


def compared(before: dict[str, Measured], found: list[Measured]) -> str:
    """A table of the ratios then and now."""
    lines = ["| measured | before | now | |", "|---|---:|---:|---|"]
    for row in found:
        if row.what in before:
            then = before[row.what].ratio
            lines.append(f"| {row.what} | {then:.2f} | {row.ratio:.2f} | {verdict(row, then)} |")
        else:
            lines.append(f"| {row.what} | – | {row.ratio:.2f} | new |")
    return "\n".join(lines)


def verdict(row: Measured, before: float) -> str:
    """Only a promise says which way is better."""
    if not row.limit:
        return ""
    change = row.ratio / before if row.limit.startswith("≤") else before / row.ratio
    if change > 1 + SPREAD:
        return "slower"
    return "quicker" if change < 1 / (1 + SPREAD) else "as before"
