"""A list of projects, graded side by side; whoever starts the same list again goes on where it stopped.

Each project's results lie in a file of its own, written once it is whole. A lock on a file beside it keeps two
processes from grading the same one.
"""

import csv
import fcntl
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grading.grade import graded
from stages.checking.results import Report

Grade = Callable[[Path, Path | None], Report]


class BadListError(ValueError):
    """The list cannot be read; the message says which line is wrong."""


@dataclass(frozen=True)
class Entry:
    """A line of the list: whose project, and where it is."""

    name: str
    path: Path


def entries(file: Path) -> list[Entry]:
    """From lines of `name,path`; a path is meant from the list's own folder. Raises BadListError."""
    found: list[Entry] = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            if not any(row) or [cell.strip().lower() for cell in row[:2]] == ["name", "path"]:
                continue
            if len(row) != 2:
                raise BadListError(f"{file.name}, line {number}: it takes a name and a path.")
            name = row[0].strip()
            if not re.fullmatch(r"[\w .@-]{1,80}", name) or name.startswith("."):
                raise BadListError(f"{file.name}, line {number}: “{name}” cannot be the name of a file.")
            if any(one.name.casefold() == name.casefold() for one in found):
                raise BadListError(f"{file.name}, line {number}: “{name}” is there twice.")
            found.append(Entry(name, (file.parent / row[1].strip()).resolve()))
    return found


@dataclass(frozen=True)
class Group:
    """The entries and the folder with what is known of them."""

    entries: list[Entry]
    folder: Path
    python: Path | None = None
    grade: Grade = graded

    def results(self, entry: Entry) -> Path:
        return self.folder / f"{entry.name}.json"

    def run(self, jobs: int, say: Callable[[str], object]) -> None:
        """Grades what is not graded yet, `jobs` at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(jobs) as pool:
            for entry, told in zip(self.entries, pool.map(self.one, self.entries), strict=True):
                done = sum(self.results(one).is_file() for one in self.entries)
                say(f"{done} of {len(self.entries)}  {entry.name}: {told}")

    def one(self, entry: Entry) -> str:
        """What became of it, in a few words."""
        if self.results(entry).is_file():
            return "graded before"
        with claimed(self.folder / f".{entry.name}.lock") as ours:
            if not ours:
                return "another process is at it"
            if self.results(entry).is_file():
                return "graded before"
            report = self.grade(entry.path, self.python)
            part = self.results(entry).with_suffix(".part")
            report.write(part)
            part.replace(self.results(entry))
            return report.stopped or in_short(report)

    def reports(self) -> Iterator[tuple[Entry, Report]]:
        """Of those that are graded, in the order of the list."""
        for entry in self.entries:
            if self.results(entry).is_file():
                yield entry, Report.read(self.results(entry))


def in_short(report: Report) -> str:
    """`12 hold, 3 fail`."""
    statuses = [str(row.status) for row in report.rows]
    words = {"pass": "hold", "fail": "fail", "blocked": "blocked", "unjudged": "not judged"}
    return ", ".join(
        f"{statuses.count(status)} {word}" for status, word in words.items() if status in statuses
    )


@contextmanager
def claimed(file: Path) -> Iterator[bool]:
    """Whether it is ours while the block runs. The system takes the lock from a process that dies."""
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
