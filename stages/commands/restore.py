"""Puts back what was taken out of the code."""

from argparse import ArgumentParser
from typing import Any

from stages.catalog import ROOT
from stages.commands.check import Output
from stages.practice import own_tests
from stages.practice.asked import one_of, suggestion
from stages.practice.errors import PracticeError
from stages.practice.putting_back import put_back
from stages.practice.state import State
from stages.practice.writing import practising

HELP = (
    "Put the original code of a milestone back, to the byte; of all milestones without a name. What you wrote is kept "
    "in .practice/attempts/."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="MILESTONE", help="number or slug")


def run(out: Output, options: dict[str, Any]) -> int:
    with practising(ROOT, out.write):
        state = State.read(ROOT)
        milestones = [one_of(options["name"])] if options["name"] else state.milestones
        if not milestones:
            raise PracticeError("Nothing is taken out: there is nothing to put back.")
        kept = put_back(milestones, ROOT)
        kept += own_tests.end(milestones, ROOT)
    for milestone in milestones:
        out.write(f"Milestone {milestone} is as it was.")
    for attempt in kept:
        out.write(f"What you wrote is kept in {attempt}.")
    out.write(suggestion(State.read(ROOT), milestones))
    return 0
