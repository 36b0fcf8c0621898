"""How much of clients/ and stages/ the suites reach: `python -m scripts.coverage_by_stage [STAGE…] [--fail-under N]`.

Reads the .coverage file that a run with `--cov --cov-context=test` left. A row counts the lines and branches that the
tests of one folder reach on their own, what is run by importing included. `--fail-under` is held against the last row,
the whole run; the files that keep it from 100 % are listed above it.
"""

import argparse
import io
import sys

from coverage import Coverage
from coverage.exceptions import NoDataError

SUITES = ("junior", "middle", "advanced", "stages")
PACKAGES = ("clients", "stages")


def percent(coverage: Coverage, packages: tuple[str, ...], suite: str | None = None) -> float:
    """Covered per cent of `packages`, by the tests of `suite` or by all; 100.0 where there is no code yet."""
    contexts = ["^$", f"^tests/{suite}/"] if suite else None
    try:
        return coverage.report(
            file=io.StringIO(),
            include=[f"{name}/*" for name in packages],
            contexts=contexts,
            ignore_errors=True,
        )
    except NoDataError:
        return 100.0


def row(coverage: Coverage, title: str, suite: str | None = None) -> str:
    cells = [percent(coverage, (name,), suite) for name in PACKAGES] + [percent(coverage, PACKAGES, suite)]
    return f"{title:<12}" + "".join(f"{cell:>10.1f} %" for cell in cells)


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
        coverage.report(include=[f"{name}/*" for name in PACKAGES], show_missing=True, skip_covered=True)
    print("\nCovered by  " + "".join(f"{name:>12}" for name in ("clients/", "stages/", "both")))
    for suite in options.suites or SUITES:
        print(row(coverage, suite, suite))
    if options.suites:
        return
    print(row(coverage, "all of them"))
    total = percent(coverage, PACKAGES)
    if total < options.fail_under:
        sys.exit(f"{total:.2f} % of clients/ and stages/ is covered; {options.fail_under:g} % is asked for.")


if __name__ == "__main__":
    main()
