"""The matrix of a stage's CI jobs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper

from stages.catalog import Stage
from stages.checking.matrix import matrix
from stages.checking.text import columns

HELP = "Say which jobs CI runs for a stage."
HEADINGS = ("Job", "Python", "Django")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stage", required=True, choices=list(Stage), type=str.lower, help=", ".join(Stage))
    parser.add_argument("--json", action="store_true", help="on one line, for a workflow")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    found = matrix(Stage(options["stage"]))
    if options["json"]:
        out.write(json.dumps(found, separators=(",", ":")))
        return 0
    jobs = [job for kind in found.values() for job in kind["include"]]
    rows = [(job.get("milestone", "the whole suite"), job["python"], job["django"]) for job in jobs]
    for line in columns(HEADINGS, rows):
        out.write(line)
    return 0
