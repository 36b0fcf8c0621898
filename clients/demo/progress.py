"""How a long load tells where it is: a bar in a terminal, plain lines in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

# Called with how many more rows are done.
Advance = Callable[[int], None]
# Called with what is done now and how many rows that will be.
Steps = Callable[[str, int], AbstractContextManager[Advance]]
LINE_EVERY: Final = 1_000_000


@contextmanager
def steps(write_line: Callable[[str], object]) -> Iterator[Steps]:
    """A bar on standard error where that is a terminal; otherwise `write_line` gets a line for every step."""
    if not sys.stderr.isatty():
        yield lambda label, total: lines(write_line, label, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        yield lambda label, total: bar(progress, label, total)


@contextmanager
def lines(write_line: Callable[[str], object], label: str, total: int) -> Iterator[Advance]:
    """A line for every full million, and one at the end."""
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        before, done = done, done + rows
        if done // LINE_EVERY > before // LINE_EVERY and done < total:
            write_line(f"{label}: {done:,} of {total:,}")

    yield advance
    write_line(f"{label}: {total:,}")


@contextmanager
def bar(progress: Progress, label: str, total: int) -> Iterator[Advance]:
    task = progress.add_task(label, total=total)
    yield lambda rows: progress.advance(task, rows)
