"""Runs the checks of milestones as `pytest` would, in a process of its own."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import OutputWrapper

from stages.catalog import ROOT, Milestone, Stage, catalog
from stages.features import ceiling

HELP = "Run the checks of a milestone or a stage; without a name, of everything the profile contains."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="MILESTONE|STAGE", help="number, slug or stage")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    asked = milestones_named(options["name"])
    present = [milestone for milestone in asked if (ROOT / milestone.test_file).is_file()]
    for milestone in asked:
        if milestone not in present:
            out.write(
                f"{milestone}: {'planned, no checks yet' if milestone.planned else 'its checks are missing'}."
            )
    if not present:
        return 1
    out.flush()
    return run_pytest([str(milestone.test_file) for milestone in present])


def milestones_named(name: str | None) -> Sequence[Milestone]:
    """A stage's milestones, or the one that is named. Raises UnknownMilestone."""
    if name is None:
        return [milestone for milestone in catalog() if ceiling().reaches(milestone.stage)]
    if name.lower() in list(Stage):
        return catalog().of_stage(name.lower())
    return [catalog().get(name)]


def run_pytest(arguments: Sequence[str]) -> int:
    """pytest's exit status. The profile of this process is not handed on: the files' own paths decide."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603  # our own command
