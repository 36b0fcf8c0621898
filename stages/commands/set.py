from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper

from stages import switches
from stages.catalog import Stage, catalog
from stages.commands._profile import profile_line
from stages.locks import note

HELP = "Turn on every milestone up to a stage, and off the rest."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("stage", choices=list(Stage), type=str.lower, metavar="STAGE", help=", ".join(Stage))


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    out.write(switches.outcome_of_stage(Stage(options["stage"])))
    if words := note(catalog()):
        out.write(words)
    out.write(profile_line())
    return 0
