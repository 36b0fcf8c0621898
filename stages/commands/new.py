"""Adds a planned milestone: what it writes, and what is to be done with it, CONTRIBUTING.md says."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from stages import catalog as manifest
from stages.catalog import ROOT, Stage, catalog
from stages.new_milestone import NewMilestoneError, new_milestone, write

HELP = (
    "Write the skeleton of a new milestone, with the next free number: its entry in the manifest, its page, its checks "
    "and its known mistakes."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="its name and that of its flag, such as wish-list")
    parser.add_argument(
        "--stage", required=True, choices=list(Stage), type=str.lower, metavar="STAGE", help=", ".join(Stage)
    )
    parser.add_argument("--title", default="", help="what pages call it; without it, made from the slug")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    try:
        milestone = new_milestone(catalog(), options["slug"], Stage(options["stage"]), options["title"])
        places = write(milestone, ROOT, manifest.MANIFEST)
    except NewMilestoneError as error:
        raise CommandError(str(error), returncode=2) from error
    out.write(f"Milestone {milestone} ({milestone.stage}) is planned. Written:")
    for path in places:
        out.write(f"  {path.relative_to(ROOT).as_posix()}")
    out.write("What is missing in them: python manage.py check")
    out.write("Next, write its entry and look at it: python manage.py stages list")
    out.write("All steps, one after the other: CONTRIBUTING.md, “Adding a milestone”")
    return 0
