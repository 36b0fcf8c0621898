from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper

from stages import switches
from stages.commands._profile import profile_line
from stages.locks import note

HELP = "Turn milestones on for everyone, and everything they require."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("milestones", nargs="+", metavar="MILESTONE", help="number or slug")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    changed = switches.turn_on(options["milestones"])
    out.write(switches.outcome(on=changed))
    if words := note(changed):
        out.write(words)
    out.write(profile_line())
    return 0
