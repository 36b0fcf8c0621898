"""Proves the checks: own, all, off and the known mistakes, as a table."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper

from stages.catalog import Milestone
from stages.checking.latest import record
from stages.checking.practice_proof import HEADINGS as PRACTICE_HEADINGS
from stages.checking.practice_proof import prove_practice
from stages.checking.prove import HEADINGS, Proof, prove, table
from stages.checking.results import Report
from stages.checking.running import checked, milestones_named
from stages.checking.text import columns, of_row

HELP = "Show that the checks pass with their milestone, fail without it, and catch every known mistake."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="STAGE|MILESTONE", help="number, slug or stage; all without one"
    )
    parser.add_argument(
        "--practice",
        action="store_true",
        help="show instead that milestones can be taken out and written again",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="with --practice: ask the checks of all others, not of neighbours only",
    )
    parser.add_argument("--results", type=Path, metavar="FILE", help="also write everything as JSON")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    """1 when anything does not hold."""
    asked = milestones_named(options["name"])
    milestones = checked(asked)
    if options["practice"]:
        return prove_that_they_can_be_practised(out, milestones, full=options["full"])
    proof = prove(milestones, lambda line: tell(out, line))
    record(with_the_milestones_on(proof.report))
    if options["results"]:
        proof.report.write(options["results"])
    for line in lines_of(proof):
        out.write(line)
    for milestone in set(asked) - set(milestones):
        out.write(f"{milestone}: planned, no checks yet.")
    return 0 if proof.holds else 1


def prove_that_they_can_be_practised(
    out: OutputWrapper, milestones: Sequence[Milestone], *, full: bool
) -> int:
    shown = prove_practice(milestones, lambda line: tell(out, line), full=full)
    for line in columns(PRACTICE_HEADINGS, [(one.name, *one.cells) for one in shown]):
        out.write(line)
    problems = [problem for one in shown for problem in one.problems]
    for problem in problems:
        out.write(problem)
    out.write("Not everything is proved; see above." if problems else "Every milestone can be practised.")
    return 1 if problems else 0


def with_the_milestones_on(report: Report) -> Report:
    """What `stages check` would have found, for the map."""
    own = tuple(result for result in report.results if result.run == "own")
    return Report(own, report.about, report.code)


def tell(out: OutputWrapper, line: str) -> None:
    out.write(line)
    out.flush()


def lines_of(proof: Proof) -> list[str]:
    red = [row for row in proof.report.rows if row.bad]
    bad = [line for row in red for line in of_row(row, proof.report)]
    verdict = "Every check proves what it says." if proof.holds else "Not everything is proved; see above."
    took = f"{verdict} It took {proof.report.about.get('seconds', 0):.0f} s."
    return ["", *columns(HEADINGS, table(proof.report)), "", *bad, *proof.problems, took]
