"""The tie between a test file and its milestone: the number in `test_NN_…py`."""

import re
from collections.abc import Iterable
from pathlib import Path

from stages.catalog import Milestone, Stage, catalog

NUMBERED = re.compile(r"test_(\d\d)_\w+\.py")


def milestone_of(path: Path) -> Milestone | None:
    """The milestone a test file checks, or None for a file without a number.

    Raises UnknownMilestone for a number that the curriculum does not have.
    """
    match = NUMBERED.fullmatch(path.name)
    return catalog().get(int(match.group(1))) if match else None


def files_of(milestone: Milestone, root: Path) -> list[Path]:
    """Its test files in the repository at `root`: the one named after it, and any other that carries its number."""
    folder = (root / milestone.test_file).parent
    return sorted(folder.glob(f"test_{milestone.number:02d}_*.py"))


def beyond(ceiling: Stage, paths: Iterable[Path], root: Path) -> list[Milestone]:
    """The milestones of a later stage than `ceiling` that have test files at or beneath these paths."""
    asked = set(paths)
    return [
        milestone
        for milestone in catalog().milestones
        if not ceiling.reaches(milestone.stage)
        and any(not asked.isdisjoint({file, *file.parents}) for file in files_of(milestone, root))
    ]
