"""What the skeleton of a milestone leaves to be written, named place by place."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from stages.catalog import Catalog, Milestone

UNWRITTEN = "Still to be written"
STATE = "still to be written."


def unwritten(found: Catalog, root: Path) -> Iterator[str]:
    """A line for each file, of planned milestones too, that still says so somewhere."""
    for milestone in found:
        if names := list(unwritten_fields(milestone)):
            yield f"stages/curriculum.toml: {', '.join(names)} of milestone {milestone} {STATE}"
        for path in (milestone.path_doc, milestone.test_file, milestone.mistakes_file):
            if lines := list(unwritten_lines(root / path)):
                yield f"{path.as_posix()}: line {', '.join(map(str, lines))} {STATE}"


def unwritten_fields(milestone: Milestone) -> Iterator[str]:
    for column in fields(milestone):
        value = getattr(milestone, column.name)
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and text.startswith(UNWRITTEN) for text in texts):
            yield column.name


def unwritten_lines(path: Path) -> Iterator[int]:
    if path.is_file():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if UNWRITTEN in line:
                yield number
