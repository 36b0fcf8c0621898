"""Grades a project that somebody else wrote: which milestones hold, and why not. Done in grading/command.py."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import OutputWrapper

HELP = (
    "Say which milestones a project of somebody else's holds, asked from outside. Exit status: 0 nothing fails, "
    "1 something fails, 2 a bad path, 4 nothing could be judged."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=Path, nargs="?", metavar="PATH", help="the folder of the project")
    parser.add_argument(
        "--list", type=Path, metavar="FILE", help="a CSV file of projects instead: name,path or a Git address"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many of them at once (2)")
    parser.add_argument(
        "--worker",
        action="store_true",
        help="grade what others have listed, for all who share this Redis (REDIS_URL)",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=(),
        metavar="MILESTONE|STAGE",
        help="number, slug or stage: ask for these alone",
    )
    parser.add_argument(
        "--python",
        type=Path,
        metavar="FILE",
        help="an interpreter that has its requirements; else one is made",
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="PATH",
        help="by default the file .results/grade-NAME.json; of a list the folder .results/grades-LIST",
    )


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    from grading.command import grade  # noqa: PLC0415  # the images have no grader, and need their other commands

    return grade(out, options)
