"""How much of clients/ and stages/ the suites reach: `python -m scripts.coverage_by_stage [STAGE…] [--fail-under N]`.

Reads the .coverage file that a run with `--cov --cov-context=test` left. A row counts the lines and branches that the
tests of one folder reach on their own, what is run by importing included. `--fail-under` is held against the last row,
the whole run; the files that keep it from 100 % are listed above it.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from coverage import Coverage
from coverage.exceptions import NoDataError

SUITES = ("junior", "middle", "advanced", "stages")
PACKAGES = ("clients", "stages")
INCLUDED = [f"{name}/*" for name in PACKAGES]


class Reached(NamedTuple):
    """Lines and branches: how many were run, of how many."""

    run: int
    total: int

    def __str__(self) -> str:
        return f"{self.percent:>10.1f} %"

    @property
    def percent(self) -> float:
        """100.0 where there is no code yet."""
        return 100 * self.run / self.total if self.total else 100.0


def reached(coverage: Coverage, suite: str | None = None) -> list[Reached]:
    """What the tests of `suite` reach, or all of them: of each of the packages, and of both."""
    contexts = ["^$", f"^tests/{suite}/"] if suite else None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "coverage.json"
        try:
            coverage.json_report(outfile=str(file), include=INCLUDED, contexts=contexts, ignore_errors=True)
        except NoDataError:
            return [Reached(0, 0)] * (len(PACKAGES) + 1)
        files = json.loads(file.read_text(encoding="utf-8"))["files"]
    each = [
        of_package([files[name]["summary"] for name in files if name.startswith(f"{package}/")])
        for package in PACKAGES
    ]
    return [*each, Reached(*map(sum, zip(*each, strict=True)))]


def of_package(files: list[dict[str, int]]) -> Reached:
    return Reached(
        sum(file["covered_lines"] + file["covered_branches"] for file in files),
        sum(file["num_statements"] + file["num_branches"] for file in files),
    )


def row(title: str, cells: list[Reached]) -> str:
    return f"{title:<12}" + "".join(map(str, cells))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="STAGE", help=f"of {', '.join(SUITES)}; all when none is named"
    )
    parser.add_argument("--fail-under", type=float, default=0, metavar="PERCENT")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    coverage = Coverage()
    coverage.load()
    if options.fail_under:
        coverage.report(include=INCLUDED, show_missing=True, skip_covered=True)
    print("\nCovered by  " + "".join(f"{name:>12}" for name in ("clients/", "stages/", "both")))
    for suite in options.suites or SUITES:
        print(row(suite, reached(coverage, suite)))
    if options.suites:
        return
    found = reached(coverage)
    print(row("all of them", found))
    total = found[-1].percent
    if total < options.fail_under:
        sys.exit(f"{total:.2f} % of clients/ and stages/ is covered; {options.fail_under:g} % is asked for.")


if __name__ == "__main__":
    main()
