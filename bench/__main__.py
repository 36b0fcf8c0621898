"""`python -m bench [MEASURE…]`: prints the table of docs/performance.md; with `--write` puts it there.

`python -m bench profile ADDRESS` shows where a page's time goes (profile.py).

Exits with 1 when a promise is not kept. Needs PostgreSQL (BENCH_SERVER) with room for a million clients; `demo` alone
brings a database of its own.
"""

import argparse
import sys
from pathlib import Path

from bench import databases, profile
from bench.compare import as_json, compared, run_of
from bench.machine import machine
from bench.measured import Measured
from bench.measures import MEASURES, WITHOUT_DATABASES

PAGE = databases.ROOT / "docs" / "performance.md"
RUN = databases.ROOT / "docs" / "performance" / "run.json"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def table(found: list[Measured]) -> str:
    lines = ["| measured | ours | beside it | ratio | promised | aimed at |", "|---|---:|---:|---:|---|---|"]
    lines += [
        f"| {row.what} | {row.ours} | {row.other} | **{row.ratio:.2f}**{spread(row)} | {promise(row)} | {aim(row)} |"
        for row in found
    ]
    return "\n".join([*lines, "", machine(), ""])


def spread(row: Measured) -> str:
    return f" ({row.low:.2f} to {row.high:.2f})" if row.high else ""


def aim(row: Measured) -> str:
    return f"{row.aim} {'✓' if row.reached else 'not yet'}" if row.aim else "–"


def promise(row: Measured) -> str:
    return (row.limit or "–") + ("" if row.kept else " not kept")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["profile"]:
        profile.main(arguments[1:])
        return 0
    return measure(arguments)


def measure(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the table into docs/performance.md, and beside it as run.json",
    )
    parser.add_argument(
        "--compare", type=Path, metavar="OLD.json", help="say what became slower since that run"
    )
    asked = parser.parse_args(arguments)
    if unknown := set(asked.measures) - set(MEASURES):
        parser.error(f"there is no measure {', '.join(sorted(unknown))}; known are {', '.join(MEASURES)}")
    if asked.write and asked.measures:
        parser.error("--write puts a whole run on the page; name no measure with it.")
    try:
        before = run_of(asked.compare) if asked.compare else {}
    except ValueError as error:
        parser.error(str(error))
    names = asked.measures or list(MEASURES)
    if set(names) - WITHOUT_DATABASES:
        for name in databases.TABLE:
            databases.prepare(name)
    found = [row for name in names for row in MEASURES[name]()]
    text = table(found)
    print(text)
    if asked.compare:
        print(compared(before, found))
    if asked.write:
        above, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{above}{BEGIN}{text}{END}{rest.partition(END)[2]}")
        RUN.parent.mkdir(exist_ok=True)
        RUN.write_text(as_json(found, machine()), encoding="utf-8")
    return 0 if all(row.kept for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
