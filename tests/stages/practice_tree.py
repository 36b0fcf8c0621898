"""A copy of the project to take milestones out of, and what can be asked of it."""

import shutil
from pathlib import Path

from stages.catalog import ROOT, Milestone, catalog
from stages.practice.state import FOLDER, ORIGINALS
from tests.processes import python

PARTS = ("clients", "deploy", "docs/milestones", "mini_crm", "solutions", "stages")
FILES = ("manage.py", "docker-compose.yml", "pyproject.toml")
PRACTISED = [milestone for milestone in catalog() if milestone.practised]


def copied(root: Path) -> Path:
    """The project in this folder."""
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy2(ROOT / name, root / name)
    return root


def milestones(*names: str) -> list[Milestone]:
    return [catalog().get(name) for name in names]


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes and mode, but for what the practice itself keeps."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {FOLDER, ".results", "__pycache__"} & set(path.relative_to(root).parts)
    }


def originals(root: Path) -> list[Path]:
    """The files whose original is kept: none where nothing is taken out."""
    return [path for path in (root / ORIGINALS).rglob("*") if path.is_file()]


def write_into(path: Path, before: str, after: str) -> None:
    """As an editor does: the one place where `before` stands becomes `after`."""
    text = path.read_bytes().decode()
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path.name}"
    path.write_bytes(text.replace(before, after).encode())


def stages(root: Path, *arguments: str, **environment: str):
    """`python manage.py stages …` in the copy."""
    return python("manage.py", "stages", *arguments, cwd=root, **environment)
