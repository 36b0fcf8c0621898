"""Where the code stands that is taken out: as lines of a file, so that it comes back to the byte."""

from dataclasses import dataclass
from pathlib import Path

from stages.catalog import Milestone
from stages.code import MissingCodeError, excerpt

Lines = list[bytes]


@dataclass(frozen=True, order=True)
class Region:
    """The lines of an original file that one entry of a core names; `first` and `last` count from 1."""

    path: str
    first: int
    last: int
    name: str
    milestone: str

    @property
    def label(self) -> str:
        """What it is called in a list of places."""
        kind, _, target = self.name.partition(":")
        if kind == "template":
            return "the template"
        return target.rpartition("#")[2] if kind == "file" else target

    @property
    def slice(self) -> slice:
        return slice(self.first - 1, self.last)


def lines_of(data: bytes) -> Lines:
    """Its lines with their ends, whichever system wrote them."""
    return data.splitlines(keepends=True)


def regions_of(milestone: Milestone, *roots: Path) -> list[Region]:
    """What a learner writes again, found in the first of these folders that has it. Raises MissingCodeError."""
    return [region(name, milestone, *roots) for name in milestone.practised]


def region(name: str, milestone: Milestone, *roots: Path) -> Region:
    for root in roots[:-1]:
        try:
            return _found(name, milestone, root)
        except MissingCodeError:
            continue
    return _found(name, milestone, roots[-1])


def _found(name: str, milestone: Milestone, root: Path) -> Region:
    found = excerpt(name, root)
    last = found.last
    if name.startswith("template:"):
        last = len(lines_of((root / found.path).read_bytes()))
    return Region(found.path, found.first, last, name, milestone.slug)
