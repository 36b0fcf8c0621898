"""One more hint for a milestone."""

from argparse import ArgumentParser
from typing import Any

from stages.catalog import ROOT, catalog
from stages.commands.check import Output
from stages.practice.state import STATE, State
from stages.practice.writing import practising, write_whole

HELP = "Show one more hint each time: the first ones ask a question, the last one is almost the answer."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="MILESTONE", help="number or slug")
    parser.add_argument("--again", action="store_true", help="begin with the first one again")


def run(out: Output, options: dict[str, Any]) -> int:
    milestone = catalog().get(options["name"])
    with practising(ROOT, out.write):
        state = State.read(ROOT)
        shown = 0 if options["again"] else state.hints.get(milestone.slug, 0)
        all_ = len(milestone.hints)
        number = min(shown + 1, all_)
        out.write(f"Hint {number} of {all_} for milestone {milestone}:\n")
        out.write(f"  {milestone.hints[number - 1]}")
        state.hints[milestone.slug] = number
        write_whole(ROOT / STATE, state.as_bytes())
    if number < all_:
        out.write(f"\nOne more: python manage.py stages hint {milestone.number}")
    else:
        out.write(f"\nThat was the last one. A solution: python manage.py stages solution {milestone.number}")
    return 0
