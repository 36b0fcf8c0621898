"""Whose error it is: the milestone in whose own code the innermost line of ours stands.

A line of ours is one of the project's Python files, or of one of its templates: the nodes that Django was rendering
carry theirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType

from django.template.base import Node

from stages.catalog import Milestone, catalog
from stages.code import Excerpt, MissingCodeError, excerpt

# The checks and the engine are never to blame for what the code under test does.
NOT_THE_PROJECT = ("tests", "stages")
LIBRARIES = ("site-packages", ".venv")


@dataclass(frozen=True)
class Place:
    """A line of the project; the path is relative to the repository."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def innermost(traceback: TracebackType | None, root: Path) -> Place | None:
    """The last line of the project that an error came through, or None where it never went there."""
    found = None
    while traceback is not None:
        found = _place(traceback.tb_frame, traceback.tb_lineno, root) or found
        traceback = traceback.tb_next
    return found


def _place(frame: FrameType, line: int, root: Path) -> Place | None:
    return _of_template(frame, root) or _ours(Path(frame.f_code.co_filename), line, root)


def _of_template(frame: FrameType, root: Path) -> Place | None:
    node = frame.f_locals.get("self")
    origin, token = getattr(node, "origin", None), getattr(node, "token", None)
    if not isinstance(node, Node) or origin is None or token is None:
        return None
    return _ours(Path(origin.name), token.lineno or 1, root)


def _ours(path: Path, line: int, root: Path) -> Place | None:
    if not path.is_relative_to(root) or set(LIBRARIES) & set(path.parts):
        return None
    relative = path.relative_to(root)
    return None if relative.parts[0] in NOT_THE_PROJECT else Place(relative.as_posix(), line)


def owner(place: Place, asked: Milestone, root: Path) -> Milestone | None:
    """The milestone that names this line as its code; None for what no milestone names.

    Of several the one that names it most narrowly, a core before what lies beyond another, then the one that was asked
    for, then the earliest.
    """
    naming = list(_naming(place, root))
    closest = min((rank for _, rank in naming), default=None)
    owners = [milestone for milestone, rank in naming if rank == closest]
    return asked if asked in owners else next(iter(owners), None)


def _naming(place: Place, root: Path) -> Iterator[tuple[Milestone, tuple[int, bool]]]:
    """The milestones that name it, each with the number of lines named together and whether that is beyond the core."""
    for milestone in catalog():
        for entry in _entries(milestone.whole_code, root):
            if entry.path == place.path and entry.first <= place.line <= entry.last:
                yield milestone, (len(entry.text.splitlines()), entry.name not in milestone.core)


def _entries(names: Iterable[str], root: Path) -> Iterator[Excerpt]:
    for name in names:
        try:
            yield excerpt(name, root)
        except MissingCodeError:
            continue
