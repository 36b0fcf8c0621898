"""A list of projects, graded side by side; whoever starts the same list again goes on where it stopped.

Each project's results lie in a file of its own, written once it is whole.
"""

import csv
import fcntl
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from grading.commands import is_stopping, stop_all
from grading.sources import is_address
from stages.checking.results import Report

# What is graded, by its source: a path, or the address of a Git repository.
Grade = Callable[[str], Report]


class BadListError(ValueError):
    """The list cannot be read; the message says which line is wrong."""


@dataclass(frozen=True)
class Entry:
    """A line of the list: whose project, and the path or Git address where it is."""

    name: str
    source: str


def entries(file: Path) -> list[Entry]:
    """From lines of `name,path`; a path is meant from the list's own folder. Raises BadListError."""
    try:
        found = list(parsed(file))
    except OSError as error:
        raise BadListError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadListError(f"{file} is not UTF-8. Save it as “CSV UTF-8”.") from error
    if not found:
        raise BadListError(f"{file} names no project. A line takes a name and a path.")
    return found


def parsed(file: Path) -> Iterator[Entry]:
    names: set[str] = set()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            if not any(row) or [cell.strip().lower() for cell in row[:2]] == ["name", "path"]:
                continue
            if len(row) != 2:
                raise BadListError(f"{file.name}, line {number}: it takes a name and a path.")
            name, source = (cell.strip() for cell in row)
            if not re.fullmatch(r"[\w .@-]{1,80}", name) or name.startswith("."):
                raise BadListError(f"{file.name}, line {number}: “{name}” cannot be the name of a file.")
            if name.casefold() in names:
                raise BadListError(f"{file.name}, line {number}: “{name}” is there twice.")
            names.add(name.casefold())
            yield Entry(name, source if is_address(source) else str((file.parent / source).resolve()))


@dataclass(frozen=True)
class Group:
    """The entries and the folder with what is known of them."""

    entries: list[Entry]
    folder: Path

    def results(self, entry: Entry) -> Path:
        return self.folder / f"{entry.name}.json"

    @property
    def waiting(self) -> list[Entry]:
        return [entry for entry in self.entries if not self.results(entry).is_file()]

    def keep(self, entry: Entry, results: str) -> str:
        """The whole file, or none; what became of it, in a few words."""
        part = self.results(entry).with_suffix(".part")
        part.write_text(results, encoding="utf-8")
        part.replace(self.results(entry))
        return in_short(Report.read(self.results(entry)))

    @property
    def reports(self) -> list[tuple[Entry, Report]]:
        """Of those that are graded, in the order of the list."""
        found = ((entry, self.results(entry)) for entry in self.entries)
        return [(entry, Report.read(file)) for entry, file in found if file.is_file()]

    def begin(self, file: Path) -> None:
        """Notes whose results the folder holds. Raises BadListError where they are another list's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ours = str(file.resolve())
        if (before := self.noted(".list", ours)) != ours:
            raise BadListError(
                f"{self.folder} holds the results of {before}. Name another: --results FOLDER."
            )

    @property
    def run(self) -> str:
        """What this run is called until all of it is done, also by whoever starts it again."""
        return self.noted(".run", uuid4().hex)

    def noted(self, name: str, text: str) -> str:
        """What this file says: `text`, unless another process was first. Two that begin together agree."""
        file = self.folder / name
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            said = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not said:  # or its writer was killed before it said anything
                file.write_text(text, encoding="utf-8")
            return said or text


def run_here(group: Group, grade: Grade, jobs: int) -> Iterator[tuple[Entry, str]]:
    """Grades what waits, `jobs` at once; each as it is done, with what became of it in a few words.

    Several processes share one list: a lock beside the results keeps two of them from the same project. Ctrl-C ends
    what is under way at once, with nothing kept of it.
    """
    with ThreadPoolExecutor(jobs) as pool:
        begun = {pool.submit(_one, group, entry, grade): entry for entry in group.waiting}
        try:
            for done in as_completed(begun):
                yield begun[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def _one(group: Group, entry: Entry, grade: Grade) -> str:
    with locked(group.folder / f".{entry.name}.lock") as ours:
        if not ours:
            return "another process is at it"
        if group.results(entry).is_file():
            return "graded meanwhile"
        report = grade(entry.source)
        if is_stopping():  # half a verdict
            raise KeyboardInterrupt
        return group.keep(entry, report.as_text())


def in_short(report: Report) -> str:
    """`12 hold, 3 fail`, or why nothing could be judged."""
    statuses = [str(row.status) for row in report.rows]
    words = {"pass": "hold", "fail": "fail", "blocked": "blocked", "unjudged": "not judged"}
    counted = (f"{statuses.count(status)} {word}" for status, word in words.items() if status in statuses)
    return report.stopped or ", ".join(counted)


@contextmanager
def locked(file: Path) -> Iterator[bool]:
    """Whether the lock is ours while the block runs. The system takes it from a process that dies."""
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
