"""Solutions, place by place: the plain one of `solutions/NN-slug/`, and the CRM's own."""

from dataclasses import dataclass
from pathlib import Path

from stages.catalog import Milestone
from stages.code import Excerpt, MissingCodeError, excerpt
from stages.practice.errors import PracticeError
from stages.practice.putting_back import edited, folder_name
from stages.practice.regions import region
from stages.practice.state import ORIGINALS, State

FOLDER = "solutions"


@dataclass(frozen=True)
class Place:
    """One place to touch: what stands there by now, and two solutions."""

    name: str
    path: str
    label: str
    yours: str
    plain: str
    full: str


def places_of(milestone: Milestone, root: Path) -> list[Place]:
    """Raises PracticeError for a milestone without plain solution, or with code that is not there."""
    state = State.read(root)
    try:
        return [_place(name, milestone, state, root) for name in milestone.practised]
    except MissingCodeError as missing:
        raise PracticeError(str(missing)) from missing


def _place(name: str, milestone: Milestone, state: State, root: Path) -> Place:
    full = _full(name, root)
    found = region(name, milestone, root / ORIGINALS, root)
    return Place(
        name,
        full.path,
        found.label,
        _yours(name, milestone, state, root) or full.text,
        plain(name, milestone, root).text,
        full.text,
    )


def _full(name: str, root: Path) -> Excerpt:
    try:
        return excerpt(name, root / ORIGINALS)
    except MissingCodeError:
        return excerpt(name, root)


def _yours(name: str, milestone: Milestone, state: State, root: Path) -> str:
    """What stands in the place of what was taken out; nothing where nothing was."""
    for one in state.regions(milestone):
        if one.name == name:
            file = edited(one.path, state, root)
            return b"".join(file.text(one)).decode(errors="replace")
    return ""


def plain(name: str, milestone: Milestone, root: Path) -> Excerpt:
    """Raises MissingCodeError."""
    return excerpt(name, folder(milestone, root))


def folder(milestone: Milestone, root: Path) -> Path:
    """Raises MissingCodeError where there is no plain solution."""
    found = root / FOLDER / folder_name(milestone)
    if not found.is_dir():
        raise MissingCodeError(f"Milestone {milestone} has no plain solution.")
    return found
