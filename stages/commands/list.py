from argparse import ArgumentParser
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.table import Table

from stages.audiences import named
from stages.checking.text import columns
from stages.locks import locked_stages
from stages.states import MilestoneState, states

HELP = "Show every milestone with its state."
HEADINGS = ("No.", "Stage", "Milestone", "Title", "State", "Requires")


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    locked = locked_stages()
    rows = [row(state, locked=state.milestone.stage in locked) for state in named(states())]
    title = (
        f"Profile {settings.CRM_STAGE}{', locked: nothing can be switched' if settings.CRM_LOCKED else ''}"
    )
    if out.isatty():
        write_table(out, title, rows)
    else:
        out.write("\n".join([title, *columns(HEADINGS, rows)]))
    return 0


def row(state: MilestoneState, *, locked: bool = False) -> tuple[str, ...]:
    milestone = state.milestone
    said = f"{state.label}; stage locked" if locked else state.label
    requires = ", ".join(milestone.requires)
    return (str(milestone.number), milestone.stage, milestone.slug, milestone.title, said, requires)


def write_table(out: OutputWrapper, title: str, rows: list[tuple[str, ...]]) -> None:
    table = Table(*HEADINGS, title=title)
    for line in rows:
        table.add_row(*line)
    Console(file=cast(IO[str], out)).print(table)
