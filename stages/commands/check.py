"""Runs the checks of milestones in a process of its own and says in plain words what they found."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper

from stages.catalog import ROOT
from stages.checking.check import answer, lines, question, status
from stages.checking.running import checked, milestones_named
from stages.checking.watching import times_of, wait_for_change

HELP = (
    "Run the checks of a milestone or a stage, then of what it may have broken; without a name, of everything the "
    "profile contains. Exit status: 0 all of it holds, 1 something fails, 3 it is blocked by what it requires."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="MILESTONE|STAGE", help="number, slug or stage")
    parser.add_argument("--alone", action="store_true", help="leave out what it may have broken")
    parser.add_argument(
        "--watch", action="store_true", help="run again whenever a file is saved, until Ctrl-C"
    )
    parser.add_argument("--results", type=Path, metavar="FILE", help="also write everything as JSON")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    if not options["watch"]:
        return check(out, options)
    found = 1
    try:
        while True:
            times = times_of(ROOT)
            found = check(out, options)
            out.write("\nWaiting for a file to be saved (Ctrl-C ends).")
            out.flush()
            saved, _ = wait_for_change(times, ROOT)
            out.write(f"\n{saved[0].relative_to(ROOT).as_posix()} was saved.\n")
    except KeyboardInterrupt:
        return found


def check(out: OutputWrapper, options: dict[str, Any]) -> int:
    asked = milestones_named(options["name"])
    present = checked(asked)
    for milestone in asked:
        if milestone not in present:
            out.write(f"{milestone}: planned, no checks yet.")
    if not present:
        return 1
    wanted = question(present, alone=options["alone"])
    report = answer(wanted)
    if options["results"]:
        report.write(options["results"])
    for line in lines(wanted, report):
        out.write(line)
    return status(wanted, report)
