"""The ties between a milestone and its files: its checks (the number in `test_NN_…py`), and the code that makes it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from stages.catalog import Milestone, Stage, catalog

NUMBERED = re.compile(r"test_(\d\d)_\w+\.py")


def milestone_of(path: Path) -> Milestone | None:
    """The milestone a test file checks, or None for a file without a number.

    Raises UnknownMilestoneError for a number that the curriculum does not have.
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


def code_files(milestone: Milestone, root: Path) -> list[Path]:
    """The files that its `code` and its `beyond` name, as far as they are there. Needs no Django."""
    return [file for file in _candidates(milestone.whole_code, root) if file.is_file()]


@cache
def _candidates(names: tuple[str, ...], root: Path) -> list[Path]:
    """Where the named code may be, sorted. Remembered: the map asks for all milestones, and names do not change."""
    return sorted({file for name in names for file in _named(name, root)})


def _named(name: str, root: Path) -> Iterator[Path]:
    kind, _, target = name.partition(":")
    if kind == "file":
        yield root / target.partition("#")[0]
    elif kind == "template":
        yield from (folder / target for folder in template_folders(root))
    else:
        base = root.joinpath(*kind.split("."))
        yield from (base.with_suffix(".py"), base / "__init__.py")


@cache
def template_folders(root: Path) -> tuple[Path, ...]:
    """The folder `templates` of each app that has one."""
    return tuple(sorted(root.glob("*/templates")))


def digest(milestone: Milestone, root: Path) -> str:
    """Of everything that its code and its checks stand in: another one means that what was found out is out of date."""
    whole = hashlib.sha256()
    for file in (*code_files(milestone, root), *files_of(milestone, root)):
        written = file.stat()
        whole.update(_digest_of(file, written.st_mtime_ns, written.st_size))
    return whole.hexdigest()[:16]


@lru_cache(maxsize=512)
def _digest_of(file: Path, written: int, size: int) -> bytes:
    """Remembered for as long as nobody has written to the file: the map asks for all of them."""
    return hashlib.sha256(file.name.encode() + b"\0" + file.read_bytes()).digest()
