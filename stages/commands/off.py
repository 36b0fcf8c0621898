from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper

from stages import switches
from stages.commands._profile import profile_line
from stages.locks import note

HELP = "Turn milestones off for everyone; what requires them waits until they are back."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("milestones", nargs="+", metavar="MILESTONE", help="number or slug")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    changed = switches.turn_off(options["milestones"])
    out.write(switches.outcome(off=changed))
    if words := note(changed):
        out.write(words)
    out.write(profile_line())
    return 0
