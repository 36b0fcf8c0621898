"""Shows the learner's code beside a solution."""

import difflib
from argparse import ArgumentParser
from collections.abc import Iterator
from textwrap import dedent
from typing import Any

from stages.catalog import ROOT
from stages.commands.check import Output
from stages.commands.solution import written_places
from stages.practice.asked import one_of
from stages.practice.errors import PracticeError
from stages.practice.state import State
from stages.practice.writing import end_unfinished

HELP = (
    "Compare your code of a milestone with the plain solution, place by place: `-` stands before your lines, `+` "
    "before those of the solution. With --full compare with the CRM's own code."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="MILESTONE", help="number or slug")
    parser.add_argument(
        "--full", action="store_true", help="the CRM's own code instead of the plain solution"
    )


def run(out: Output, options: dict[str, Any]) -> int:
    end_unfinished(ROOT, out.write)
    milestone = one_of(options["name"])
    if milestone not in State.read(ROOT).milestones:
        raise PracticeError(
            f"Milestone {milestone} is not taken out, so there is nothing of yours to compare. "
            f"To begin: python manage.py stages start {milestone.number}"
        )
    other = "the CRM's own" if options["full"] else "the plain solution"
    out.write(f"- yours   + {other}")
    for place in written_places(milestone):
        out.write(f"\n{place.path}  {place.label}")
        solution = place.full if options["full"] else place.plain
        for line in differences(dedent(place.yours), solution):
            out.write(line)
    return 0


def differences(yours: str, solution: str) -> Iterator[str]:
    """All lines of both; what both have stands once."""
    if yours.rstrip() == solution.rstrip():
        yield "  The same, to the letter."
        return
    found = difflib.ndiff(yours.rstrip().splitlines(), solution.rstrip().splitlines())
    yield from (line.rstrip() for line in found if not line.startswith("?"))
