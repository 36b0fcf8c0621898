"""Commands that `manage.py` hands on before Django is set up: they have to work while the project cannot start.

Only the standard library is imported here; the command's own module comes once it is certain that it compiles.
"""

import os
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import TextIO

from stages.checking.compiling import where_and_what

ROOT = Path(__file__).resolve().parent.parent
EARLY = ("check", "start", "hint", "solution", "compare", "restore", "progress")
FAILED, WRONG_USAGE, DISK_FAILED = 1, 2, 4


DISK = "The disk refused: {error}. Nothing is lost; run the command again once that is mended."


class Lines:
    """Writes whole lines, and at once: who waits sees what is known already."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, line: str) -> None:
        self.stream.write(f"{line}\n")
        self.stream.flush()

    def flush(self) -> None:
        self.stream.flush()


def hand_on(argv: list[str]) -> int | None:
    """The exit status of `stages COMMAND …`, or None for what needs Django: other commands, its own options."""
    if argv[1:2] != ["stages"] or argv[2:3] == [] or argv[2] not in EARLY:
        return None
    try:
        return _run(argv[2], argv[3:])
    except SyntaxError as error:
        sys.stderr.write(f"{where_and_what(error, Path(error.filename or '?'), ROOT)}\n")
        return FAILED


def _run(name: str, arguments: list[str]) -> int | None:
    command = import_module(f"stages.commands.{name}")
    parser = ArgumentParser(f"manage.py stages {name}", description=command.HELP, allow_abbrev=False)
    command.add_arguments(parser)
    options, others = parser.parse_known_args(arguments)
    if others:
        return None
    catalog, entries = import_module("stages.catalog"), import_module("stages.entries")
    practice = import_module("stages.practice.errors")
    try:
        status: int = command.run(Lines(sys.stdout), vars(options))
    except (catalog.UnknownMilestoneError, entries.CurriculumError, practice.PracticeError) as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USAGE
    except BrokenPipeError:
        # The person who reads has read enough, as `head` does; what is left to print is not missed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DISK_FAILED
    except OSError as error:
        sys.stderr.write(f"{DISK.format(error=error)}\n")
        return DISK_FAILED
    return status
