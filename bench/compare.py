"""Two runs of the lab beside each other: `python -m bench --compare OLD.json`."""

import json
from dataclasses import asdict
from pathlib import Path

from bench.measured import Measured

# Two runs of the same code differ by up to so much: the machine's own speed changes while one of them lasts.
SPREAD = 0.25


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
    """A table of the ratios then and now, and how many became slower."""
    lines, slower = ["| measured | before | now | |", "|---|---:|---:|---|"], 0
    for row in found:
        then = before.get(row.what)
        said = verdict(row, then.ratio) if then else "new"
        slower += said == "slower"
        lines.append(f"| {row.what} | {f'{then.ratio:.2f}' if then else '–'} | {row.ratio:.2f} | {said} |")
    return "\n".join([*lines, "", f"{slower} of {len(found)} are slower by more than {SPREAD:.0%}."])


def verdict(row: Measured, before: float) -> str:
    """Only a promise or an aim says which way is better."""
    bound = row.limit or row.aim
    if not bound:
        return ""
    change = row.ratio / before if bound.startswith("≤") else before / row.ratio
    if change > 1 + SPREAD:
        return "slower"
    return "quicker" if change < 1 / (1 + SPREAD) else "as before"
