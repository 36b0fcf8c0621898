"""Shows how a milestone can be solved."""

from argparse import ArgumentParser
from typing import Any

from stages.catalog import ROOT, Milestone
from stages.commands.check import Output
from stages.practice.asked import one_of
from stages.practice.errors import PracticeError
from stages.practice.solutions import Place, places_of
from stages.practice.writing import end_unfinished

HELP = (
    "Show a plain solution of a milestone, place by place: what a reader of its lesson would write. With --full the "
    "CRM's own code, which does more."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="MILESTONE", help="number or slug")
    parser.add_argument(
        "--full", action="store_true", help="the CRM's own code instead of the plain solution"
    )


def run(out: Output, options: dict[str, Any]) -> int:
    end_unfinished(ROOT, out.write)
    milestone = one_of(options["name"])
    for place in written_places(milestone):
        out.write(f"{place.path}  {place.label}\n")
        out.write(f"{(place.full if options['full'] else place.plain).rstrip()}\n")
    if options["full"]:
        out.write(f"What it does beyond the tasks, and why: {milestone.path_doc.as_posix()}")
    else:
        out.write(
            f"The CRM's own code, which does more: python manage.py stages solution {milestone.number} --full"
        )
    return 0


def written_places(milestone: Milestone) -> list[Place]:
    """Raises PracticeError where the milestone is practised by writing tests."""
    if not milestone.practised:
        raise PracticeError(
            f"Milestone {milestone} is practised by writing tests: each one that catches a mistake is right."
        )
    return places_of(milestone, ROOT)
