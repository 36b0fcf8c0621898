"""Runs the checks of milestones in a process of its own and says in plain words what they found.

`manage.py` hands it on before Django is set up (stages/early.py): it works while the project cannot start.
"""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from stages.catalog import ROOT, Milestone
from stages.checking.check import FAILED, PASSED, UNKNOWN, answer, question, status, verdict
from stages.checking.latest import record
from stages.checking.running import checked, milestones_named
from stages.checking.warm_process import CANNOT_FORK, warm_process
from stages.checking.watching import times_of, wait_for_change
from stages.practice.advice import advice
from stages.practice.own_tests import files
from stages.practice.writing import end_unfinished

HELP = (
    "Run the checks of a milestone or a stage, then of what it may have broken; without a name, of everything the "
    "profile contains. What was found is kept for the map and the report. Exit status: 0 all of it holds, 1 something "
    "fails, 3 it is blocked by what it requires, 4 the checker itself could not tell."
)


class Output(Protocol):
    """Where lines are written to: Django's own wrapper, or that of stages/early.py."""

    def write(self, line: str, /) -> object: ...

    def flush(self) -> object: ...


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="MILESTONE|STAGE", help="number, slug or stage")
    parser.add_argument("--alone", action="store_true", help="leave out what it may have broken")
    parser.add_argument(
        "--watch", action="store_true", help="run again whenever a file is saved, until Ctrl-C"
    )
    parser.add_argument("--results", type=Path, metavar="FILE", help="also write everything as JSON")


def run(out: Output, options: dict[str, Any]) -> int:
    if not options["watch"]:
        return check(out, options)
    with warm_process() as warm:
        if warm is None:
            _say(out, CANNOT_FORK)
        return watch(out, options)


def watch(out: Output, options: dict[str, Any]) -> int:
    """Checks again after each save. The status is that of the last check."""
    found = 1
    _say(out, "Checking …")
    try:
        while True:
            times = times_of(ROOT)
            found = check(out, options)
            _say(out, "\nWaiting for a file to be saved (Ctrl-C ends).")
            saved, _ = wait_for_change(times, ROOT)
            _say(out, f"\n{saved[0].relative_to(ROOT).as_posix()} was saved. Checking …\n")
    except KeyboardInterrupt:
        return found


def check(out: Output, options: dict[str, Any]) -> int:
    end_unfinished(ROOT, out.write)
    asked = milestones_named(options["name"])
    if len(asked) == 1 and asked[0].own_tests_catch and files(ROOT):
        return check_own_tests(out, asked[0])
    return check_milestones(out, asked, options)


def check_own_tests(out: Output, milestone: Milestone) -> int:
    """A milestone that is practised by writing tests, once there are some."""
    # Only now: it needs pytest, and the other checks work without it.
    from stages.checking.own_tests import judge  # noqa: PLC0415

    judged = judge(milestone)
    for line in judged.lines():
        out.write(line)
    for line in advice([milestone], ROOT, holds=judged.holds):
        out.write(line)
    return PASSED if judged.holds else FAILED


def check_milestones(out: Output, asked: Sequence[Milestone], options: dict[str, Any]) -> int:
    begun = time.monotonic()
    present = checked(asked)
    for milestone in asked:
        if milestone not in present:
            out.write(f"{milestone}: planned, no checks yet.")
    if not present:
        return 1
    wanted = question(present, alone=options["alone"])
    kept: list[bool] = []
    report = answer(wanted, partial(_say, out), lambda found: kept.append(_keep(out, partial(record, found))))
    if options["results"]:
        kept.append(_keep(out, partial(report.write, options["results"])))
    if not report.stopped:
        out.write(f"\n{verdict(wanted, report, time.monotonic() - begun)}")
        if (found := status(wanted, report)) in (PASSED, FAILED):
            for line in advice(asked, ROOT, holds=found == PASSED):
                out.write(line)
    return status(wanted, report) or (0 if all(kept) else UNKNOWN)


def _say(out: Output, line: str) -> None:
    """At once: the person who waits sees the verdict while the rest still runs."""
    out.write(line)
    out.flush()


def _keep(out: Output, write: Callable[[], None]) -> bool:
    """A full or read-only disk takes nothing away from the answer."""
    try:
        write()
    except OSError as error:
        _say(out, f"What was found cannot be kept: {error}")
        return False
    return True
