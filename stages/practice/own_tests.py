"""Milestones that are practised by writing tests: `tests/mine/test_*.py`, judged by the known mistakes of others."""

from collections.abc import Sequence
from pathlib import Path

from stages.catalog import Milestone
from stages.practice.putting_back import next_attempt
from stages.practice.state import STATE, State
from stages.practice.writing import carry_out

FOLDER = "tests/mine"
BEGINNING = '''\
"""My tests for milestone {number}, {title}. Each test is a function whose name begins with `test_`.

A test that reads or writes clients takes the fixture `db`. `client` is Django's test browser.
"""

from clients.models import Client  # the model that most of your tests will ask
'''


def begin(milestone: Milestone, root: Path) -> None:
    """Makes the learner's file, unless there is one already. Raises OSError."""
    state = State.read(root)
    state.own_tests.append(milestone.slug)
    changes: dict[str, bytes | None] = {STATE: state.as_bytes()}
    if not files(root):
        text = BEGINNING.format(number=milestone.number, title=milestone.title)
        changes[f"{FOLDER}/test_mine.py"] = text.encode()
    carry_out(changes, root)


def files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("test_*.py"))


def end(milestones: Sequence[Milestone], root: Path) -> list[str]:
    """Moves the learner's files to the attempts and says where. Raises OSError."""
    state, kept = State.read(root), []
    for milestone in milestones:
        if milestone.slug in state.own_tests:
            state.own_tests.remove(milestone.slug)
            attempt = next_attempt(milestone, root)
            moved: dict[str, bytes | None] = {STATE: state.as_bytes()}
            for path in files(root):
                moved[f"{attempt}/{path.name}"] = path.read_bytes()
                moved[path.relative_to(root).as_posix()] = None
            carry_out(moved, root)
            kept.append(attempt)
    return kept
